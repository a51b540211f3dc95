"""What a plan costs grows with what is described, not with its square."""

import cProfile
import pstats
from typing import cast

import pytest

from seatrial import plan
from seatrial.config import parse_platform

FEW, SOME, MANY = 5, 15, 25
"""Tenants, at equal distances."""


def calls(tenants: int) -> int:
    nothing: dict[str, object] = {}
    platform = parse_platform(
        {
            "environment": "dev",
            "environmentSuffix": "dev",
            "owner": "team",
            "costCenter": "cc",
            "cluster": {"admins": {"admin": "arn:aws:iam::123456789012:role/admin"}},
            "kubernetes": {"irsaDemo": {"enabled": False}},
            "tenants": {f"team-{index}": nothing for index in range(tenants)},
        }
    )
    profile = cProfile.Profile()
    profile.runcall(plan.of_platform, platform, project="seatrial", stack="dev")
    return cast("int", vars(pstats.Stats(profile))["total_calls"])


@pytest.fixture(autouse=True)
def _warm() -> None:
    """Plan once: what is imported and read when it is first needed doesn't count."""
    calls(1)


@pytest.mark.usefixtures("no_garbage")
def test_as_many_tenants_again_cost_as_much_again() -> None:
    few, some, many = map(calls, (FEW, SOME, MANY))

    # 2 for what is linear; 2.5 for the square.
    assert (many - few) / (some - few) < 2.2
