"""All checks, and which of them can be made."""

from collections.abc import Collection, Iterator
from datetime import date

from seatrial.config.checks import (
    addons,
    addresses,
    cluster,
    demonstrations,
    kubernetes,
    network,
    node_groups,
    partition,
    system_pods,
    tags,
    tenants,
)
from seatrial.config.checks.check import Check, Context, Place
from seatrial.config.model import Platform
from seatrial.errors import Fault

_CHECKS = (
    *tags.CHECKS,
    *network.CHECKS,
    *addresses.CHECKS,
    *cluster.CHECKS,
    *node_groups.CHECKS,
    *addons.CHECKS,
    *system_pods.CHECKS,
    *kubernetes.CHECKS,
    *demonstrations.CHECKS,
    *tenants.CHECKS,
    *partition.CHECKS,
)


def faults(platform: Platform, today: date, faulty: Collection[Place] = ()) -> Iterator[Fault]:
    """Give the faults between the parts of a platform, leaving out those that depend on ``faulty`` places."""
    context = Context(platform, today)
    for check in _every(platform):
        if not any(_touch(read, place) for read in check.reads for place in faulty):
            yield from check.run(context)


def _every(platform: Platform) -> Iterator[Check]:
    yield from _CHECKS
    for check in node_groups.GROUP_CHECKS:
        for key in platform.node_groups:
            yield check.of(key)


def _touch(one: Place, other: Place) -> bool:
    shared = min(len(one), len(other))
    return one[:shared] == other[:shared]
