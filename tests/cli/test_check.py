"""``seatrial check`` and ``seatrial rules`` as a user sees them."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from seatrial.cli import check, rules
from seatrial.errors import ConfigError, UsageError
from seatrial.plan import lazy_sdk

Invoke = Callable[..., Result]
Describe = Callable[..., None]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def describe(tmp_path: Path) -> Describe:
    """Write a project with the stack dev."""

    def write(**sections: object) -> None:
        document = {
            "environment": "dev",
            "environmentSuffix": "dev",
            "owner": "o",
            "costCenter": "c",
            "kubernetes": {"enabled": False},
            **sections,
        }
        config: Mapping[str, Any] = {"config": {"seatrial:platform": document}}
        (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(config))

    return write


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, describe: Describe) -> Invoke:
    """Run the command in a project."""
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(tmp_path)
    describe()

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(check.app, arguments)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def test_all_is_well(invoke: Invoke) -> None:
    result = invoke()

    assert result.exit_code == 0
    assert result.stdout.startswith("shop/dev, ")
    assert ": all is well: " in result.stdout


def test_findings_are_written_and_end_in_1(invoke: Invoke, describe: Describe) -> None:
    describe(network={"flowLogs": {"enabled": False}})

    result = invoke()

    assert result.exit_code == 1
    assert "MEDIUM  NET-04  VPC flow logs record all traffic" in result.stdout
    assert "1 rule failed with 1 finding" in result.stdout


def test_one_rule_can_be_asked_for(invoke: Invoke, describe: Describe) -> None:
    describe(network={"flowLogs": {"enabled": False}})

    result = invoke("--rule", "CP-01", "--rule", "cp-02")

    assert result.exit_code == 0
    assert "all is well: 2 passed" in result.stdout


def test_the_evidence_is_shown_when_asked_for(invoke: Invoke) -> None:
    assert "PASSED  CP-01" in invoke("--verbose", "--rule", "CP-01").stdout


def test_a_waiver_of_the_description_covers_a_finding(invoke: Invoke, describe: Describe) -> None:
    waiver = {"rule": "NET-04", "reason": "The trial lives a week.", "owner": "team", "expires": "2999-12-31"}
    describe(network={"flowLogs": {"enabled": False}}, waivers=[waiver])

    result = invoke()

    assert result.exit_code == 0
    assert "WAIVED  NET-04" in result.stdout


def test_a_waiver_that_is_over_fails(invoke: Invoke, describe: Describe) -> None:
    waiver = {"rule": "NET-04", "reason": "The trial lives a week.", "owner": "team", "expires": "2020-01-01"}
    describe(waivers=[waiver])

    assert invoke().exit_code == 1


def test_a_waiver_of_no_rule_is_refused(invoke: Invoke, describe: Describe) -> None:
    waiver = {"rule": "NET-99", "reason": "The trial lives a week.", "owner": "team", "expires": "2999-12-31"}
    describe(waivers=[waiver])

    with pytest.raises(ConfigError) as refused:
        invoke()

    (fault,) = refused.value.faults
    assert (fault.path, fault.found, fault.allowed) == ("waivers[0].rule", "NET-99", "the id of a rule")
    assert fault.hint.startswith("did you mean NET-")


@pytest.mark.parametrize(
    ("format_", "beginning"),
    [
        ("text", "shop/dev, "),
        ("json", '{\n  "project"'),
        ("sarif", '{\n  "$schema"'),
        ("junit", "<?xml"),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_every_format_can_be_asked_for(format_: str, beginning: str, invoke: Invoke) -> None:
    assert invoke("--format", format_).stdout.startswith(beginning)


def test_a_report_can_go_into_a_file(invoke: Invoke, describe: Describe, tmp_path: Path) -> None:
    describe(network={"flowLogs": {"enabled": False}})

    result = invoke("--format", "json", "--output", str(tmp_path / "report.json"))

    assert result.exit_code == 1
    assert json.loads((tmp_path / "report.json").read_text())["findings"] == 1
    assert result.stdout == ""
    assert "1 rule failed with 1 finding" in result.stderr


def test_a_file_that_can_not_be_written_is_refused(invoke: Invoke, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't write"):
        invoke("--output", str(tmp_path / "none/report.json"))


def test_a_folder_is_no_file(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(UsageError, match="can't write"):
        invoke("--output", str(tmp_path / "folder"))

    assert sorted(path.name for path in tmp_path.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml", "folder"]


def test_an_unknown_rule_is_refused(invoke: Invoke) -> None:
    with pytest.raises(UsageError, match="no rule CP-00"):
        invoke("--rule", "CP-00")


@pytest.mark.parametrize(
    ("written", "meant"), [("CP-1", "CP-01"), ("cp-3", "CP-03"), ("CP01", "CP-01"), ("NODE-O1", "NODE-01")]
)
def test_the_rule_that_was_meant_is_named(invoke: Invoke, written: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean {meant}"):
        invoke("--rule", written)


def test_the_rules_are_listed() -> None:
    listed = CliRunner().invoke(rules.app, []).stdout

    assert listed.startswith("CP-01    critical  ")


def test_the_rules_go_into_a_file(tmp_path: Path) -> None:
    target = tmp_path / "rules.json"

    CliRunner().invoke(rules.app, ["--format", "json", "--output", str(target)])

    assert json.loads(target.read_text())[0]["id"] == "CP-01"


def test_the_rules_are_written_as_the_reference() -> None:
    assert CliRunner().invoke(rules.app, ["--format", "markdown"]).stdout == (ROOT / "docs/controls.md").read_text()


def test_the_command_line_ends_with_the_code() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "seatrial.cli", "check", "--stack", "prod", "--project", str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert ": all is well: " in done.stdout
