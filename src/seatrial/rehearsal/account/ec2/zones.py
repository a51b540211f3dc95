"""Availability zones: those that the region really has, by their names and ids."""

from collections.abc import Mapping

from seatrial import regions
from seatrial.rehearsal.account import emulator
from seatrial.rehearsal.account.calls import Params
from seatrial.rehearsal.account.ec2.wire import Field, selected, several
from seatrial.rehearsal.account.emulator import Record
from seatrial.rehearsal.account.refusal import RefusedError

_FIELDS: Mapping[str, Field] = {
    "zone-name": lambda zone: zone["zoneName"],
    "zone-id": lambda zone: zone["zoneId"],
    "zone-type": lambda zone: zone["zoneType"],
    "state": lambda zone: zone["zoneState"],
    "region-name": lambda zone: zone["regionName"],
    "group-name": lambda zone: zone["groupName"],
    "opt-in-status": lambda zone: zone["optInStatus"],
}
"""Filter to what it looks at (EC2 API, DescribeAvailabilityZones)."""


def install() -> None:
    """Let every resource in a zone name the zone's real id."""
    vars(emulator.service("ec2"))["_az_id_for_zone_name"] = regions.zone_id


def describe(params: Params) -> Record:
    """Answer DescribeAvailabilityZones."""
    region, named = emulator.region(), several(params, "ZoneName")
    there = regions.zones(region)
    zones = [_shown(region, name, number) for name, number in there.items() if not named or name in named]
    return {"availabilityZoneInfo": selected(params, zones, "zoneName", _FIELDS)}


def check(zone: str) -> None:
    """Refuse a zone for a subnet that the region hasn't."""
    there = regions.zones(emulator.region())
    if zone not in there:
        text = (
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
            f"following availability zones: {', '.join(there)}."
        )
        raise RefusedError("InvalidParameterValue", text)


def _shown(region: str, name: str, number: str) -> Record:
    return {
        "zoneName": name,
        "zoneState": "available",
        "regionName": region,
        "zoneId": number,
        "groupName": f"{region}-zg-1",
        "networkBorderGroup": region,
        "optInStatus": "opt-in-not-required",
        "zoneType": "availability-zone",
    }
