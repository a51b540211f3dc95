"""The API's own resources: which group each is in, and whether its objects are in namespaces.

The facts lie in ``api_resources.txt`` beside this module, one line a resource, and are read when first asked for.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from seatrial.errors import UsageError

_TABLE: Final = Path(__file__).with_name("api_resources.txt")


@dataclass(frozen=True, slots=True)
class ApiResource:
    """A resource of the API."""

    name: str
    """In plural: ``pods``."""

    group: str
    """API group without version; empty for the core group."""

    is_namespaced: bool
    kind: str = ""
    """``Pod``; empty for a resource that isn't the API's own."""


def find(text: str) -> ApiResource:
    """Look a resource up: ``pods``, ``pod``, ``po``, ``deployments.apps``; UsageError for one that nobody knows.

    What is named with its group may be of a custom resource definition; it is taken to be in namespaces.
    """
    name, _, group = text.partition(".")
    found = _by_name().get(name.lower(), ())
    wanted = [each for each in found if group in ("", each.group)]
    if wanted:
        return wanted[0]
    if group:
        return ApiResource(name, group, is_namespaced=True)
    near = difflib.get_close_matches(name, _by_name())
    tip = f"near it: {', '.join(near)}" if near else "name one that isn't Kubernetes' own as resource.group"
    raise UsageError(f"no resource {text!r}", tip=tip)


def of_kind(kind: str, group: str) -> ApiResource | None:
    """Look a resource up by the kind of its objects; None where it isn't the API's own."""
    return next((each for each in _by_name().get(kind.lower(), ()) if (each.kind, each.group) == (kind, group)), None)


@cache
def _by_name() -> dict[str, tuple[ApiResource, ...]]:
    found: dict[str, tuple[ApiResource, ...]] = {}
    for line in _TABLE.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            name, group, scope, kind, shorts = line.split()
            each = ApiResource(name, group.strip("-"), scope == "namespaced", kind)
            for key in {name, kind.lower(), *shorts.split(",")} - {"-"}:
                found[key] = (*found.get(key, ()), each)
    return found
