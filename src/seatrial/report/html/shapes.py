"""The shapes of the drawing: boxes with words, lines with arrows; bad ones where a finding is."""

from collections.abc import Sequence
from dataclasses import dataclass

from seatrial.report.html.letters import fitted
from seatrial.report.html.markup import element, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle with a title and lines below it."""

    x: float
    y: float
    width: float
    height: float

    kind: str
    """Its class in the style sheet: ``zone``, ``public``, ``private``, ``nodes``, …"""

    title: str
    lines: Sequence[str] = ()
    is_bad: bool = False
    """Whether there is a finding about it."""

    tip: str = ""
    """What a browser shows when the pointer rests on it."""

    @property
    def center(self) -> float:
        """Middle, from the left."""
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        """Lower edge, from the top."""
        return self.y + self.height

    def __str__(self) -> str:
        frame = element("rect", x=self.x, y=self.y, width=self.width, height=self.height, rx=6)
        room = self.width - 20
        texts = [_text(self.x + 10, self.y + 18, self.title, "title", room)] if self.title else []
        texts += [_text(self.x + 10, self.y + 35 + 15 * row, line, "line", room) for row, line in enumerate(self.lines)]
        class_ = f"{self.kind} bad" if self.is_bad else self.kind
        return element("g", element("title", words(self.tip or self.title)), frame, *texts, class_=class_)


def caption(x: float, y: float, text: str, room: float, class_: str = "line") -> str:
    """Write words on their own, in a width."""
    return _text(x, y, text, class_, room)


def _text(x: float, y: float, text: str, class_: str, room: float) -> str:
    """Write a text that is cut where it would leave its box; what is cut shows when the pointer rests on it."""
    cut = fitted(text, room, is_bold=class_ == "title")
    tip = [] if cut == text else [element("title", words(text))]
    return element("text", *tip, words(cut), x=x, y=y, class_=class_)


def arrow(points: Sequence[tuple[float, float]], kind: str, tip: str) -> str:
    """Draw a line through points, with an arrow at its end."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return element(
        "polyline", element("title", words(tip)), points=path, class_=f"way {kind}", marker_end="url(#arrow)"
    )


def canvas(width: float, height: float, label: str, *shapes: str) -> str:
    """Write the picture."""
    head = element("path", d="M0,0 L8,4 L0,8 z", class_="head")
    marker = element(
        "marker", head, id="arrow", viewBox="0 0 8 8", refX=7, refY=4, markerWidth=8, markerHeight=8, orient="auto"
    )
    return element(
        "svg",
        element("title", words(label)),
        element("defs", marker),
        *shapes,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_label=label,
    )
