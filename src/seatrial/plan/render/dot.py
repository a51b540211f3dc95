"""A plan as a graph for Graphviz."""

from collections.abc import Iterator

from seatrial.plan.graph import Plan
from seatrial.plan.render.diagram import Node, diagram, walk


def render(plan: Plan) -> str:
    """Write a plan in DOT: components are clusters, arrows point at what a resource waits for."""
    drawing = diagram(plan)
    lines = [
        f"digraph {_quoted(f'{plan.project}-{plan.stack}')} {{",
        "  rankdir=RL; compound=true;",
        '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=10];',
        '  graph [fontname="Helvetica", fontsize=11, style=rounded, color=gray60];',
        *_nodes(drawing.roots),
        *(f"  {waiting} -> {needed};" for waiting, needed in drawing.edges),
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


def _label(node: Node) -> str:
    return _quoted(f"{node.name}\\n{node.kind}")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
