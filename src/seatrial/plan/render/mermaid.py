"""A drawing as a Mermaid flowchart, which Git hosts draw in Markdown."""

from collections.abc import Iterator

from seatrial.plan.render.diagram import Arrow, Diagram, Node, walk


def render(drawing: Diagram) -> str:
    """Write a drawing in Mermaid; boxes are subgraphs."""
    lines = [
        "---",
        f"title: {drawing.title}",
        "---",
        f"flowchart {drawing.direction}",
        *_nodes(drawing.roots),
        *map(_arrow, drawing.arrows),
    ]
    return "\n".join(lines) + "\n"


def _nodes(roots: tuple[Node, ...]) -> Iterator[str]:
    for node, depth, is_end in walk(roots):
        indent = "  " * depth
        if is_end:
            yield f"{indent}end"
        elif node.is_box:
            yield f'{indent}subgraph {node.id}["{_label(node, " ")}"]'
        else:
            yield f'{indent}{node.id}["{_label(node, "<br/>")}"]'


def _arrow(arrow: Arrow) -> str:
    line = "-.->" if arrow.is_faint else "-->"
    label = f'|"{_escaped(arrow.label)}"|' if arrow.label else ""
    return f"  {arrow.source} {line}{label} {arrow.target}"


def _label(node: Node, between: str) -> str:
    # A box has room for one line of title.
    return between.join((_escaped(node.name), *(f"<i>{_escaped(line)}</i>" for line in node.lines)))


def _escaped(text: str) -> str:
    return text.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
