"""Functions that are answered from the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from seatrial.rehearsal.providers.refusals import ProviderFault

if TYPE_CHECKING:
    from conftest import Driver


def test_caller_is_told(driver: Driver) -> None:
    told = driver.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})

    assert (told["accountId"], told["arn"]) == ("000000000000", "arn:aws:iam::000000000000:root")


def test_partition_is_told(driver: Driver) -> None:
    told = driver.invoke("aws:index/getPartition:getPartition", {"region": "cn-north-1"})

    assert told == {
        "partition": "aws-cn",
        "dnsSuffix": "amazonaws.com.cn",
        "reverseDnsPrefix": "cn.com.amazonaws",
        "id": "aws-cn",
    }


@pytest.mark.parametrize(("region", "text"), [("us-east-2", "US East (Ohio)"), ("eu-mars-1", "eu-mars-1")])
def test_region_is_told(driver: Driver, region: str, text: str) -> None:
    told = driver.invoke("aws:index/getRegion:getRegion", {"region": region})

    assert (told["region"], told["name"], told["description"]) == (region, region, text)
    assert told["endpoint"] == f"ec2.{region}.amazonaws.com"


def test_zones_are_told(driver: Driver) -> None:
    arguments = {
        "state": "available",
        "filters": [{"name": "region-name", "values": ["us-east-2"]}],
        "excludeNames": ["us-east-2a"],
        "excludeZoneIds": ["use2-az3"],
    }

    told = driver.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", arguments)

    assert (told["names"], told["zoneIds"], told["id"]) == (["us-east-2b"], ["use2-az2"], "us-east-2")


@pytest.mark.parametrize("newest", [True, False])
def test_addon_version_is_told(driver: Driver, newest: bool) -> None:
    arguments = {"addonName": "coredns", "kubernetesVersion": "1.34", "mostRecent": newest}

    told = driver.invoke("aws:eks/getAddonVersion:getAddonVersion", arguments)

    assert told["version"].startswith("v1.")
    assert told["id"] == "coredns"


def test_addon_that_does_not_exist_is_refused(driver: Driver) -> None:
    arguments = {"addonName": "nothing", "kubernetesVersion": "1.34"}

    with pytest.raises(ProviderFault, match="nothing"):
        driver.invoke("aws:eks/getAddonVersion:getAddonVersion", arguments)


def test_a_policy_document_is_composed(driver: Driver) -> None:
    arguments = {"statements": [{"actions": ["s3:GetObject"], "resources": ["*"]}]}

    told = driver.invoke("aws:iam/getPolicyDocument:getPolicyDocument", arguments)

    assert told["minifiedJson"] == (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
    )
    assert (told["version"], told["statements"]) == ("2012-10-17", arguments["statements"])


def test_a_policy_document_that_the_provider_would_refuse_is_refused(driver: Driver) -> None:
    with pytest.raises(ProviderFault, match="getPolicyDocument: version: found"):
        driver.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {"version": "2020-01-01"})


def test_every_zone_is_told(driver: Driver) -> None:
    told = driver.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {})

    assert len(told["names"]) == len(told["zoneIds"]) >= 3


def test_unknown_function_is_refused(driver: Driver) -> None:
    with pytest.raises(ProviderFault, match="aws:s3/getBucket:getBucket: no such function here; there are aws:eks"):
        driver.invoke("aws:s3/getBucket:getBucket", {})
