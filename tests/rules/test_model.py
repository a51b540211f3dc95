"""A rule tells all that a person needs, and names its sources as they name themselves."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache
from typing import Any, cast

import pytest

from seatrial import rules
from seatrial.config.schema import stack_schema
from seatrial.rules import Framework, Severity, Source


@pytest.mark.parametrize("field", ["title", "needs", "why", "allowed", "remedy", "sources"])
def test_a_rule_that_tells_too_little_is_refused(field: str) -> None:
    (rule,) = rules.chosen(["CP-01"])

    with pytest.raises(ValueError, match=f"rule CP-01 lacks its {field}"):
        replace(rule, **{field: type(getattr(rule, field))()})


@pytest.mark.parametrize("id_", ["CP", "cp-01", "CP-1", "CP-001"])
def test_an_id_is_letters_and_two_digits(id_: str) -> None:
    (rule,) = rules.chosen(["CP-01"])

    with pytest.raises(ValueError, match="is no rule id"):
        replace(rule, id=id_)


@pytest.mark.parametrize(
    ("framework", "id_"),
    [
        (Framework.CIS_EKS, "1.1"),
        (Framework.FSBP, "eks"),
        (Framework.PCI, "x"),
        (Framework.CHECKOV, "CKV_1"),
        (Framework.TRIVY, "AVD-1"),
        (Framework.NSA, "66"),
        (Framework.ISSUE, "#1"),
    ],
)
def test_what_is_no_id_of_a_framework_is_refused(framework: Framework, id_: str) -> None:
    with pytest.raises(ValueError, match="is no id of"):
        Source(framework, id_)


def test_a_source_writes_itself() -> None:
    assert str(Source(Framework.FSBP, "EKS.1")) == "AWS FSBP EKS.1"


def test_severities_are_ranked_worst_first() -> None:
    assert sorted(Severity, key=lambda severity: severity.rank) == list(Severity)


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_texts_are_sentences_without_a_stop_and_reasons_with_one(rule: rules.Rule) -> None:
    assert not rule.title.endswith(".")
    assert not rule.allowed.endswith(".")
    assert not rule.remedy.endswith(".")
    assert rule.why.endswith(".")
    assert len(set(rule.sources)) == len(rule.sources)


def test_data_can_not_be_changed() -> None:
    def frozen() -> Iterator[bool]:
        for type_ in (rules.Rule, rules.Finding, rules.Result, rules.Outcome, rules.Observation, Source):
            yield type_.__dataclass_params__.frozen  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType] (set by the decorator)
            assert fields(type_)

    assert all(frozen())


SETTING = re.compile(r"[a-z]\w*(\.\w+)*")
DOCUMENTS = {"trust.service", "trust.service_account", "trust.service_for"}
"""What remedies name beside settings: functions for who adds to the program."""


@cache
def definitions() -> dict[str, Any]:
    schema: Any = stack_schema()
    return schema["$defs"]


def below(node: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Give what a setting may be: NAME stands for a name that the user chooses."""
    kinds = [node, *node.get("anyOf", ()), *node.get("allOf", ())]
    kinds += [definitions()[each["$ref"].rpartition("/")[2]] for each in kinds if "$ref" in each]
    found = [
        each.get("additionalProperties") if key == "NAME" else each.get("properties", {}).get(key) for each in kinds
    ]
    return [cast("dict[str, Any]", each) for each in found if isinstance(each, dict)]


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_settings_that_a_remedy_names_are_in_the_schema(rule: rules.Rule) -> None:
    named = {word.partition(":")[0] for word in re.findall(r"`([^`]+)`", rule.remedy + rule.allowed)}
    settings = {each for each in named if SETTING.fullmatch(each)} - DOCUMENTS

    for setting in settings:
        first, *others = setting.split(".")
        found = below(definitions()["Platform"], first)
        if not others and not found:
            found = [each for kind in definitions().values() for each in below(kind, first)]
        for key in others:
            found = [each for node in found for each in below(node, key)]
        assert found, f"{rule.id} names {setting}, which is no setting"
