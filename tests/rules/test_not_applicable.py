"""A rule that has nothing to judge says so, and why."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from seatrial import rules
from seatrial.rules import Status


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_a_plan_without_resources_has_nothing_to_judge(
    rule: rules.Rule, shipped: Any, judged: Callable[..., rules.Result]
) -> None:
    types = {resource.type for resource in shipped("prod") if resource.custom and not resource.is_provider}

    result = judged(rule.id, ("without", *types))

    assert result.status is Status.NOT_APPLICABLE
    assert result.reason
    assert not result.findings


@pytest.mark.parametrize("rule", ["CP-07", "NET-03"])
@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"Environment": "dev"}, "only asked for in production, and the tag Environment says dev"),
        ({}, "only asked for in production, and the tag Environment doesn't say production"),
    ],
)
def test_what_is_for_production_is_not_asked_elsewhere(
    rule: str, tags: Mapping[str, str], reason: str, judged: Callable[..., rules.Result]
) -> None:
    result = judged(
        rule, ("put", "eks-cluster", "tags", dict(tags)), ("put", "eks-cluster", "deletionProtection", False)
    )

    assert result.status is Status.NOT_APPLICABLE
    assert result.reason == reason


@pytest.mark.parametrize("said", ["Production", "PRD", "live"])
def test_production_is_what_the_tag_says(said: str, judged: Callable[..., rules.Result]) -> None:
    result = judged(
        "CP-07", ("put", "eks-cluster", "tags.Environment", said), ("put", "eks-cluster", "deletionProtection", False)
    )

    assert result.status is Status.FAILED


def test_a_trial_keeps_logs_as_long_as_it_likes(judged: Callable[..., rules.Result]) -> None:
    assert judged("CP-03", ("put", "eks-cluster-logs", "retentionInDays", 1), stack="dev").status is Status.PASSED
