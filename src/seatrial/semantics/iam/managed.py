"""Policies that AWS keeps, with their documents as of a date.

Only those that roles of an EKS cluster have, by AWS's guide; from moto's copy of what IAM answers.
"""

import difflib
import json
from functools import cache
from importlib import resources
from typing import Final, TypedDict, cast

from seatrial.errors import UsageError
from seatrial.semantics.iam import reading
from seatrial.semantics.iam.policies import Policy

_PREFIX: Final = ":iam::aws:policy/"


class Kept(TypedDict):
    """One policy that AWS keeps."""

    version: str
    """``v10``."""

    updated: str
    """When AWS last changed it, ISO 8601."""

    document: dict[str, object]


class _Data(TypedDict):
    source: str
    policies: dict[str, Kept]


def names() -> tuple[str, ...]:
    """Return every policy that is known, by path and name."""
    return tuple(_data()["policies"])


def kept(name: str) -> Kept:
    """Return a policy by path and name, ``service-role/AmazonEBSCSIDriverPolicy``; UsageError for an unknown one."""
    found = _data()["policies"].get(name)
    if found is None:
        near = difflib.get_close_matches(name, names())
        tip = f"near it: {', '.join(near)}" if near else f"known are: {', '.join(names())}"
        raise UsageError(f"the document of AWS's policy {name!r} is not known", tip=tip)
    return found


def is_managed(arn: str) -> bool:
    """Tell whether an ARN is that of a policy which AWS keeps."""
    return _PREFIX in arn


@cache
def policy(name: str) -> Policy:
    """Return a policy by path and name, read; UsageError for an unknown one."""
    return reading.policy(kept(name)["document"], name)


def by_arn(arn: str) -> Policy:
    """Return a policy by its ARN, read; UsageError for an unknown one."""
    return policy(name_of(arn))


def name_of(arn: str) -> str:
    """Return the path and name in the ARN of a policy that AWS keeps."""
    return arn.partition(_PREFIX)[2]


@cache
def _data() -> _Data:
    file = resources.files("seatrial.semantics.iam").joinpath("managed_policies.json")
    return cast("_Data", json.loads(file.read_text(encoding="utf-8")))
