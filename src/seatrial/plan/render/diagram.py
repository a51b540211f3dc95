"""A drawing before it is text: boxes in boxes, and arrows between what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Where arrows lead, as both languages spell it."""

    RIGHT = "LR"
    LEFT = "RL"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing, or a box with what is in it."""

    id: str
    """Letters and digits; no other node has it."""

    name: str
    lines: tuple[str, ...] = ()
    """What is said of it below its name."""

    children: tuple["Node", ...] = ()
    is_box: bool = False
    """Whether it is drawn around its children, even if there are none."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line from one node to another, by their ids."""

    source: str
    """Not a box: neither language starts an arrow at a border reliably."""

    target: str
    label: str = ""
    is_faint: bool = False
    """Whether it belongs to what the drawing is not mainly about."""


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing."""

    title: str
    direction: Direction
    roots: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def walk(nodes: tuple[Node, ...], depth: int = 1) -> Iterator[tuple[Node, int, bool]]:
    """Give every node with its depth; boxes twice, the second time, marked True, after what is in them."""
    for node in nodes:
        yield node, depth, False
        yield from walk(node.children, depth + 1)
        if node.is_box:
            yield node, depth, True
