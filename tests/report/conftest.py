"""Outcomes to write: of the shipped platform, and of one with faults, waivers and what a plan can't tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from seatrial import plan, rules
from seatrial.config import Waiver, load_platform
from seatrial.plan import Plan, Resource, Unknown

DAY = date(2026, 11, 23)
ROOT = Path(__file__).parents[2]

WAIVERS = (
    Waiver(rule="CP-07", reason="A pilot that nobody relies on yet.", owner="pilot-team", expires="2027-02-01"),
    Waiver(rule="NP-04", reason="Moving to another plugin.", owner="net-team", expires="2026-11-01"),
    Waiver(rule="NET-02", reason="It is not needed any more.", owner="net-team", expires="2027-02-01"),
)


@cache
def _shipped(stack: str) -> Plan:
    platform = load_platform(ROOT / f"Pulumi.{stack}.yaml", today=DAY)
    return plan.of_platform(platform, project="seatrial", stack=stack)


@pytest.fixture
def shipped() -> Callable[[str], Plan]:
    return _shipped


@pytest.fixture
def sound() -> rules.Outcome:
    """Everything passes or doesn't apply."""
    return rules.check(_shipped("dev"), rules.every(), today=DAY)


@pytest.fixture
def faulty_plan() -> Plan:
    shipped = _shipped("prod")
    return replace(shipped, resources=tuple(map(_faulty, shipped)))


@pytest.fixture
def faulty(faulty_plan: Plan) -> rules.Outcome:
    """A critical finding, an unknown one, an expired waiver, a valid one, and one that covers nothing."""
    return rules.check(faulty_plan, rules.every(), today=DAY, waivers=WAIVERS)


def _faulty(resource: Resource) -> Resource:
    match resource.name:
        case "eks-cluster-prod":
            return replace(
                resource, inputs={**resource.inputs, "deletionProtection": False, "zonalShiftConfig": Unknown()}
            )
        case "eks-spot-lt-prod":
            options = {"httpTokens": "optional", "httpPutResponseHopLimit": 2}
            return replace(resource, inputs={**resource.inputs, "metadataOptions": options})
        case "eks-vpc-cni-addon-prod":
            # What the shipped stack has a waiver for.
            strict = '{"enableNetworkPolicy":"true","env":{"NETWORK_POLICY_ENFORCING_MODE":"strict"}}'
            return replace(resource, inputs={**resource.inputs, "configurationValues": strict})
        case _:
            return resource
