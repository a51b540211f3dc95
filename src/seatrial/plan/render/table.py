"""A plan for a person at a terminal: what there is, where it belongs, what comes out."""

import io
from collections import Counter
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from seatrial.plan.graph import Plan, Resource
from seatrial.plan.render.shown import shown

_ENDLESS: Final = 1_000_000
"""A width that nothing fills, for what isn't read on a screen."""

_GAP: Final = 2
"""Columns between those of a table."""


def render(plan: Plan, *, width: int | None = None, color: bool = False) -> str:
    """Write a plan as a tree, the number of resources of each type, and the outputs.

    ``width`` is that of the screen, on which a long output is cut; without one nothing is.
    """
    room = width or _ENDLESS
    console = Console(file=io.StringIO(), width=room, force_terminal=color, color_system="standard" if color else None)
    with console.capture() as capture:
        console.print(Group(_title(plan), _tree(plan), Text(), _counts(plan), Text(), _outputs(plan, room)))
    lines = (line.rstrip() for line in capture.get().splitlines())
    return "\n".join(lines) + "\n"


def _title(plan: Plan) -> RenderableType:
    made = _number("resource", sum(resource.custom and not resource.is_provider for resource in plan))
    components = _number("component", sum(resource.is_component for resource in plan) - 1)
    return Text.assemble((f"{plan.project}/{plan.stack}", "bold"), f": {made} in {components}")


def _number(noun: str, count: int) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _tree(plan: Plan) -> Tree:
    root = next(resource for resource in plan if not resource.parent)
    tree = Tree(_line(root))
    _grow(tree, plan, root)
    return tree


def _grow(tree: Tree, plan: Plan, parent: Resource) -> None:
    for child in plan.children(parent.urn):
        _grow(tree.add(_line(child)), plan, child)


def _line(resource: Resource) -> Text:
    marks = {"protected": resource.protect, "retained": resource.retain_on_delete}
    return Text.assemble(
        (resource.name, "bold cyan" if resource.is_component else ""),
        (f"  {_short(resource)}", "dim"),
        *((f"  {mark}", "yellow") for mark, is_set in marks.items() if is_set),
    )


def _short(resource: Resource) -> str:
    """``aws:ec2/vpc:Vpc`` becomes ``ec2 Vpc``, a component's type its last part."""
    _, module, name = resource.type.split(":")
    if resource.is_provider:
        return f"provider {name}"
    return name if resource.is_component else f"{module.partition('/')[0]} {name}"


def _counts(plan: Plan) -> Table:
    counts = Counter(_short(resource) for resource in plan if resource.custom and not resource.is_provider)
    table = _titled("Resources by type", "Type", "Count")
    table.columns[1].justify = "right"
    for name, count in sorted(counts.items()):
        table.add_row(name, str(count))
    return table


def _outputs(plan: Plan, width: int) -> Table:
    table = _titled("Outputs", "Output", "Value")
    room = width - max(map(len, plan.outputs), default=0) - _GAP
    for name, value in plan.outputs.items():
        table.add_row(Text(name), Text(_cut(str(shown(value)), room)))
    return table


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room, 1) - 1]}…"


def _titled(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
