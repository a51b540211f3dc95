"""Roles and bindings that every API server makes for its users: ``cluster-admin``, ``admin``, ``edit``, ``view``.

Those for the parts of Kubernetes itself, such as the scheduler, are left out.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TypedDict, cast


class _Data(TypedDict):
    source: str
    versions: str
    objects: list[Mapping[str, object]]


@cache
def objects() -> tuple[Mapping[str, object], ...]:
    """Return them as objects of the API."""
    file = resources.files("seatrial.semantics.rbac").joinpath("default_roles.json")
    return tuple(cast("_Data", json.loads(file.read_text(encoding="utf-8")))["objects"])
