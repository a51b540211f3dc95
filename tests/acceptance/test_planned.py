"""What the program itself exports passes the suite, whatever the description chooses, and is documented."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from seatrial import plan, program
from seatrial.acceptance import Status, run
from seatrial.config import parse_platform
from seatrial.plan import Secret

ROOT = Path(__file__).parents[2]


def outputs_of(stack: str, changes: Mapping[str, Any]) -> dict[str, str]:
    """Plan a stack file with changes to its sections, the tenants and what is no section replaced; take its outputs."""
    document: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    described: dict[str, Any] = document["config"]["seatrial:platform"]
    for section, values in changes.items():
        replaced = section == "tenants" or not isinstance(values, Mapping)
        described[section] = values if replaced else {**described.get(section, {}), **values}
    platform = parse_platform(described)
    planned = plan.run(lambda: program.build(platform), project="seatrial", stack=stack)
    return {key: _text(value) for key, value in planned.outputs.items()}


def _text(value: object) -> str:
    text = value.value if isinstance(value, Secret) else value
    assert isinstance(text, str)
    return text


_OFF = {"enabled": False}
_ON = {"enabled": True}
_NO_CHARTS = {"loadBalancerController": _OFF, "clusterAutoscaler": _OFF, "nodeTerminationHandler": _OFF}
_COPIES = {"imageRegistry": "000000000000.dkr.ecr.us-east-2.amazonaws.com"}
_TEAMS = {
    "shop": {"group": "sellers", "principal": "arn:aws:iam::000000000000:user/team/shop"},
    "till": {"group": "sellers", "access": "read-write", "podSecurity": "baseline"},
}


@pytest.mark.parametrize(
    ("stack", "changes", "inapplicable"),
    [
        ("dev", {}, 3),
        ("prod", {}, 3),
        ("dev", {"environmentSuffix": "pr-42", "region": "eu-central-1"}, 3),
        ("dev", {"network": {"nat": "none", "interfaceEndpoints": True}, "kubernetes": _COPIES}, 5),
        ("dev", {"network": {"nat": "regional"}}, 3),
        ("dev", {"network": {"flowLogs": {"enabled": False}}}, 5),
        ("dev", {"addons": {"metricsServer": _OFF, "snapshotController": _ON}}, 3),
        ("dev", {"addons": {"ebsCsi": _OFF}}, 7),
        ("dev", {"kubernetes": {"nodeLocalDns": _ON, "spotDemo": _ON}}, 1),
        ("dev", {"kubernetes": {"irsaDemo": _OFF, "nodeLocalDns": _ON, **_NO_CHARTS}}, 17),
        ("dev", {"kubernetes": {"irsaDemo": {"namespace": "till"}}, "tenants": _TEAMS}, 3),
        ("dev", {"kubernetes": {"irsaDemo": _OFF}, "tenants": {}}, 26),
        ("dev", {"kubernetes": _OFF}, 51),
    ],
    ids=[
        "dev",
        "prod",
        "another suffix and region",
        "no NAT",
        "regional NAT",
        "no flow logs",
        "other add-ons",
        "no volumes",
        "everything in the cluster",
        "no charts and no demonstration",
        "other tenants",
        "no tenants",
        "nothing in the cluster",
    ],
)
def test_the_program_passes(stack: str, changes: Mapping[str, Any], inapplicable: int, tmp_path: Path) -> None:
    path = tmp_path / "flat-outputs.json"
    path.write_text(json.dumps(outputs_of(stack, changes)))

    report = run(path)

    assert [f"{case.name}: {case.detail}" for case in report.cases if case.status is Status.FAILED] == []
    assert report.counts[Status.NOT_APPLICABLE] == inapplicable


def test_every_output_is_documented_and_every_documented_output_is_there() -> None:
    tables = (line for line in (ROOT / "docs/outputs.md").read_text().splitlines() if line.startswith("| `"))
    documented = {name for line in tables for name in re.findall(r"`(\w+)`", line.split("|")[1])}

    assert documented == set(outputs_of("prod", {}))
