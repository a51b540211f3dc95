"""Regions that a plan knows: it has no AWS to ask for the zones of others."""

from seatrial import regions
from seatrial.config.faults import near
from seatrial.errors import ConfigError, Fault


def check(region: str) -> None:
    """Refuse a region whose zones aren't in the table."""
    if region not in regions.NAMES:
        allowed = f"one of the {len(regions.NAMES)} regions whose zones a plan knows, such as us-east-2"
        hint = near(region, regions.NAMES) or "a newer release may know it; `pulumi up` asks AWS instead"
        raise ConfigError([Fault("region", region, allowed, hint)])
