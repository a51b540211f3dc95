"""A plan as a Mermaid flowchart, which Git hosts draw in Markdown."""

from collections.abc import Iterator

from seatrial.plan.graph import Plan
from seatrial.plan.render.diagram import Node, diagram, walk


def render(plan: Plan) -> str:
    """Write a plan in Mermaid: components are subgraphs, arrows point at what a resource waits for."""
    drawing = diagram(plan)
    lines = [
        "---",
        f"title: {plan.project}-{plan.stack}",
        "---",
        "flowchart RL",
        *_nodes(drawing.roots),
        *(f"  {waiting} --> {needed}" for waiting, needed in drawing.edges),
    ]
    return "\n".join(lines) + "\n"


def _nodes(roots: tuple[Node, ...]) -> Iterator[str]:
    for node, depth, is_end in walk(roots):
        indent = "  " * depth
        if is_end:
            yield f"{indent}end"
        elif node.is_component:
            yield f'{indent}subgraph {node.id}["{_label(node)}"]'
        else:
            yield f'{indent}{node.id}["{_label(node)}"]'


def _label(node: Node) -> str:
    name = node.name.replace('"', "#quot;")
    return f"{name}<br/><i>{node.kind}</i>"
