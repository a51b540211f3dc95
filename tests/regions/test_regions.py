"""Partitions against the table that AWS ships with its SDKs."""

from typing import Any, cast

import botocore.session
import pytest

from seatrial import regions

PARTITIONS: list[dict[str, Any]] = cast("Any", botocore.session).get_session().get_data("partitions")["partitions"]


@pytest.mark.parametrize("told", PARTITIONS, ids=[told["id"] for told in PARTITIONS])
def test_a_partition_is_what_aws_says(told: dict[str, Any]) -> None:
    names = [region for region in told["regions"] if not region.endswith("-global")]

    assert {regions.partition(region) for region in names} == {told["id"]}
    assert regions.dns_suffix(told["id"]) == told["outputs"]["dnsSuffix"]
