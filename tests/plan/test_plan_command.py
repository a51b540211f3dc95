"""``seatrial plan`` as a user sees it."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from typer.testing import CliRunner

from seatrial import program
from seatrial.cli.plan import app
from seatrial.config import Platform
from seatrial.errors import ConfigError, UsageError
from seatrial.plan import lazy_sdk

Invoke = Callable[..., str]


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch, project: Path) -> Invoke:
    """Run the command in the project and return what it prints on stdout."""
    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.chdir(project)

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments)
        if result.exception:
            raise result.exception
        return result.stdout

    return run


def test_the_dev_stack_is_planned_as_a_table_unless_told_otherwise(invoke: Invoke) -> None:
    assert invoke().startswith("shop/dev: ")


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("table", "shop/prod: "),
        ("json", '{\n  "project": "shop"'),
        ("dot", 'digraph "shop-prod"'),
        ("mermaid", "---\n"),
    ],
)
def test_every_format_can_be_asked_for(invoke: Invoke, name: str, beginning: str) -> None:
    assert invoke("--stack", "prod", "--format", name).startswith(beginning)


@pytest.mark.parametrize("name", ["dot", "mermaid"])
def test_drawings_are_of_the_architecture_unless_dependencies_are_wanted(invoke: Invoke, name: str) -> None:
    architecture, dependencies = invoke("--format", name), invoke("--format", name, "--draw", "dependencies")

    assert "us-east-2a" in architecture
    assert "AWS and the world outside" in architecture
    assert "RouteTableAssociation" in dependencies
    assert "RouteTableAssociation" not in architecture


def test_a_project_elsewhere_can_be_named(invoke: Invoke, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")

    assert invoke("--project", str(project)).startswith("shop/dev: ")


def test_a_plan_can_be_written_to_a_file(invoke: Invoke, project: Path) -> None:
    file = project / "plan.json"
    file.write_text("old")

    assert invoke("--format", "json", "--output", str(file)) == ""
    assert json.loads(file.read_text())["project"] == "shop"
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert sorted(path.name for path in project.iterdir()) == [
        "Pulumi.dev.yaml",
        "Pulumi.prod.yaml",
        "Pulumi.yaml",
        "plan.json",
    ]


@pytest.mark.parametrize(
    "name", ["missing/plan.json", "folder", "n" * 300], ids=["folder that isn't there", "folder", "long"]
)
def test_a_file_that_cannot_be_written_is_refused(invoke: Invoke, project: Path, name: str) -> None:
    (project / "folder").mkdir()

    with pytest.raises(UsageError, match="can't write"):
        invoke("--output", name)

    assert not list(project.glob(".*"))


def test_an_unknown_stack_is_refused(invoke: Invoke) -> None:
    with pytest.raises(UsageError, match="the stacks are: dev, prod"):
        invoke("--stack", "qa")


def test_a_wrong_description_is_refused(invoke: Invoke, project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("config:\n  seatrial:platform:\n    environment: dev\n")

    with pytest.raises(ConfigError, match="costCenter"):
        invoke()


def test_warnings_of_the_program_go_to_stderr(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    def build(platform: Platform) -> dict[str, str]:
        pulumi.log.warn("mind the gap")
        return {"region": platform.region}

    monkeypatch.setattr(lazy_sdk, "install", lambda: None)
    monkeypatch.setattr(program, "build", build)
    result = CliRunner().invoke(app, ["--project", str(project), "--format", "json"])

    assert result.stderr == "warning: mind the gap\n"
    assert json.loads(result.stdout)["outputs"] == {"region": "us-east-2"}


def test_a_plan_needs_no_environment_and_leaves_no_trace(project: Path) -> None:
    misleading = {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "PULUMI_CONFIG": "{", "AWS_REGION": "x"}
    coverage = {name: value for name, value in os.environ.items() if name.startswith("COV")}
    command = [sys.executable, "-m", "seatrial.cli", "plan", "--format", "json"]

    runs = [
        subprocess.run(command, cwd=project, env={**more, **coverage}, capture_output=True, text=True, check=True)
        for more in ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", **misleading})
    ]

    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stderr == runs[1].stderr == ""
    assert json.loads(runs[0].stdout)["outputs"]["region"] == "us-east-2"
    assert sorted(path.name for path in project.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.yaml"]
