"""How rules say what they saw."""

from collections.abc import Callable

from seatrial.plan import Resource, Value
from seatrial.rules.facts.values import at, is_unknown, seen
from seatrial.rules.model import Observation, Verdict

UNTOLD = "only known after a deployment"
"""What is found where a value is unknown."""


def judged(resource: Resource, path: str, accepts: Callable[[Value], bool], allowed: str = "") -> Observation:
    """Judge one input by its value; unknown where the value, or a part of it, is."""
    value = at(resource, path)
    if is_unknown(value):
        return unknown(resource, path, allowed=allowed)
    verdict = Verdict.MET if accepts(value) else Verdict.BROKEN
    return Observation(urn=resource.urn, path=path, verdict=verdict, found=seen(resource, path), allowed=allowed)


def weighed(resource: Resource, path: str, *, is_met: bool, found: str, allowed: str = "") -> Observation:
    """Say what was found and whether it is as it should be."""
    verdict = Verdict.MET if is_met else Verdict.BROKEN
    return Observation(urn=resource.urn, path=path, verdict=verdict, found=found, allowed=allowed)


def met(resource: Resource, path: str, found: str) -> Observation:
    """Say that something is as it should be."""
    return weighed(resource, path, is_met=True, found=found)


def broken(resource: Resource, path: str, found: str, *, allowed: str = "", remedy: str = "") -> Observation:
    """Say that something isn't."""
    return Observation(urn=resource.urn, path=path, verdict=Verdict.BROKEN, found=found, allowed=allowed, remedy=remedy)


def unknown(resource: Resource, path: str, found: str = UNTOLD, *, allowed: str = "") -> Observation:
    """Say that only a deployment can tell."""
    return Observation(urn=resource.urn, path=path, verdict=Verdict.UNKNOWN, found=found, allowed=allowed)
