"""A plan as a graph for Graphviz."""

from collections.abc import Iterator

from seatrial.plan.graph import Plan
from seatrial.plan.render.diagram import Diagram, Node, diagram, walk


def render(plan: Plan) -> str:
    """Write a plan in DOT: components are clusters, arrows point at what a resource waits for."""
    drawing = diagram(plan)
    lines = [
        f"digraph {_quoted(f'{plan.project}-{plan.stack}')} {{",
        "  rankdir=RL; compound=true;",
        '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=10];',
        '  graph [fontname="Helvetica", fontsize=11, style=rounded, color=gray60];',
        *_nodes(drawing.roots),
        *_arrows(drawing),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _nodes(roots: tuple[Node, ...]) -> Iterator[str]:
    for node, depth, is_end in walk(roots):
        indent = "  " * depth
        if is_end:
            yield f"{indent}}}"
        elif node.is_component:
            yield f"{indent}subgraph cluster_{node.id} {{ label={_label(node)};"
        else:
            yield f"{indent}{node.id} [label={_label(node)}];"


def _arrows(drawing: Diagram) -> Iterator[str]:
    """Lead arrows to a component to something in it, and end them at its border: Graphviz knows no others."""
    inside = {node.id: _first(node) for node, _, _ in walk(drawing.roots) if node.is_component}
    for waiting, needed in drawing.edges:
        if needed in inside:
            yield f"  {waiting} -> {inside[needed]} [lhead=cluster_{needed}];"
        else:
            yield f"  {waiting} -> {needed};"


def _first(node: Node) -> str:
    """Return the first resource in a component; of one that is empty itself, as nothing waits for it."""
    return _first(node.children[0]) if node.children else node.id


def _label(node: Node) -> str:
    return _quoted(f"{node.name}\\n{node.kind}")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
