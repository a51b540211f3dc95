"""Deleting in passes, until nothing is left or what is left stays."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from botocore.exceptions import ClientError

from seatrial.ownership import Kind
from seatrial.sweep import searches
from seatrial.sweep.account import Account, reported
from seatrial.sweep.model import Clients, Leftover, Stay

_PASSING = frozenset(
    {
        "DependencyViolation",
        "InvalidParameterValue",  # EC2's word for an interface that is attached
        "InvalidPermission.NotFound",  # somebody else has just revoked a rule of a group
        "InvalidSnapshot.InUse",
        "ResourceInUse",
        "VolumeInUse",
    }
)
"""Codes of refusals that end, most of them when something else is gone (EC2, Elastic Load Balancing API references)."""

_PAUSE = 5.0
"""Seconds between two passes: what AWS lets go, or ends, is gone some seconds later."""

_ENDING = "AWS has not deleted it yet"

Watch = Callable[[int, int, str], None]
"""Is told how many are gone, of how many, and what is being deleted."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of it."""

    deleted: tuple[Leftover, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what is in use."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class _Refusal:
    reason: str
    passes: bool
    """Whether it can end by itself."""


def sweep(account: Account, cluster: str, kinds: Collection[Kind], patience: Patience, watch: Watch) -> Swept:
    """Delete what a cluster left of some kinds, users before what they use; go on until AWS has let go of it.

    Every pass asks AWS anew what is there, so it can be interrupted, and begun again, at any moment.

    Raises:
        EnvironmentFault: AWS refuses a list, or can't be reached.

    """
    end = patience.clock() + patience.seconds
    with reported():
        passes = _Passes(account.clients, cluster, kinds)
        while passes.wanted():
            passes.delete(watch)
            if not passes.wanted() or patience.clock() >= end:
                break
            patience.sleep(_PAUSE)
        return passes.result()


class _Passes:
    """What was seen, what is there, and what AWS said of it."""

    def __init__(self, clients: Clients, cluster: str, kinds: Collection[Kind]) -> None:
        self._clients = clients
        self._find = lambda: {each.id: each for each in searches.find(clients, cluster, kinds)}
        self._here = self._find()
        self._seen = dict(self._here)
        self._refused: dict[str, _Refusal] = {}

    def wanted(self) -> list[Leftover]:
        """Give what is there and may be deleted now or later."""
        return [each for name, each in self._here.items() if name not in self._refused or self._refused[name].passes]

    def delete(self, watch: Watch) -> None:
        """Try everything once, then look again."""
        gone = len(self._seen) - len(self._here)
        for each in self.wanted():
            watch(gone, len(self._seen), f"{each.kind.noun} {each.name}")
            self._refused.pop(each.id, None)
            refusal = _refusal(self._clients, each)
            if refusal:
                self._refused[each.id] = refusal
        self._here = self._find()
        self._seen |= self._here

    def result(self) -> Swept:
        """Give what is gone, and what isn't with AWS's last word."""
        reasons = {name: refusal.reason for name, refusal in self._refused.items()}
        stays = tuple(Stay(each, reasons.get(name, _ENDING)) for name, each in self._here.items())
        return Swept(tuple(each for name, each in self._seen.items() if name not in self._here), stays)


def _refusal(clients: Clients, leftover: Leftover) -> _Refusal | None:
    """Delete one; give what AWS says against it, unless that is that it's gone."""
    try:
        searches.delete(clients, leftover)
    except ClientError as error:
        said: Mapping[str, str] = cast("Any", error).response["Error"]
        passes = said["Code"] in _PASSING
        if passes or "NotFound" not in said["Code"]:
            return _Refusal(f"{said['Code']}: {said['Message']}", passes)
    return None
