"""A chart with its values."""

from dataclasses import dataclass
from typing import Any

from seatrial.manifests.manifest import SYSTEM
from seatrial.releases import ChartSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """What becomes a release."""

    release: str
    """Name of the release, and of what it makes."""
    source: ChartSource
    """Where it comes from, and its version."""
    values: dict[str, Any]
    """Values beside the chart's own; may hold what is only known later."""
    namespace: str = SYSTEM
    """Where it goes."""
