"""The report that a person reads."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from seatrial import rules
from seatrial.plan import Plan
from seatrial.report import Format, render, text
from seatrial.rules import Status


def test_one_line_says_that_all_is_well(sound: rules.Outcome) -> None:
    passed, not_applicable = sound.count(Status.PASSED), sound.count(Status.NOT_APPLICABLE)

    assert passed + not_applicable == len(rules.ids())
    assert text.render(sound) == (
        f"seatrial/dev, {sound.resources} resources: all is well: {passed} passed, {not_applicable} not applicable\n"
    )


def test_nothing_to_check_is_well() -> None:
    nothing = rules.Outcome(project="p", stack="s", day=date(2026, 11, 23), resources=1, results=())

    assert text.render(nothing) == "p/s, 1 resource: all is well: no rule\n"


def test_findings_stand_worst_first_and_the_count_last(faulty: rules.Outcome) -> None:
    lines = text.render(faulty).splitlines()

    titles = [line.split("  ")[:2] for line in lines if line and not line.startswith(" ")]
    assert titles[:-1] == [
        ["CRITICAL", "NODE-01"],
        ["HIGH", "NP-04"],
        ["MEDIUM", "CP-11"],
        ["WAIVED", "CP-07"],
        ["waiver of NET-02 for * covers nothing: it can go"],
    ]
    passed, not_applicable = faulty.count(Status.PASSED), faulty.count(Status.NOT_APPLICABLE)
    assert lines[-1] == (
        f"seatrial/prod, {faulty.resources} resources: 3 rules failed with 4 findings; "
        f"{passed} passed, 1 waived, {not_applicable} not applicable"
    )


def test_a_finding_tells_what_was_found_and_how_to_mend_it(faulty: rules.Outcome) -> None:
    report = text.render(faulty)

    assert (
        "  eks-spot-lt-prod metadataOptions.httpTokens\n"
        '    found    "optional"\n'
        "    allowed  required\n"
        "\n"
        "  eks-spot-lt-prod metadataOptions.httpPutResponseHopLimit\n"
        "    found    2\n"
        "    allowed  1\n"
        "\n"
        "  mend     the platform sets both; use roles of service accounts"
    ) in report


def test_what_is_so_for_all_findings_is_said_once(faulty: rules.Outcome) -> None:
    assert text.render(faulty).count("  mend     the platform sets both") == 1


def test_what_is_allowed_by_the_rule_is_said_once_too(faulty: rules.Outcome) -> None:
    result = next(each for each in faulty.results if each.findings)
    plain = tuple(replace(each, allowed=result.rule.allowed) for each in result.findings)

    report = text.render(replace(faulty, results=(replace(result, findings=plain),), unused=()))

    assert report.count("  allowed  ") == 1
    assert f"\n  allowed  {result.rule.allowed.split()[0]}" in report


def test_what_differs_is_said_with_the_finding(faulty: rules.Outcome) -> None:
    report = text.render(faulty)

    assert (
        "  the description waivers[NP-04 *].expires\n    found    the waiver of net-team ended on 2026-11-01" in report
    )
    assert "    mend     mend what was waived and remove the waiver" in report


def test_what_a_plan_can_not_prove_is_told_as_such(faulty: rules.Outcome) -> None:
    assert "    found    only known after a deployment (a plan can't prove it)\n" in text.render(faulty)


def test_a_waived_finding_names_its_owner(faulty: rules.Outcome) -> None:
    expected = (
        "WAIVED  CP-07  eks-cluster-prod deletionProtection, until 2027-02-01 by pilot-team\n  A pilot that nobody"
    )

    assert expected in text.render(faulty)


def test_the_evidence_is_shown_when_asked_for(faulty: rules.Outcome) -> None:
    report = text.render(faulty, verbose=True)

    assert (
        "PASSED  CP-02  All five types of control-plane log are on\n  eks-cluster-prod enabledClusterLogTypes: ["
        in report
    )
    assert "NOT APPLICABLE  NET-08  No network ACL admits" in report
    assert "\n  the plan doesn't have a network ACL\n" in report
    assert "PASSED" not in text.render(faulty)


def test_lines_are_broken_between_words(faulty: rules.Outcome) -> None:
    narrow = text.render(faulty, width=60).splitlines()[:-1]

    assert all(len(line) <= 60 for line in narrow if line.startswith(("    found", "  A pod")))


def test_color_is_for_terminals(faulty: rules.Outcome, sound: rules.Outcome) -> None:
    assert "\x1b[1;31mCRITICAL\x1b[0m  NODE-01" in text.render(faulty, color=True)
    assert text.render(sound, color=True).startswith("\x1b[1;32m")
    assert "\x1b" not in text.render(faulty)


def test_a_colored_report_says_the_same(faulty: rules.Outcome) -> None:
    colored = text.render(faulty, color=True, verbose=True)

    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == text.render(faulty, verbose=True)


def test_plain_text_is_a_format(sound: rules.Outcome, shipped: Callable[[str], Plan]) -> None:
    assert render(sound, shipped("dev"), Format.TEXT) == text.render(sound)
