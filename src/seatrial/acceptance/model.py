"""What an acceptance case is, and what running the suite gives."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from seatrial.acceptance.outputs import Outputs

Finding: TypeAlias = Callable[[Outputs], str | None]
"""Reads the outputs; None, or one sentence about them."""

ROWS: Final[Mapping[int, str]] = MappingProxyType(
    {
        1: "network",
        2: "cluster",
        3: "node groups",
        4: "add-ons and storage",
        5: "load balancer controller",
        6: "cluster autoscaler",
        7: "tenancy",
        8: "network policies",
        9: "DNS",
        10: "IRSA demonstration",
        11: "interruption handling",
        14: "outputs are resolved",
        19: "roles and trust",
        22: "names",
        23: "stack outputs",
    }
)
"""The parts of the platform that a case can belong to, by their number in the platform's specification."""


class Status(StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


def always(_: Outputs) -> None:
    """Apply to every platform."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that holds for every deployment of the platform."""

    row: int
    """The part of the platform, a key of :data:`ROWS`."""
    name: str
    """What holds, as a sentence that a reader of the report understands. Unique."""
    check: Finding
    """None when it holds, else what was found and what was expected."""
    not_applicable: Finding = always
    """Why the case says nothing about this platform; None when it applies."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one case ended."""

    row: int
    """The part of the platform, a key of :data:`ROWS`."""
    name: str
    """The case's sentence."""
    status: Status
    """How it ended."""
    detail: str = ""
    """Why it failed or why it doesn't apply; empty when it passed."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the suite ended, in the order of its cases."""

    source: Path
    """The outputs file that was read."""
    cases: tuple[Result, ...]
    """One result a case; none is left out."""

    @property
    def counts(self) -> dict[Status, int]:
        """How many cases ended in each status, every status being there."""
        counted = Counter(case.status for case in self.cases)
        return {status: counted[status] for status in Status}

    @property
    def passed(self) -> bool:
        """True when no case failed."""
        return self.counts[Status.FAILED] == 0
