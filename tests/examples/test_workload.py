"""The example of a workload of one's own: proved as it stands, and rehearsed."""

import json
import shutil
import subprocess
import sys
from collections.abc import Generator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import plan, rules
from seatrial.config import load_platform
from seatrial.plan import Plan
from seatrial.project import find_project
from seatrial.rehearsal import processes
from seatrial.rehearsal.account import client
from seatrial.rehearsal.state import folder_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "workload"
OWN = {"serviceaccount", "deployment", "service", "poddisruptionbudget"}


def planned(folder: Path) -> Plan:
    project = find_project(folder)
    return plan.of_project(project, "dev", load_platform(project.stack_file("dev")))


@pytest.fixture
def copy(tmp_path: Path) -> Generator[Path]:
    folder = tmp_path / "workload"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".seatrial", "cfn-outputs", "__pycache__"))
    yield folder
    state = folder_of(folder, "dev")
    if state.exists():
        processes.kill(state.processes)
        client.stop(state.account)


def test_every_control_passes() -> None:
    outcome = rules.check(planned(EXAMPLE), rules.every(), today=date(2026, 11, 27), waivers=())

    assert outcome.findings == ()


def test_the_workload_comes_after_its_namespace_and_policies_and_goes_with_it() -> None:
    found = {resource.name: resource for resource in planned(EXAMPLE)}

    for kind in OWN:
        resource = found[f"web-web-{kind}-demo"]
        assert found["web-namespace-demo"].urn in resource.dependencies
        assert any("default-deny" in urn for urn in resource.dependencies)
        assert resource.deleted_with == found["web-namespace-demo"].urn


@pytest.mark.parametrize(
    ("kind", "path", "rule"),
    [
        ("Deployment", ("spec", "template", "spec", "containers", 0, "readinessProbe"), "POD-05"),
        ("Deployment", ("spec", "template", "spec", "containers", 0, "resources"), "POD-04"),
        ("Deployment", ("spec", "template", "spec", "securityContext"), "POD-03"),
        ("PodDisruptionBudget", ("spec", "unhealthyPodEvictionPolicy"), "HA-03"),
    ],
)
def test_a_fault_of_the_workload_is_found(copy: Path, kind: str, path: tuple[Any, ...], rule: str) -> None:
    file = copy / "web.yaml"
    manifests: list[Any] = list(yaml.safe_load_all(file.read_text()))
    place: Any = next(each for each in manifests if each["kind"] == kind)
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    file.write_text(yaml.safe_dump_all(manifests))

    outcome = rules.check(planned(copy), rules.every(), today=date(2026, 11, 27), waivers=())

    assert rule in {finding.rule for finding in outcome.findings}
    assert all("web-web-" in finding.urn for finding in outcome.findings)


@pytest.mark.rehearsal
def test_it_is_rehearsed(copy: Path) -> None:
    assert "dev is up" in _seatrial(copy, "rehearse", "up")
    assert "0 failed" in _seatrial(copy, "rehearse", "test")
    assert "nothing changed" in _seatrial(copy, "rehearse", "up")
    document = json.loads(_seatrial(copy, "plan", "--format", "json"))
    assert len([each for each in document["resources"] if each["name"].startswith("web-web-")]) == len(OWN)
    assert "left in the account" not in _seatrial(copy, "rehearse", "down")


def _seatrial(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "seatrial.cli", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
