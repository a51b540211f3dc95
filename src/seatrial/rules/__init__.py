"""The controls that a plan can show: what each asks for, and whether a plan has it."""

from seatrial.rules.catalogue import chosen, every, ids
from seatrial.rules.checking import check
from seatrial.rules.model import (
    Finding,
    Observation,
    Outcome,
    Result,
    Rule,
    Severity,
    Status,
    Verdict,
    Waived,
)
from seatrial.rules.sources import Framework, Source
from seatrial.rules.view import View

__all__ = [
    "Finding",
    "Framework",
    "Observation",
    "Outcome",
    "Result",
    "Rule",
    "Severity",
    "Source",
    "Status",
    "Verdict",
    "View",
    "Waived",
    "check",
    "chosen",
    "every",
    "ids",
]
