"""A plan for a person at a terminal: what there is, where it belongs, what comes out."""

import io
from collections import Counter

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from seatrial.plan.graph import Plan, Resource
from seatrial.plan.render.shown import shown

_LONGEST_VALUE = 96
"""Characters of an output's value that are shown; longer ones are cut."""


def render(plan: Plan, *, width: int = 120, color: bool = False) -> str:
    """Write a plan as a tree, the number of resources of each type, and the outputs."""
    console = Console(file=io.StringIO(), width=width, force_terminal=color, color_system="standard" if color else None)
    with console.capture() as capture:
        console.print(Group(_title(plan), _tree(plan), Text(), _counts(plan), Text(), _outputs(plan)))
    lines = (line.rstrip() for line in capture.get().splitlines())
    return "\n".join(lines) + "\n"


def _title(plan: Plan) -> RenderableType:
    made = [resource for resource in plan if resource.custom and not resource.is_provider]
    components = sum(resource.is_component for resource in plan) - 1
    return Text.assemble(
        (f"{plan.project}/{plan.stack}", "bold"), f": {len(made)} resources in {components} components"
    )


def _tree(plan: Plan) -> Tree:
    root = next(resource for resource in plan if not resource.parent)
    tree = Tree(_line(root))
    _grow(tree, plan, root)
    return tree


def _grow(tree: Tree, plan: Plan, parent: Resource) -> None:
    for child in plan.children(parent.urn):
        _grow(tree.add(_line(child)), plan, child)


def _line(resource: Resource) -> Text:
    style = "bold cyan" if resource.is_component else ""
    marks = [
        mark for mark, is_set in (("protected", resource.protect), ("retained", resource.retain_on_delete)) if is_set
    ]
    return Text.assemble(
        (resource.name, style), "  ", (_short(resource.type), "dim"), *((f"  {mark}", "yellow") for mark in marks)
    )


def _short(type_: str) -> str:
    """``aws:ec2/vpc:Vpc`` becomes ``ec2 Vpc``, ``seatrial:index:Network`` becomes ``Network``."""
    _, module, name = type_.split(":")
    service = module.partition("/")[0]
    return name if service in ("index", "pulumi", "providers") else f"{service} {name}"


def _counts(plan: Plan) -> Table:
    counts = Counter(_short(resource.type) for resource in plan if resource.custom)
    table = Table("Type", "Count", title="Resources by type", title_justify="left", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    for name, count in sorted(counts.items()):
        table.add_row(name, str(count))
    return table


def _outputs(plan: Plan) -> Table:
    table = Table("Output", "Value", title="Outputs", title_justify="left", box=None, pad_edge=False)
    for name, value in plan.outputs.items():
        table.add_row(Text(name), Text(_cut(str(shown(value)))))
    return table


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
