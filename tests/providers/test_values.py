"""Values between the engine, the provider and AWS."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi.provider.experimental.property_value import PropertyValue

from seatrial.rehearsal.providers.aws.schema import Kind
from seatrial.rehearsal.providers.aws.shapes import scalar
from seatrial.rehearsal.providers.aws.spelling import match
from seatrial.rehearsal.providers.paths import shown
from seatrial.rehearsal.providers.values import (
    UNKNOWN,
    holds_unknown,
    plain_values,
    property_value,
    property_values,
    secrets,
)

SCALARS = st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.just(UNKNOWN)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=3))
def test_values_survive_the_way_to_the_engine_and_back(values: dict[str, Any]) -> None:
    wired = PropertyValue.unmarshal_map(PropertyValue.marshal_map(property_values(values)))

    assert plain_values(wired) == values


def test_secrets_are_found_at_any_depth() -> None:
    values = {
        "plain": property_value(1),
        "hidden": property_value("x").with_secret(is_secret=True),
        "nested": PropertyValue({"inner": PropertyValue([property_value("x").with_secret(is_secret=True)])}),
    }

    assert secrets(values, {"other": property_value(2)}) == {"hidden", "nested"}
    assert property_values({"hidden": "x"}, {"hidden"})["hidden"].is_secret


def test_nothing_and_fractions() -> None:
    assert plain_values({"none": PropertyValue(None), "half": PropertyValue(0.5)}) == {"half": 0.5}
    assert property_value(None).value is None


def test_unknown_prints_as_what_it_is() -> None:
    assert str(UNKNOWN) == "(known after deployment)"
    assert holds_unknown({"a": [1, {"b": UNKNOWN}]})
    assert not holds_unknown({"a": [1, {"b": None}]})


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (Kind.STRING, True, "true"),
        (Kind.STRING, 3, "3"),
        (Kind.STRING, datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00Z"),
        (Kind.INTEGER, "3", 3),
        (Kind.INTEGER, 3.0, 3),
        (Kind.INTEGER, "many", "many"),
        (Kind.BOOLEAN, "True", True),
        (Kind.BOOLEAN, False, False),
        (Kind.NUMBER, 0.5, 0.5),
    ],
)
def test_scalar_takes_the_form_that_the_schema_wants(kind: Kind, value: Any, expected: Any) -> None:
    converted = scalar(kind, value)

    assert (converted, type(converted)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("subnetIds", ["SubnetIds", "SubnetId"], "SubnetIds"),
        ("identities", ["identity"], "identity"),
        ("regionalNatGatewayAddresses", ["RegionalNatGatewayAddress"], "RegionalNatGatewayAddress"),
        ("address", ["Addresses"], "Addresses"),
        ("vpcId", ["VpcName"], None),
    ],
)
def test_names_are_matched(name: str, candidates: list[str], found: str | None) -> None:
    assert match(name, candidates) == found


@pytest.mark.parametrize(
    ("path", "key", "text"), [("tags", "Name", "tags.Name"), ("tags", "a/b", 'tags["a/b"]'), ("", "name", "name")]
)
def test_paths_are_shown_as_pulumi_prints_them(path: str, key: str, text: str) -> None:
    assert shown(path, key) == text
