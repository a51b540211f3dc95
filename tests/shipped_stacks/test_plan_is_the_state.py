"""The plan is the truth: it equals the real engine's state, once the account's ids stand in for the plan's."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.rehearsal.state import StateFolder

Resource = Mapping[str, Any]

_OIDC = "eks-oidc-provider-"
"""The provider whose URL is an id that EKS makes: the control plane's issuer."""


_KUBERNETES = "pulumi:providers:kubernetes"
"""The provider that names the cluster by its endpoint."""

_SECRET = "[secret]"
"""What a plan shows of a secret, which the state keeps encrypted."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""Key that marks such a value in the state."""


def _plan(folder: Path, stack: str) -> dict[str, Resource]:
    command = [sys.executable, "-m", "seatrial.cli", "plan", "--stack", stack, "--format", "json"]
    printed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    return {resource["urn"]: resource for resource in json.loads(printed)["resources"]}


def _state(folder: StateFolder, stack: str) -> dict[str, Resource]:
    (file,) = folder.backend.glob(f".pulumi/stacks/*/{stack}.json")
    checkpoint = json.loads(file.read_text())["checkpoint"]["latest"]
    return {resource["urn"]: resource for resource in checkpoint["resources"]}


def _renamings(state: Mapping[str, Resource], plan: Mapping[str, Resource]) -> Iterator[tuple[str, str]]:
    """Pair what the plan made up with what the account named: ids, issuer, endpoint, account."""
    for urn, resource in plan.items():
        if resource["id"]:
            yield resource["id"], state[urn]["id"]
        if f"::{_OIDC}" in urn:
            yield _issuer(resource), _issuer(state[urn])
        if resource["type"] == _KUBERNETES:
            yield resource["inputs"]["clusterIdentifier"], state[urn]["inputs"]["clusterIdentifier"]
    yield "123456789012", "000000000000"


def _issuer(provider: Resource) -> str:
    return provider["inputs"]["url"].removeprefix("https://")


def _renamed(value: object, renamings: list[tuple[str, str]]) -> Any:
    text = json.dumps(value, sort_keys=True)
    for planned, found in renamings:
        text = text.replace(planned, found)
    return json.loads(text)


def _edges(resource: Resource) -> dict[str, Any]:
    properties: Mapping[str, list[str]] = resource.get("propertyDependencies") or {}
    return {
        "type": resource["type"],
        "custom": resource["custom"],
        "parent": resource.get("parent") or "",
        "dependencies": sorted(resource.get("dependencies") or []),
        "propertyDependencies": {name: sorted(urns) for name, urns in properties.items() if urns},
        "protect": resource.get("protect", False),
        "retainOnDelete": resource.get("retainOnDelete", False),
        "deletedWith": resource.get("deletedWith") or "",
    }


def _inputs(resource: Resource) -> dict[str, Any]:
    # The engine keeps notes of its own under names that begin with two underscores.
    inputs = {name: value for name, value in resource.get("inputs", {}).items() if not name.startswith("__")}
    return {
        name: _SECRET if isinstance(value, dict) and _SIGNATURE in value else value for name, value in inputs.items()
    }


@pytest.mark.rehearsal
def test_the_plan_of_a_shipped_stack_is_the_state_that_the_engine_makes(running: Any) -> None:
    plan, state = _plan(running.folder, running.stack), _state(running.state, running.stack)

    assert state.keys() == plan.keys()
    assert {urn: _edges(state[urn]) for urn in state} == {urn: _edges(plan[urn]) for urn in plan}
    # Longest first: one id can be the beginning of another.
    renamings = sorted(_renamings(state, plan), key=lambda pair: len(pair[0]), reverse=True)
    planned = {urn: _renamed(_inputs(resource), renamings) for urn, resource in plan.items()}
    assert planned == {urn: _inputs(resource) for urn, resource in state.items()}
