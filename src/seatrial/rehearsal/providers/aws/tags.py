"""Tagging, which every AWS service spells in its own way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from seatrial.rehearsal.providers.aws.cloud import Cloud
from seatrial.rehearsal.providers.values import Values, within

Tags = dict[str, str]
"""Values by key."""

Tag: TypeAlias = Callable[[Cloud, str, Mapping[str, str]], object]
"""Gives the resource with the id or ARN more tags."""

Untag: TypeAlias = Callable[[Cloud, str, list[str]], object]
"""Takes tags from it, by their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagApi:
    """How the resources of a service, or of one type, are tagged."""

    tag: Tag
    untag: Untag
    target: str = "arn"
    """The output that names the resource to the API."""


def pairs(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Return the tags as most APIs take them."""
    return [{key: name, value: content} for name, content in sorted(tags.items())]


def from_pairs(listed: object, key: str = "Key", value: str = "Value") -> Tags:
    """Return the tags that an API listed as pairs."""
    items: Any = listed or ()
    return {item[key]: item.get(value, "") for item in items}


def own(tags: Mapping[str, str]) -> Tags:
    """Return the tags without those that AWS itself puts on resources."""
    return {key: value for key, value in sorted(tags.items()) if not key.startswith("aws:")}


def declared(all_tags: Mapping[str, str], defaults: Mapping[str, str], known: Values) -> Tags:
    """Return those of a resource's tags that don't come from the provider's defaults."""
    asked = within(known, "tags")
    return {key: value for key, value in all_tags.items() if key in asked or defaults.get(key) != value}


def retag(cloud: Cloud, api: TagApi, target: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    """Bring the tags of a resource in line with few calls."""
    surplus = sorted(old.keys() - new.keys())
    changed = {key: value for key, value in new.items() if old.get(key) != value}
    if surplus:
        api.untag(cloud, target, surplus)
    if changed:
        api.tag(cloud, target, changed)
