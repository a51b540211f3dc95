"""The inside of the cluster, drawn: a band for each namespace, who it may reach and be reached by, its roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from seatrial.report.architecture import labels
from seatrial.report.architecture.flows import End, Flow, flows
from seatrial.report.architecture.namespaces import Namespace, first, namespaces
from seatrial.report.html.shapes import Box, arrow, caption
from seatrial.report.wording import counted
from seatrial.rules.view import View

MOST_NAMESPACES: Final = 24
MOST_ROWS: Final = 12
"""What of many a person still looks at; the rest is counted."""

_TITLE = "in the cluster: what the network policies allow, and the roles that service accounts take (dashed)"
_CARD = 320
"""Width of what is said of a namespace."""

_PILL = 270
"""Width of the other end of an arrow."""

_GAP = 20
_ROW = 34
_LINE = 15


@dataclass(frozen=True, slots=True)
class _Row:
    """One arrow from a namespace or to it."""

    far: str
    """What is at its other end."""

    label: str
    kind: str
    """Its class in the style sheet."""

    is_inward: bool = False


@dataclass(frozen=True)
class Bands:
    """The bands, one below the other."""

    view: View
    bad: frozenset[str]
    """URNs of what has a finding."""

    top: float
    width: float

    @cached_property
    def bottom(self) -> float:
        """Lower edge."""
        if not self._drawn:
            return self.top
        return self.top + 40 + sum(map(self._height, self._drawn)) + (30 if self._rest else 0) + 10

    def shapes(self) -> Iterator[str]:
        """Draw; nothing for a plan that puts nothing into a cluster."""
        if self._drawn:
            height = self.bottom - self.top
            box = Box(x=_GAP, y=self.top, width=self.width, height=height, kind="inside", title=_TITLE)
            yield str(box)
        top = self.top + 32
        for namespace in self._drawn:
            yield from self._band(namespace, top)
            top += self._height(namespace)
        if self._rest:
            yield caption(2 * _GAP, top + 16, f"and {counted(self._rest, 'more namespace')}", self.width - 2 * _GAP)

    @cached_property
    def _every(self) -> tuple[Namespace, ...]:
        return namespaces(self.view)

    @cached_property
    def _drawn(self) -> tuple[Namespace, ...]:
        return first(self._every, MOST_NAMESPACES)

    @property
    def _rest(self) -> int:
        return len(self._every) - len(self._drawn)

    @cached_property
    def _flows(self) -> tuple[Flow, ...]:
        return flows(self.view)

    @cached_property
    def _rows(self) -> dict[str, list[_Row]]:
        return {each.name: [*self._reaches(each.name), *_roles(each)] for each in self._drawn}

    def _reaches(self, namespace: str) -> Iterator[_Row]:
        """Tell of a namespace's flows, outward first; those within it once."""
        for flow in self._flows:
            if _is_of(flow.source, namespace):
                own = _is_of(flow.target, namespace)
                yield _Row("its own pods" if own else _name(flow.target), _label(flow), "flow")
        for flow in self._flows:
            if _is_of(flow.target, namespace) and not _is_of(flow.source, namespace):
                yield _Row(_name(flow.source), _label(flow), "flow", is_inward=True)

    def _height(self, namespace: Namespace) -> float:
        rows = min(len(self._rows[namespace.name]), MOST_ROWS + 1)
        return max(rows * _ROW + 16, 34 + _LINE * len(_lines(namespace))) + 12

    def _band(self, namespace: Namespace, top: float) -> Iterator[str]:
        height = self._height(namespace) - 12
        yield str(
            Box(
                x=2 * _GAP,
                y=top,
                width=_CARD,
                height=height,
                kind="namespace",
                title=f"namespace {namespace.name}",
                lines=_lines(namespace),
                is_bad=not self.bad.isdisjoint(namespace.urns),
                tip=f"{namespace.name}: {counted(len(namespace.urns), 'resource')}",
            )
        )
        rows = self._rows[namespace.name]
        for number, row in enumerate(rows[:MOST_ROWS]):
            yield from self._arrow(row, top + 8 + number * _ROW)
        if len(rows) > MOST_ROWS:
            note = f"and {counted(len(rows) - MOST_ROWS, 'more arrow')}"
            yield caption(3 * _GAP + _CARD, top + MOST_ROWS * _ROW + 24, note, self.width - _CARD - 3 * _GAP)

    def _arrow(self, row: _Row, top: float) -> Iterator[str]:
        left, right, middle = 2 * _GAP + _CARD, self.width - _PILL, top + 16
        ends = [(left, middle), (right, middle)]
        yield arrow([*reversed(ends)] if row.is_inward else ends, row.kind, f"{row.label}: {row.far}")
        yield caption(left + 12, middle - 5, row.label, right - left - 28)
        yield str(Box(x=right, y=top + 2, width=_PILL, height=28, kind=f"far {row.kind}", title="", tip=row.far))
        yield caption(right + 10, top + 20, row.far, _PILL - 20, "name")


def _is_of(end: End, namespace: str) -> bool:
    return end.is_namespace and end.name == namespace


def _name(end: End) -> str:
    return f"namespace {end.name}" if end.is_namespace else end.name


def _label(flow: Flow) -> str:
    ends = (("from", flow.source.pods), ("to", flow.target.pods))
    return ", ".join((flow.ports, *(f"{word} pods with {pods}" for word, pods in ends if pods)))


def _roles(namespace: Namespace) -> Iterator[_Row]:
    for account in namespace.accounts:
        for role in account.roles:
            yield _Row(role.name, f"service account {account.name}", "role")


def _lines(namespace: Namespace) -> Sequence[str]:
    others = [account.name for account in namespace.accounts if not account.roles]
    accounts = labels.wrapped(f"service accounts without a role: {', '.join(others)}") if others else ()
    return (*labels.namespace(namespace), *(f"chart {chart}" for chart in namespace.charts), *accounts)
