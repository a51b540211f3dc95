"""The benchmark measures what it says, by the command line that a user has."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seatrial import rules

ROOT = Path(__file__).parents[2]


def benchmark(*options: str, environment: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, ROOT / "benchmarks/run.py", "--runs", "1", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_it_gives_the_plan_in_numbers() -> None:
    result = benchmark("--json")

    assert result.returncode == 0, result.stderr
    measured: dict[str, Any] = json.loads(result.stdout)
    plan = measured["plan"]
    assert plan["resources"] > 50
    assert plan["plan_seconds"]["minimum"] <= plan["plan_seconds"]["median"] <= plan["plan_seconds"]["maximum"]
    assert plan["plan_seconds"]["median"] / plan["baseline_seconds"]["median"] == plan["ratio"]
    assert 0 < plan["sdk_import_share"] < 1
    assert plan["peak_mib"] > 20
    assert plan["check_seconds"]["median"] / plan["baseline_seconds"]["median"] == plan["check_ratio"]
    assert measured["rehearsal"] is None
    assert measured["rules"] is None
    assert measured["scale"] == measured["peers"] == []


def test_it_gives_each_rule_each_evaluator_and_each_size() -> None:
    result = benchmark("--json", "--rules", "--scale", "--tenants", "1", "3")

    assert result.returncode == 0, result.stderr
    measured: dict[str, Any] = json.loads(result.stdout)
    assert measured["rules"]["rules"].keys() == set(rules.ids())
    assert len(measured["rules"]["evaluators"]) == 6
    few, more = measured["scale"]
    assert (few["tenants"], more["tenants"]) == (1, 3)
    assert more["resources"] > few["resources"] > 50
    both = more["plan_seconds"] + more["check_seconds"]
    assert more["milliseconds_a_resource"] == both / more["resources"] * 1000
    assert more["peak_mib"] > 20


def test_the_tables_have_a_line_for_everything() -> None:
    result = benchmark("--rules", "--scale", "--tenants", "2")

    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert {each for each in rules.ids() if any(line.startswith(each) for line in lines)} == set(rules.ids())
    assert "tenants  resources   plan s  check s  ms/resource  peak MiB" in lines
    assert any(line.split()[:1] == ["2"] for line in lines)


def test_peers_that_cannot_be_fetched_are_left_out_with_the_reason(tmp_path: Path) -> None:
    # Nothing is found, and nothing is asked on the network.
    environment = {"PATH": str(tmp_path), "PIP_NO_INDEX": "1"}
    result = benchmark("--json", "--peers", environment=environment)

    assert result.returncode == 0, result.stderr
    peers = json.loads(result.stdout)["peers"]
    assert [each["missing"] for each in peers[:2]] == ["npm isn't installed"] * 2
    assert "checkov" in peers[2]["missing"]


def test_a_stack_that_is_not_there_is_refused() -> None:
    result = benchmark("--stack", "nowhere")

    assert result.returncode == 2
    assert "there is no Pulumi.nowhere.yaml" in result.stderr
