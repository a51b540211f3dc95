"""The provider's functions (Pulumi's invokes), answered from the account where it has the answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from seatrial import regions
from seatrial.iam import composition
from seatrial.rehearsal.providers.aws import api_model
from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.refusals import Rejected
from seatrial.rehearsal.providers.values import Values

Function: TypeAlias = Callable[[Cloud, Values], Values]
"""Takes the arguments and returns the result, both in the provider's spelling."""


def _caller_identity(cloud: Cloud, _: Values) -> Values:
    told = cloud.call("sts", "GetCallerIdentity")
    return {"accountId": told["Account"], "arn": told["Arn"], "userId": told["UserId"], "id": told["Account"]}


def _partition(cloud: Cloud, _: Values) -> Values:
    suffix = _suffix(cloud)
    reverse = ".".join(reversed(suffix.split(".")))
    return {"partition": cloud.partition, "dnsSuffix": suffix, "reverseDnsPrefix": reverse, "id": cloud.partition}


def _region(cloud: Cloud, _: Values) -> Values:
    name = cloud.region
    endpoint = f"ec2.{name}.{_suffix(cloud)}"
    return {"region": name, "name": name, "id": name, "description": _description(name), "endpoint": endpoint}


def _suffix(cloud: Cloud) -> str:
    return regions.dns_suffix(cloud.partition)


def _description(region: str) -> str:
    partitions: list[Mapping[str, Any]] = api_model.session().get_data("endpoints")["partitions"]
    return next((it["regions"][region]["description"] for it in partitions if region in it["regions"]), region)


def _availability_zones(cloud: Cloud, arguments: Values) -> Values:
    filters = [{"Name": it["name"], "Values": it["values"]} for it in arguments.get("filters", [])]
    if state := arguments.get("state"):
        filters.append({"Name": "state", "Values": [state]})
    everything = bool(arguments.get("allAvailabilityZones"))
    told = cloud.ec2("DescribeAvailabilityZones", Filters=filters, AllAvailabilityZones=everything)
    zones = [
        zone
        for zone in sorted(told["AvailabilityZones"], key=lambda zone: zone["ZoneName"])
        if zone["ZoneName"] not in arguments.get("excludeNames", ())
        and zone["ZoneId"] not in arguments.get("excludeZoneIds", ())
    ]
    return {
        **arguments,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
        "groupNames": sorted({zone.get("GroupName", cloud.region) for zone in zones}),
        "region": cloud.region,
        "id": cloud.region,
    }


def _addon_version(cloud: Cloud, arguments: Values) -> Values:
    name, kubernetes = arguments["addonName"], arguments["kubernetesVersion"]
    addons = cloud.pages("eks", "DescribeAddonVersions", "addons", addonName=name, kubernetesVersion=kubernetes)
    offered = [version for addon in addons for version in addon["addonVersions"]]
    chosen = offered[:1] if arguments.get("mostRecent") else [it for it in offered if _is_default(it)]
    if not chosen:
        raise Rejected(f"{name}: no version for Kubernetes {kubernetes}")
    return {**arguments, "version": chosen[0]["addonVersion"], "id": name, "region": cloud.region}


def _is_default(version: Mapping[str, Any]) -> bool:
    return any(it.get("defaultVersion") for it in version.get("compatibilities", ()))


def _policy_document(_: Cloud, arguments: Values) -> Values:
    return {**arguments, **composition.compose(arguments)}


FUNCTIONS: Mapping[str, Function] = {
    "aws:eks/getAddonVersion:getAddonVersion": _addon_version,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
}
"""By token."""
