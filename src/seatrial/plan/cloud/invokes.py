"""The provider's functions, answered for one region."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from seatrial import regions
from seatrial.errors import ConfigError
from seatrial.iam import composition
from seatrial.plan.cloud import addons, unknowns
from seatrial.plan.cloud.order import ACCOUNT
from seatrial.plan.graph import Properties, Unknown, Value


class InvokeError(Exception):
    """Why a function has no answer."""


_Function: TypeAlias = Callable[[Properties, str], Mapping[str, Value]]


def invoke(token: str, args: Properties, region: str) -> Properties | Unknown:
    """Call a function, Unknown if an argument is; InvokeError for one that a plan doesn't know, or its arguments."""
    function, known = _FUNCTIONS.get(token, (None, ()))
    if function is None:
        raise InvokeError(
            f"a plan knows no such function; it knows {', '.join(sorted(_FUNCTIONS))}. "
            "Say in the program, or in the stack's configuration, what it would return"
        )
    unknown = sorted(set(args) - {*known, "region"})
    if unknown:
        raise InvokeError(f"a plan can't take {', '.join(unknown)} into account; it can {', '.join(known)}")
    if unknowns.within(args):
        return Unknown()
    return {**args, **function(args, _region(args.get("region"), region))}


def _region(asked: Value, of_provider: str) -> str:
    region = asked if isinstance(asked, str) else of_provider
    if region not in regions.NAMES:
        raise InvokeError(f"no region {region!r} in which EKS runs; there are {', '.join(regions.NAMES)}")
    return region


def _caller_identity(_args: Properties, region: str) -> Mapping[str, Value]:
    arn = f"arn:{regions.partition(region)}:iam::{ACCOUNT}:user/seatrial-plan"
    return {"accountId": ACCOUNT, "arn": arn, "id": ACCOUNT, "userId": "AIDASEATRIALPLAN00000"}


def _partition(_args: Properties, region: str) -> Mapping[str, Value]:
    name = regions.partition(region)
    suffix = regions.dns_suffix(name)
    return {
        "partition": name,
        "id": name,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _describe_region(_args: Properties, region: str) -> Mapping[str, Value]:
    endpoint = f"ec2.{region}.{regions.dns_suffix(regions.partition(region))}"
    return {"region": region, "name": region, "id": region, "endpoint": endpoint, "description": region}


def _availability_zones(args: Properties, region: str) -> Mapping[str, Value]:
    _check_zone_filters(args.get("filters"))
    names, ids = _texts(args.get("excludeNames")), _texts(args.get("excludeZoneIds"))
    zones = {name: id_ for name, id_ in regions.zones(region).items() if name not in names and id_ not in ids}
    return {"id": region, "names": tuple(zones), "zoneIds": tuple(zones.values()), "groupNames": (region,)}


def _check_zone_filters(filters: Value) -> None:
    """Accept the one filter that leaves out local zones, as a plan has none."""
    for each in filters if isinstance(filters, tuple) else ():
        if each != {"name": "zone-type", "values": ("availability-zone",)}:
            raise InvokeError(f"a plan can't filter zones by {each}; only by zone-type availability-zone")


def _texts(value: Value) -> frozenset[str]:
    return frozenset(str(each) for each in value) if isinstance(value, tuple) else frozenset()


def _addon_version(args: Properties, _region: str) -> Mapping[str, Value]:
    name = str(args.get("addonName"))
    if name not in addons.NAMES:
        raise InvokeError(f"a plan knows no add-on {name!r}; it knows {', '.join(addons.NAMES)}")
    return {"id": name, "version": addons.version(name, str(args.get("kubernetesVersion")))}


def _policy_document(args: Properties, _region: str) -> Mapping[str, Value]:
    try:
        return composition.compose(args)
    except ConfigError as error:
        raise InvokeError(str(error)) from error


_FUNCTIONS: Final[Mapping[str, tuple[_Function, tuple[str, ...]]]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": (_caller_identity, ("id",)),
    "aws:index/getPartition:getPartition": (_partition, ("id",)),
    "aws:index/getRegion:getRegion": (_describe_region, ("id", "name")),
    "aws:index/getAvailabilityZones:getAvailabilityZones": (
        _availability_zones,
        ("state", "excludeNames", "excludeZoneIds", "filters"),
    ),
    "aws:eks/getAddonVersion:getAddonVersion": (_addon_version, ("addonName", "kubernetesVersion", "mostRecent")),
    "aws:iam/getPolicyDocument:getPolicyDocument": (_policy_document, composition.ARGUMENTS),
}
"""Token to the function and the arguments that it takes."""
