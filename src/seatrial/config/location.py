"""Where something stands in a description."""

import json
import re

import yaml

Location = tuple[str | int, ...]
"""Keys and list indices from the root, in YAML spelling."""

ROOT = "seatrial:platform"
"""What the root is called: the key of the stack file that holds the description."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_FOUND_MAX = 120


def path(location: Location) -> str:
    """Write a location: ``nodeGroups.spot.labels["example.com/role"]``, ``network.zones[0]``."""
    return "".join(map(_step, location)).removeprefix(".") or ROOT


def found(value: object) -> str:
    """Write a value as YAML would, on one line, cut when long."""
    text = yaml.safe_dump(
        _plain(value), default_flow_style=True, width=float("inf"), sort_keys=False, allow_unicode=True
    )
    text = text.removesuffix("...\n").strip()
    return text if len(text) <= _FOUND_MAX else f"{text[:_FOUND_MAX]}…"


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    return f".{key}" if _PLAIN.fullmatch(key) else f"[{json.dumps(key)}]"


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else value
