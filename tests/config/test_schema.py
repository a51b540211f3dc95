"""The JSON Schema: current, complete, and of one mind with the models."""

import json
from datetime import date
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from seatrial.cli.schema import app
from seatrial.config import load_platform, parse_platform
from seatrial.config.schema import stack_schema
from seatrial.errors import ConfigError, UsageError

_ROOT = Path(__file__).parents[2]
_COMMITTED = _ROOT / "docs" / "platform.schema.json"
_STACKS = sorted(_ROOT.glob("Pulumi.*.yaml"))
_NEEDED = {
    "environment": "dev",
    "environmentSuffix": "dev",
    "owner": "a",
    "costCenter": "b",
    "kubernetes": {"enabled": False},
}


def _valid(document: dict[str, Any]) -> bool:
    validator: Any = jsonschema.Draft202012Validator(stack_schema())
    return bool(validator.is_valid(document))


def _stack(text: str) -> dict[str, Any]:
    return {"config": {"seatrial:platform": {**_NEEDED, **yaml.safe_load(text)}}}


def test_the_committed_schema_is_current() -> None:
    assert json.loads(_COMMITTED.read_text(encoding="utf-8")) == stack_schema()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(stack_schema())


def test_there_are_stacks() -> None:
    assert {path.name for path in _STACKS} >= {"Pulumi.dev.yaml", "Pulumi.prod.yaml"}


@pytest.mark.parametrize("path", _STACKS, ids=lambda path: path.name)
def test_shipped_stacks_are_valid_and_name_the_schema(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert _valid(yaml.safe_load(text))
    assert load_platform(path, today=date(2026, 11, 22))
    assert text.startswith(f"# yaml-language-server: $schema={_COMMITTED.relative_to(_ROOT)}\n")


@pytest.mark.parametrize(
    "text",
    [
        "{regin: x}",
        "{environmentSuffix: A}",
        "{network: {zone_count: 2}}",
        "{network: {zoneCount: 4}}",
        "{network: {nat: x}}",
        "{network: {flowLogs: {retentionDays: 31}}}",
        "{cluster: {version: 1.36}}",
        "{cluster: {version: '1'}}",
        "{encryption: {rotationDays: 1}}",
        "{nodeGroups: {}}",
        "{nodeGroups: {a: {minSize: '1'}}}",
        "{nodeGroups: {a: {taints: [{key: a, effect: NO_EXECUTE}]}}}",
        "{addons: {coredns: {replicas: 1}}}",
        "{addons: {vpcCni: {version: x}}}",
        "{kubernetes: {deployAs: 3}}",
        "{kubernetes: {loadBalancerController: {replicas: 1}}}",
        "{tenants: {a: {access: write}}}",
        "{tenants: {a: {quota: {cpu: 0.5}}}}",
        "{tenants: {a: {limits: {memoryLimit: 1G}}}}",
    ],
)
def test_schema_and_models_refuse_alike(text: str) -> None:
    document = _stack(text)

    assert not _valid(document)
    with pytest.raises(ConfigError):
        parse_platform(document["config"]["seatrial:platform"])


@pytest.mark.parametrize(
    "text", ["{}", "{addons: {coredns: {maxReplicas: null}}}", "{tags: {a: b}}", "{tenants: {a: {}}}", "{tenants: {}}"]
)
def test_schema_and_models_accept_alike(text: str) -> None:
    document = _stack(text)

    assert _valid(document)
    assert parse_platform(document["config"]["seatrial:platform"], today=date(2026, 11, 22))


def test_every_field_is_described() -> None:
    sections = cast("dict[str, dict[str, Any]]", stack_schema()["$defs"])

    for name, section in sections.items():
        assert section["description"], name
        for key, field in section.get("properties", {}).items():
            assert field["description"].endswith("."), (name, key)
            assert "title" not in field


def test_inherited_fields_are_described_where_they_are_inherited() -> None:
    sections = cast("dict[str, dict[str, Any]]", stack_schema()["$defs"])

    assert sections["VpcCni"]["properties"]["version"] == sections["Addon"]["properties"]["version"]
    assert sections["SnapshotController"]["properties"]["enabled"]["description"].startswith("Install it. Off:")


def test_the_command_prints_the_schema() -> None:
    result = CliRunner().invoke(app, [])

    assert result.exit_code == 0
    assert json.loads(result.stdout) == stack_schema()


def test_the_command_writes_what_is_committed(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--output", str(tmp_path / "schema.json")])

    assert result.exit_code == 0
    assert result.stdout == ""
    assert (tmp_path / "schema.json").read_bytes() == _COMMITTED.read_bytes()


def test_the_command_says_where_it_can_not_write(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--output", str(tmp_path / "none" / "schema.json")])

    assert isinstance(result.exception, UsageError)
    assert "there is no folder" in str(result.exception)
