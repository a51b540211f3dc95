"""What a rule is, what it sees, and what comes of it: frozen data."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from seatrial.config.waivers import Waiver
from seatrial.rules.sources import Source

if TYPE_CHECKING:
    from seatrial.rules.view import View

_ID: Final = re.compile(r"[A-Z]+-[0-9]{2}")


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    CRITICAL = "critical"
    """Somebody outside gets in, or the cluster is lost."""

    HIGH = "high"
    """One mistake or one fault elsewhere away from that."""

    MEDIUM = "medium"
    """A line of defence, or of availability, is missing."""

    LOW = "low"
    """Order, cost or traceability suffers."""

    @property
    def rank(self) -> int:
        """Place in the order, 0 for the worst."""
        return tuple(Severity).index(self)


class Verdict(StrEnum):
    """What a rule says of one thing that it looked at."""

    MET = "met"
    """It is as the rule asks."""

    BROKEN = "broken"
    """It is not."""

    UNKNOWN = "unknown"
    """Only a deployment can tell, so nothing is proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One thing that a rule looked at."""

    urn: str
    """The resource."""

    path: str
    """Property path in its inputs; empty for the resource as a whole."""

    verdict: Verdict
    """What the rule says of it."""

    found: str
    """What was there, in words."""

    allowed: str = ""
    """What may be there; empty for what the rule says of all."""

    remedy: str = ""
    """How to mend it; empty for what the rule says of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One control: what it asks for, why, and the function that looks."""

    id: str
    """``CP-03``: area and number."""

    severity: Severity
    """How bad a finding is."""

    title: str
    """What holds when all is well."""

    needs: str
    """What a plan must have for the rule to apply: ``a cluster``."""

    why: str
    """What goes wrong otherwise."""

    allowed: str
    """What may be found."""

    remedy: str
    """How to mend a finding, in terms of the platform's description."""

    sources: tuple[Source, ...]
    """Where else the control is asked for."""

    examine: "Callable[[View], Iterable[Observation]]"
    """Looks at a plan; pure. What it doesn't yield it has no opinion on; nothing at all: not applicable."""

    production_only: bool = False
    """Whether it only applies where the tag ``Environment`` says production."""

    def __post_init__(self) -> None:
        """Refuse a rule that tells too little."""
        if not _ID.fullmatch(self.id):
            raise ValueError(f"{self.id!r} is no rule id: capitals, a hyphen, two digits")
        for field in ("title", "needs", "why", "allowed", "remedy", "sources"):
            if not getattr(self, field):
                raise ValueError(f"rule {self.id} lacks its {field}")

    @property
    def area(self) -> str:
        """``CP``: what the control belongs to."""
        return self.id.partition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as a rule asks."""

    rule: str
    """Id of the rule."""

    urn: str
    """The resource; empty for a fault of the description itself."""

    path: str
    """Property path in its inputs; empty for the resource as a whole."""

    found: str
    """What was there."""

    allowed: str
    """What may be there."""

    remedy: str
    """How to mend it."""

    unknown: bool = False
    """Whether it is a finding because only a deployment can tell."""

    @property
    def name(self) -> str:
        """Logical name of the resource."""
        return self.urn.rpartition("::")[2]

    @property
    def identity(self) -> str:
        """Rule, resource and property, the same in every run: what a baseline can remember."""
        return hashlib.sha256(f"{self.rule} {self.urn} {self.path}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that somebody answers for."""

    finding: Finding
    waiver: Waiver


class Status(StrEnum):
    """How a rule ends, worst first."""

    FAILED = "failed"
    WAIVED = "waived"
    PASSED = "passed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one rule."""

    rule: Rule
    status: Status

    reason: str = ""
    """Why it isn't applicable."""

    findings: tuple[Finding, ...] = ()
    """What is wrong and nobody answers for, sorted."""

    waived: tuple[Waived, ...] = ()
    """What is wrong and waived, sorted."""

    evidence: tuple[Observation, ...] = ()
    """What was looked at and is as it should be, in the order of the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of every rule."""

    project: str
    stack: str

    day: date
    """When it was so: waivers end, and so does the support of versions."""

    resources: int
    """How many resources the plan has."""

    results: tuple[Result, ...]
    """One for each rule that ran, by id."""

    unused: tuple[Waiver, ...] = ()
    """Waivers that cover no finding: they can go."""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, by rule."""
        return tuple(finding for result in self.results for finding in result.findings)

    def count(self, status: Status) -> int:
        """Count the rules that ended so."""
        return sum(result.status is status for result in self.results)
