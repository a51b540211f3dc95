"""Powers that a cluster gives nobody, or few: judged on what bindings and access policies come to."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from seatrial.rules.facts.grants import ADMINISTRATION, Grant
from seatrial.rules.model import Observation
from seatrial.rules.observations import broken, met, unknown
from seatrial.rules.view import View
from seatrial.semantics.rbac.rules import Request

_SHOWN = 3
"""Requests that a finding names; more would hide what it is about."""


def given(view: View) -> Iterator[Grant]:
    """Give every grant but those of administrators, whom CP-09 judges."""
    return (grant for grant in view.grants if grant.role != ADMINISTRATION)


def requests(verbs: str, *resources: str, group: str = "") -> tuple[Request, ...]:
    """Name requests: each verb, separated by spaces, on each resource, ``pods`` or ``pods/exec``."""
    return tuple(_request(verb, resource, group) for resource in resources for verb in verbs.split())


def withheld(
    view: View, powers: Sequence[Request], *, may: Callable[[Grant], bool] = lambda _: False
) -> Iterator[Observation]:
    """Judge whether nobody has some powers, but by grants that may give them."""
    for grant in given(view):
        yield unjudged(grant) or judged(grant, grant.allowed(powers), is_fine=may(grant))


def judged(grant: Grant, found: Sequence[Request], *, is_fine: bool = False) -> Observation:
    """Judge a grant by what was found that it gives and shouldn't."""
    if found and not is_fine:
        return broken(grant.resource, grant.path, f"{told(found)}: given to {whom(grant)}")
    return met(grant.resource, grant.path, f"{whom(grant)}: {'no more than it may' if found else 'nothing of it'}")


def unjudged(grant: Grant) -> Observation | None:
    """Say that nobody can tell what a grant gives; None when it can be judged."""
    if grant.is_unknown:
        return unknown(grant.resource, grant.path)
    return unknown(grant.resource, grant.path, grant.fault) if grant.fault else None


def told(asked: Iterable[Request]) -> str:
    """Write requests, the first of them at least: ``get and list secrets``."""
    verbs: dict[str, list[str]] = {}
    for request in asked:
        verbs.setdefault(request.full_resource, []).append(request.verb)
    parts = [f"{', '.join(found)} {resource}" for resource, found in verbs.items()]
    more = len(parts) - _SHOWN
    return f"{'; '.join(parts[:_SHOWN])}{f' and {more} more' if more > 0 else ''}"


def whom(grant: Grant) -> str:
    """Write to whom a grant gives what, and where."""
    return f"{', '.join(map(str, grant.holders)) or 'nobody'} by {grant.role} {grant.scope}"


def _request(verb: str, resource: str, group: str) -> Request:
    name, _, subresource = resource.partition("/")
    return Request(verb=verb, resource=name, subresource=subresource, group=group)
