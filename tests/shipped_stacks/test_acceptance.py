"""The acceptance suite, which reads nothing but the outputs, on what was deployed; and a second deployment."""

from typing import Any

import pytest

pytestmark = pytest.mark.rehearsal


def test_the_acceptance_suite_passes(running: Any) -> None:
    said = running.seatrial("test", "--outputs", str(running.folder / f"{running.stack}.json"))

    summary = said.splitlines()[-1]
    assert " 0 failed" in summary
    assert int(summary.split()[0]) >= 70


def test_a_second_deployment_changes_nothing(running: Any) -> None:
    said = running.seatrial("up", "--outputs", str(running.folder / f"{running.stack}.json"))

    assert f"{running.stack} is up: nothing changed" in said


def test_the_status_tells_of_the_cluster(running: Any) -> None:
    said = running.seatrial("status")

    assert f"{running.outputs['clusterName']} ACTIVE at {running.outputs['clusterEndpoint']}, Kubernetes 1.36" in said
