"""The engine's event stream, read as progress, as what changed, and as what went wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pulumi.automation import events

from seatrial.rehearsal.progress import Progress

_COLOUR = re.compile(r"<\{%.*?%\}>")
"""Colour as the engine writes it: ``<{%reset%}>``."""

_CREATIONS = (events.OpType.CREATE, events.OpType.CREATE_REPLACEMENT)

_STACK = "pulumi:pulumi:Stack"

_TRACEBACK = re.compile(r"\n?Traceback \(most recent call last\).*|\n\s*File \".*", re.DOTALL)
"""Where a Python traceback begins: it is in the engine's log for who wants it."""

_ENDINGS = ("update failed", "destroy failed", "refresh failed", "preview failed")
"""What the engine says in the end when it has said before what failed."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that went wrong."""

    resource: str
    """``name (type)``; empty when it is no single resource's fault."""

    message: str
    """What the provider, or the engine, says: the API call and the service's answer."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that an operation changed."""

    resource: str
    """``name (type)``."""

    kind: str
    """What was done, in the engine's words: ``create``, ``update``, ``replace``, ``delete``, …"""

    properties: tuple[str, ...]
    """Which of its properties differ."""


class Watch:
    """Follows one operation of the engine."""

    def __init__(
        self,
        progress: Progress,
        total: int | None,
        *,
        until: Sequence[str] = (),
        on_settled: Callable[[], None] = lambda: None,
    ) -> None:
        """Tell ``progress``; ``total`` is how many resources are expected, where that is known.

        Once every resource of ``until``, URNs, came to its end, well or not, ``on_settled`` is called.
        """
        self._unsettled = set(until)
        self._on_settled = on_settled
        self._progress = progress
        self._total = total
        self._running: dict[str, str] = {}
        self._done = 0
        self._changes: Mapping[str, int] = {}
        self._diagnoses: dict[Diagnosis, None] = {}
        self._failed_creates: list[str] = []
        self._changed: list[Change] = []
        self._finished = False

    def __call__(self, event: events.EngineEvent) -> None:
        """Take in one event."""
        if event.resource_pre_event:
            self._began(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._succeeded(event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self._failed(event.res_op_failed_event.metadata)
        elif event.diagnostic_event:
            self._diagnosed(event.diagnostic_event)
        elif event.summary_event:
            # OpType by the SDK's annotations, plain text from its stream.
            counts = event.summary_event.resource_changes.items()
            self._changes = {events.OpType(op).value: count for op, count in counts}
            self._finished = True

    @property
    def changes(self) -> Mapping[str, int]:
        """How many resources were created, updated and so on, as the engine counts them."""
        return self._changes

    @property
    def changed(self) -> tuple[Change, ...]:
        """Every resource that isn't as it was, in the order in which that happened."""
        return tuple(self._changed)

    @property
    def settled(self) -> bool:
        """Whether every resource that was waited for came to its end."""
        return not self._unsettled

    @property
    def finished(self) -> bool:
        """Whether the engine came to its end by itself."""
        return self._finished

    @property
    def failed_creates(self) -> tuple[str, ...]:
        """URNs of the resources whose creation failed."""
        return tuple(self._failed_creates)

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """What went wrong, each thing once; a resource's own faults before general ones."""
        specific = [diagnosis for diagnosis in self._diagnoses if diagnosis.message not in _ENDINGS]
        return tuple(sorted(specific or self._diagnoses, key=lambda diagnosis: not diagnosis.resource))

    def _began(self, step: events.StepEventMetadata) -> None:
        self._running[step.urn] = f"{step.op.value} {name_of(step.urn)}"
        self._tell()

    def _ended(self, step: events.StepEventMetadata) -> None:
        if self._running.pop(step.urn, None):
            self._done += 1
        self._tell()
        if step.urn in self._unsettled:
            self._unsettled.remove(step.urn)
            if not self._unsettled:
                self._on_settled()

    def _succeeded(self, step: events.StepEventMetadata) -> None:
        if step.op is not events.OpType.SAME:
            self._changed.append(Change(described(step.urn), step.op.value, tuple(sorted(step.diffs or ()))))
        self._ended(step)

    def _failed(self, step: events.StepEventMetadata) -> None:
        if step.op in _CREATIONS:
            self._failed_creates.append(step.urn)
        self._ended(step)

    def _tell(self) -> None:
        current = next(reversed(self._running.values()), "")
        self._progress.advance(self._done, self._total, current)

    def _diagnosed(self, event: events.DiagnosticEvent) -> None:
        if event.severity == "error":
            self._diagnoses[_diagnosis(event)] = None


def described(urn: str) -> str:
    """Name a resource as people see it: ``name (type)``."""
    return f"{name_of(urn)} ({type_of(urn)})"


def name_of(urn: str) -> str:
    """Take the resource's name from its URN."""
    return urn.rpartition("::")[2]


def type_of(urn: str) -> str:
    """Take the resource's own type from its URN, without those of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def _diagnosis(event: events.DiagnosticEvent) -> Diagnosis:
    message = _TRACEBACK.sub("", _COLOUR.sub("", event.message)).strip()
    urn = event.urn or ""
    if not urn or type_of(urn) == _STACK:
        return Diagnosis("", message)
    resource = described(urn)
    return Diagnosis(resource, message.removeprefix(f"{resource}: "))
