"""What is left over, and how it is found and deleted: frozen data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from seatrial.ownership import Kind

Clients = Callable[[str], Any]
"""Gives the client of a service: boto3's ``session.client``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """One thing in the account that a cluster made and that no deployment knows."""

    kind: Kind

    id: str
    """What AWS's call for deleting takes: an id, an ARN, a name."""

    name: str
    """What people know it by."""

    mark: str
    """Why it is taken for the cluster's: a tag with its value, or the beginning of its name."""

    detail: str
    """How it stands, and what of: ``available, in subnet-1``."""


@dataclass(frozen=True, slots=True)
class Search:
    """How leftovers of a kind are found and deleted."""

    find: Callable[[Clients, str], Iterator[Leftover]]
    """Takes a cluster's name; raises ``ClientError``."""

    delete: Callable[[Clients, Leftover], None]
    """Raises ``ClientError`` when AWS refuses; twice is as once, as long as it's there."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Something that could not be deleted."""

    leftover: Leftover

    reason: str
    """AWS's words."""
