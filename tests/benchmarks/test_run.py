"""The benchmark measures what it says, by the command line that a user has."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def benchmark(*options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, ROOT / "benchmarks/run.py", "--runs", "1", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


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
    assert measured["rehearsal"] is None


def test_a_stack_that_is_not_there_is_refused() -> None:
    result = benchmark("--stack", "nowhere")

    assert result.returncode == 2
    assert "there is no Pulumi.nowhere.yaml" in result.stderr
