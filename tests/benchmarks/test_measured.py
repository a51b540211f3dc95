"""Which part of a rehearsal a process belongs to is told by its command line."""

import runpy
from pathlib import Path

import pytest

PART = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "measured.py"))["part"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("/v/bin/python -m seatrial.rehearsal.account --state-dir /a", "account"),
        ("/v/bin/python -P -m seatrial.rehearsal.providers.aws 127.0.0.1:1", "providers"),
        ("/v/bin/python -P -m seatrial.rehearsal.providers.kubernetes 127.0.0.1:1", "providers"),
        ("/v/bin/python /tools/aws eks get-token", "providers"),
        ("/tools/helm upgrade --install", "providers"),
        ("/tools/kube-apiserver --secure-port=1", "control plane"),
        ("/tools/kwok --config=x", "control plane"),
        ("/tools/pulumi up", "engine"),
        ("/v/bin/python -m seatrial.cli rehearse up", "command"),
    ],
)
def test_every_process_counts_for_its_part(command: str, expected: str) -> None:
    assert PART(command.split()) == expected
