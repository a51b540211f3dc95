"""One question to IAM, and the tags that conditions may ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from seatrial.rehearsal.account import emulator

Context = dict[str, Any]
"""Condition keys of a service, in lower case."""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether the caller may do this to that."""

    action: str
    """``ec2:CreateSubnet``."""
    resource: str = "*"
    """ARN; a created thing, which has no id yet, ends in ``*``."""
    context: Context = field(default_factory=dict[str, Any])


def requested(tags: Mapping[str, str], keys: Iterable[str] = ()) -> Context:
    """Give the condition keys of tags in a request; ``keys`` are only named in it, to be removed."""
    if not tags and not keys:
        return {}
    context: Context = {f"aws:requesttag/{name}".lower(): value for name, value in tags.items()}
    return {**context, "aws:tagkeys": [*tags, *keys]}


def carried(tags: Mapping[str, str], service: str = "") -> Context:
    """Give the condition keys of tags that a resource has; some services have their own prefix as well."""
    prefixes = ["aws", service] if service else ["aws"]
    return {f"{prefix}:resourcetag/{name}".lower(): value for prefix in prefixes for name, value in tags.items()}


def arn(service: str, resource: str) -> str:
    """Give an ARN in the account and region of the request."""
    return f"arn:aws:{service}:{emulator.region()}:{emulator.account()}:{resource}"


def pairs(tags: Any) -> dict[str, str]:
    """Read a list of tags, in either of AWS's spellings."""
    named: dict[str, str] = {}
    for tag in cast("list[dict[str, str]]", tags or []):
        name = tag.get("Key", tag.get("TagKey", ""))
        named[name] = tag.get("Value", tag.get("TagValue", ""))
    return named


def pass_role(role: str, service: str) -> Check:
    """Ask whether the caller may hand a role to a service."""
    return Check("iam:PassRole", role, {"iam:passedtoservice": service})
