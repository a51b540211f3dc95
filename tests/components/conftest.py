"""Plans of whole platforms, and of single components, under the project's own fake cloud."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from json import dumps, loads
from typing import Any, TypeAlias

import pytest
from pulumi_aws.provider import Provider

from seatrial import plan
from seatrial.components.environment import EnvironmentArgs
from seatrial.config import parse_platform
from seatrial.plan import Plan
from seatrial.program import build

Planned: TypeAlias = Callable[..., Plan]
Registered: TypeAlias = Callable[[Callable[[EnvironmentArgs, Provider], object]], Plan]

BASE: dict[str, Any] = {
    "environment": "test",
    "environmentSuffix": "test",
    "owner": "team",
    "costCenter": "cc",
    "kubernetes": {"enabled": False},
    "tags": {"Extra": "yes"},
}

ADMIN = "arn:aws:iam::123456789012:role/ops"

WHOLE: dict[str, Any] = {
    "network": {"interfaceEndpoints": True},
    "cluster": {"admins": {"ops": ADMIN}},
    "addons": {"snapshotController": {"enabled": True}},
    "kubernetes": {
        "nodeLocalDns": {"enabled": True},
        "irsaDemo": {"testPod": True},
        "spotDemo": {"enabled": True},
    },
    "tenants": {
        "dev": {
            "podSecurity": "baseline",
            "access": "read-write",
            "principal": "arn:aws:iam::123456789012:role/developers",
        },
        "prod": {"principal": "arn:aws:iam::123456789012:role/operators"},
    },
}
"""Sections of a platform that has everything there is."""


@pytest.fixture
def everything() -> dict[str, Any]:
    """Return the sections of a platform that has everything there is."""
    return deepcopy(WHOLE)


@pytest.fixture
def whole(planned: Planned, everything: dict[str, Any]) -> Plan:
    """Plan everything that a platform can have."""
    return planned(**everything)


@pytest.fixture
def planned() -> Planned:
    """Plan a platform, its description given by sections on top of the least that one needs."""

    def make(*, preview: bool = False, **sections: object) -> Plan:
        return _plan(dumps(sections, sort_keys=True), preview)

    return make


@cache
def _plan(sections: str, preview: bool) -> Plan:
    document: Mapping[str, object] = {**deepcopy(BASE), **loads(sections)}
    return plan.run(lambda: build(parse_platform(document)), project="seatrial", stack="test", preview=preview)


@pytest.fixture
def shared() -> EnvironmentArgs:
    return {
        "environment_suffix": "test",
        "account": {
            "partition": "aws",
            "dns_suffix": "amazonaws.com",
            "account_id": "123456789012",
            "region": "us-east-2",
        },
        "tags": {"Extra": "yes"},
    }


@pytest.fixture
def registered(shared: EnvironmentArgs) -> Registered:
    """Plan what a function registers, given the shared inputs of components and the provider to use."""

    def make(register: Callable[[EnvironmentArgs, Provider], object]) -> Plan:
        def program() -> None:
            register(shared, Provider("aws-test", region="us-east-2"))

        return plan.run(program, project="seatrial", stack="test")

    return make
