"""Short descriptions, completed with what every description needs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import yaml

from seatrial.config import Platform, parse_platform
from seatrial.errors import ConfigError, Fault

TODAY = date(2026, 11, 22)
NEEDED: dict[str, Any] = {
    "environment": "dev",
    "environmentSuffix": "dev",
    "owner": "platform-team",
    "costCenter": "engineering",
    "kubernetes": {"enabled": False},
}


@pytest.fixture
def accept() -> Callable[[str], Platform]:
    """Parse a description given as YAML, without the keys that every description needs."""
    return lambda text: parse_platform({**NEEDED, **(yaml.safe_load(text) or {})}, today=TODAY)


@pytest.fixture
def refuse(accept: Callable[[str], Platform]) -> Callable[[str], tuple[Fault, ...]]:
    """Give the faults of a description; none when it is accepted."""

    def faults(text: str) -> tuple[Fault, ...]:
        try:
            accept(text)
        except ConfigError as error:
            return error.faults
        return ()

    return faults
