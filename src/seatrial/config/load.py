"""From a stack file to a platform."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml

from seatrial.config.model import Platform


def load_platform(path: Path) -> Platform:
    """Read the platform of a Pulumi stack file."""
    document = cast("Mapping[str, Mapping[str, Mapping[str, object]]]", yaml.safe_load(path.read_text()))
    return parse_platform(document["config"]["seatrial:platform"], str(path))


def parse_platform(document: Mapping[str, object], source: str = "") -> Platform:
    """Validate an untyped document; ``source`` names it in messages."""
    return Platform.model_validate(document, by_alias=True, by_name=False)
