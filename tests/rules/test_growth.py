"""What the rules cost grows with the plan, not with its square."""

import cProfile
import pstats
from collections.abc import Callable, Mapping
from datetime import date
from typing import cast

import pytest

from seatrial import rules
from seatrial.plan import Plan

FEW, SOME, MANY = 5, 10, 15
"""Namespaces, at equal distances."""

ADMIN = "arn:aws:iam::123456789012:role/admin"


def _calls(planned: Plan) -> int:
    profile = cProfile.Profile()
    profile.runcall(rules.check, planned, rules.every(), today=date(2026, 11, 23))
    return cast("int", vars(pstats.Stats(profile))["total_calls"])


@pytest.mark.usefixtures("no_garbage")
def test_as_many_namespaces_again_cost_as_much_again(described: Callable[[Mapping[str, object]], Plan]) -> None:
    def planned(number: int) -> Plan:
        return described(
            {
                "environment": "prod",
                "environmentSuffix": "prod",
                "owner": "team",
                "costCenter": "cc",
                "cluster": {"admins": {"admin": ADMIN}},
                "kubernetes": {"irsaDemo": {"enabled": False}},
                "tenants": {f"team-{index}": {"principal": f"{ADMIN}-{index}"} for index in range(number)},
            }
        )

    plans = [planned(number) for number in (FEW, SOME, MANY)]
    # Once for what is read when it is first asked for.
    _calls(plans[0])
    few, some, many = map(_calls, plans)

    # 2 for what is linear, 2.67 for the square.
    assert (many - few) / (some - few) < 2.2
