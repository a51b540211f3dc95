"""Which Kubernetes versions EKS supports, until when, and at what price.

Dated data: :data:`AS_OF` says when the table was last compared with the EKS user guide ("Understand the Kubernetes
version lifecycle on EKS") and endoflife.date. A version that is newer than the table is unknown, not unsupported.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

AS_OF = date(2026, 11, 22)
"""When the table was last compared with its sources."""

DEFAULT = "1.36"
"""The version of a new cluster: of those that every add-on supports, the one with the longest standard support."""

STANDARD_USD_PER_HOUR = 0.10
"""Price of a control plane in standard support, USD an hour (EKS pricing page)."""

EXTENDED_USD_PER_HOUR = 0.60
"""Price of a control plane in extended support, USD an hour, all included (EKS pricing page)."""


class Support(StrEnum):
    """What EKS does for a version on a day."""

    STANDARD = "standard"
    """Patches, at the ordinary price."""
    EXTENDED = "extended"
    """Security patches, at six times the price."""
    ENDED = "ended"
    """Nothing: clusters are upgraded whether their owner wants it or not."""
    UNKNOWN = "unknown"
    """The table doesn't say: not released on that day, or newer than the table."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The dates of one Kubernetes minor version on EKS."""

    released: date
    """First day on EKS."""
    standard_ends: date
    """First day without standard support, 14 months later."""
    extended_ends: date
    """First day without any support, a year after that."""

    def on(self, day: date) -> Support:
        """Tell the support on a day."""
        if day < self.released:
            return Support.UNKNOWN
        if day < self.standard_ends:
            return Support.STANDARD
        return Support.EXTENDED if day < self.extended_ends else Support.ENDED


LIFECYCLES: Mapping[str, Lifecycle] = {
    "1.30": Lifecycle(date(2024, 5, 23), date(2025, 7, 23), date(2026, 7, 23)),
    "1.31": Lifecycle(date(2024, 9, 26), date(2025, 11, 26), date(2026, 11, 26)),
    "1.32": Lifecycle(date(2025, 1, 23), date(2026, 3, 23), date(2027, 3, 23)),
    "1.33": Lifecycle(date(2025, 5, 29), date(2026, 7, 29), date(2027, 7, 29)),
    "1.34": Lifecycle(date(2025, 10, 2), date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": Lifecycle(date(2026, 1, 28), date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": Lifecycle(date(2026, 6, 2), date(2027, 8, 2), date(2028, 8, 2)),
}
"""Kubernetes minor version to its dates on EKS, oldest first."""


def support(version: str, day: date) -> Support:
    """Tell what EKS does for a version on a day."""
    lifecycle = LIFECYCLES.get(version)
    if lifecycle is None:
        return Support.ENDED if _minor(version) < _minor(next(iter(LIFECYCLES))) else Support.UNKNOWN
    return lifecycle.on(day)


def supported(day: date, *, extended: bool = False) -> tuple[str, ...]:
    """Give the versions in standard support on a day, oldest first; ``extended`` adds those in extended support."""
    wanted = {Support.STANDARD, Support.EXTENDED} if extended else {Support.STANDARD}
    return tuple(version for version, lifecycle in LIFECYCLES.items() if lifecycle.on(day) in wanted)


def usd_per_hour(level: Support) -> float:
    """Give the price of a control plane by its support, USD an hour."""
    return EXTENDED_USD_PER_HOUR if level is Support.EXTENDED else STANDARD_USD_PER_HOUR


def _minor(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
