"""How people call the resources of a plan, and what is said of names that nothing has."""

import difflib
from collections.abc import Iterable

from seatrial.errors import UsageError, listed
from seatrial.plan import Resource
from seatrial.rules.facts.values import plain, text


def called(resource: Resource) -> str:
    """Return what AWS would call it, given or autonamed; its logical name where only a deployment can tell."""
    return text(plain(resource.outputs.get("name"))) or text(plain(resource.id)) or resource.name


def arn(resource: Resource) -> str:
    """Return its ARN; empty where it has none, or only a deployment can tell."""
    return text(plain(resource.outputs.get("arn")))


def find(name: str, resources: Iterable[Resource]) -> Resource | None:
    """Return what has that ARN, or is called so by the program or by AWS; None when nothing is.

    Raises:
        UsageError: Several are called so.

    """
    every = tuple(resources)
    for names in (arn, _logical, called):
        found = [each for each in every if names(each) == name]
        if len(found) > 1:
            raise UsageError(
                f"{len(found)} resources are called {name!r}",
                tip=f"give the ARN of one: {listed(arn(each) or each.urn for each in found)}",
            )
        if found:
            return found[0]
    return None


def missing(kind: str, name: str, known: Iterable[str], others: Iterable[str] = ()) -> UsageError:
    """Return the error that nothing is called so; others are names that would do too, for near misses only."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name, sorted({*names, *others}))
    tip = f"near it: {', '.join(near)}" if near else f"the plan has: {listed(names)}"
    return UsageError(f"no {kind} {name!r}", tip=tip)


def _logical(resource: Resource) -> str:
    return resource.name
