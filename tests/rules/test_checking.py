"""Results, waivers and their end."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from seatrial import rules
from seatrial.config import Waiver
from seatrial.errors import UsageError
from seatrial.plan import Plan
from seatrial.rules import Status

DAY = date(2026, 11, 23)
OPEN = ("put", "eks-*-lt", "metadataOptions.httpTokens", "optional")
Planted = Callable[..., Plan]


def waiver(rule: str = "NODE-01", resource: str = "*", expires: str = "2027-01-31") -> Waiver:
    return Waiver(rule=rule, resource=resource, reason="It is known and watched.", owner="team", expires=expires)


def check(planned: Plan, *waivers: Waiver, rule: str = "NODE-01") -> rules.Outcome:
    return rules.check(planned, rules.chosen([rule]), today=DAY, waivers=waivers)


def test_a_waiver_covers_what_it_names(planted: Planted) -> None:
    outcome = check(planted(OPEN), waiver(resource="eks-spot-lt-prod"))

    (result,) = outcome.results
    assert result.status is Status.FAILED
    assert [finding.name for finding in result.findings] == ["eks-ondemand-lt-prod"]
    assert [(waived.finding.name, waived.waiver.owner) for waived in result.waived] == [("eks-spot-lt-prod", "team")]
    assert outcome.findings == result.findings
    assert outcome.unused == ()


@pytest.mark.parametrize("resource", ["*", "eks-*-lt-prod", "urn:pulumi:prod::*"])
def test_a_rule_whose_findings_are_all_waived_is_waived(resource: str, planted: Planted) -> None:
    outcome = check(planted(OPEN), waiver(resource=resource))

    assert outcome.results[0].status is Status.WAIVED
    assert outcome.count(Status.WAIVED) == 1
    assert outcome.findings == ()


def test_a_waiver_counts_on_its_last_day(planted: Planted) -> None:
    assert check(planted(OPEN), waiver(expires="2026-11-23")).results[0].status is Status.WAIVED


def test_a_waiver_that_is_over_fails_with_a_message_of_its_own(planted: Planted) -> None:
    outcome = check(planted(OPEN), waiver(expires="2026-11-22"))

    (result,) = outcome.results
    assert result.status is Status.FAILED
    assert len(result.findings) == 3
    assert result.findings[0].found == "the waiver of team ended on 2026-11-22: It is known and watched."
    assert result.findings[0].urn == ""


def test_a_waiver_that_is_over_fails_even_where_nothing_is_left_to_waive(shipped: Any) -> None:
    outcome = check(shipped("prod"), waiver(expires="2026-11-22"))

    assert outcome.results[0].status is Status.FAILED
    assert outcome.unused == ()


def test_a_waiver_that_is_over_fails_a_rule_that_does_not_apply(shipped: Any) -> None:
    outcome = check(shipped("prod"), waiver(rule="NET-08", expires="2026-11-22"), rule="NET-08")

    assert outcome.results[0].status is Status.FAILED


def test_a_waiver_that_covers_nothing_is_told(shipped: Any) -> None:
    given = (waiver(), waiver(rule="CP-01"))

    outcome = check(shipped("prod"), *given)

    assert outcome.unused == given[:1]


def test_rules_run_by_id_whatever_order_they_are_asked_for_in(shipped: Any) -> None:
    planned = shipped("prod")

    outcome = rules.check(planned, reversed(rules.chosen(["NET-01", "cp-01"])), today=DAY)

    assert [result.rule.id for result in outcome.results] == ["CP-01", "NET-01"]
    assert outcome.resources == sum(each.custom for each in planned) - sum(each.is_provider for each in planned)


def test_an_unknown_rule_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"no rule NET-1; did you mean NET-01\?") as refused:
        rules.chosen(["NET-1"])

    assert refused.value.tip == "seatrial rules lists them"


def test_a_rule_that_is_nowhere_near_is_refused_without_a_guess() -> None:
    with pytest.raises(UsageError, match=r"no rule X$"):
        rules.chosen(["x"])


def test_no_ids_choose_every_rule() -> None:
    assert rules.chosen([]) == rules.every()


def test_files_are_named_after_their_rules() -> None:
    assert tuple(rule.id for rule in rules.every()) == rules.ids()


def test_rules_are_pure(shipped: Any) -> None:
    planned = shipped("dev")

    assert rules.check(planned, rules.every(), today=DAY) == rules.check(planned, rules.every(), today=DAY)
