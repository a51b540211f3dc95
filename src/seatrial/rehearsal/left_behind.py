"""What is left in the account when the engine has destroyed what it knows, or can't for it."""

from seatrial import names
from seatrial.config import Platform
from seatrial.ownership import Kind
from seatrial.rehearsal import credentials
from seatrial.rehearsal.account import inventory
from seatrial.rehearsal.account.endpoint import Endpoint
from seatrial.rehearsal.credentials import AccessKey

_PATIENCE = 60.0
"""Seconds: what takes AWS minutes takes the emulated account a fraction of one."""


def swept(endpoint: Endpoint, platform: Platform, key: AccessKey) -> tuple[str, ...]:
    """Sweep what the cluster left, with the deployer's permissions; nothing as long as the cluster is there."""
    from seatrial import sweep  # noqa: PLC0415 (the AWS SDK, which a `down` that goes well needn't wait for)

    account = sweep.Account(
        id="", region=endpoint.region, caller="", clients=lambda name: credentials.client(name, endpoint, key)
    )
    cluster = names.cluster(platform.environment_suffix)
    if sweep.look(account, cluster, ()).status:
        return ()
    patience = sweep.Patience(seconds=_PATIENCE)
    done = sweep.sweep(account, cluster, tuple(Kind), patience, _unwatched)
    return tuple(f"{each.kind.noun} {each.name} ({each.mark})" for each in done.deleted)


def _unwatched(gone: int, seen: int, current: str) -> None:
    """Say nothing: it takes a second."""


def still_there(endpoint: Endpoint) -> tuple[str, ...]:
    """Ask the account for everything that it has."""
    found = inventory.leftovers(lambda service: credentials.client(service, endpoint, credentials.ROOT))
    return tuple(f"{name} ({call})" for call, names in found.items() for name in names)
