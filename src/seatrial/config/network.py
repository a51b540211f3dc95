"""The network of a platform: addresses, zones, ways in and out."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, cast

from pydantic import Field, StrictBool, StrictInt, model_validator

from seatrial.config.section import Section
from seatrial.config.values import RetentionDays, VpcCidr, ZoneName

_ZONE_COUNTS = (2, 3)


class Nat(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"
    """Not at all: AWS is reached through endpoints inside the network."""
    SINGLE = "single"
    """Through one gateway: cheapest; its zone's loss cuts off every zone."""
    PER_ZONE = "per-zone"
    """Through a gateway in the same zone: no zone depends on another, and no traffic is paid for crossing."""
    REGIONAL = "regional"
    """Through one gateway that AWS spreads over the zones by itself."""


class FlowLogs(Section):
    """Records of who talked to whom in the network."""

    enabled: StrictBool = True
    """Record all traffic. On: an incident can't be understood from logs that were never written."""
    retention_days: RetentionDays = 90
    """Days to keep the records. 90 covers the weeks in which most intrusions are found."""


class Network(Section):
    """Addresses, zones, ways in and out."""

    cidr_block: VpcCidr = "10.0.0.0/16"
    """IPv4 range of the VPC, /16 to /22 of a private range.

    /16, the largest: every pod takes an address, and the range can't be changed later.
    """
    zone_count: Annotated[StrictInt, Field(ge=2, le=3)] = 3
    """Availability zones to spread over. EKS needs 2; 3 keeps two thirds of the nodes when one zone fails.

    A zone can be added later, which replaces the node groups; those that the cluster was made in stay.
    """
    zones: tuple[ZoneName, ...] = Field(default=(), max_length=3)
    """Names of the zones, ``us-east-2a``, in order. Empty takes the region's first; to name them keeps them stable."""
    nat: Nat = Nat.PER_ZONE
    """How private subnets reach the internet: none, single, per-zone or regional.

    Per zone: no zone depends on another.
    """
    flow_logs: FlowLogs = FlowLogs()
    """Records of who talked to whom in the network."""
    interface_endpoints: StrictBool = False
    """Reach the AWS APIs through endpoints inside the network, at about 0.01 USD an hour for each and zone.

    Off, for NAT reaches them too; on by itself when ``nat`` is none.
    """

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, given: object) -> object:
        """Let the zones say how many they are, and a missing NAT ask for endpoints."""
        if not isinstance(given, Mapping):
            return given
        values = dict(cast("Mapping[str, object]", given))
        zones = values.get("zones")
        counted = len(cast("list[object]", zones)) if isinstance(zones, (list, tuple)) else 0
        if counted in _ZONE_COUNTS and not values.keys() & {"zoneCount", "zone_count"}:
            values["zoneCount"] = counted
        if values.get("nat") == Nat.NONE and not values.keys() & {"interfaceEndpoints", "interface_endpoints"}:
            values["interfaceEndpoints"] = True
        return values
