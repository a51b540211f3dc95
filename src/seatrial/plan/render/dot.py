"""A drawing in the language of Graphviz."""

from collections.abc import Iterator

from seatrial.plan.render.diagram import Arrow, Diagram, Node, walk


def render(drawing: Diagram) -> str:
    """Write a drawing in DOT; boxes are clusters."""
    lines = [
        f"digraph {_quoted(drawing.title)} {{",
        f"  rankdir={drawing.direction}; compound=true;",
        '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=10];',
        '  edge [fontname="Helvetica", fontsize=9, color=gray30];',
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
        elif node.is_box:
            yield f"{indent}subgraph cluster_{node.id} {{ label={_label(node)};"
        else:
            yield f"{indent}{node.id} [label={_label(node)}];"


def _arrows(drawing: Diagram) -> Iterator[str]:
    """Lead arrows to a box to something in it, and end them at its border: Graphviz knows no others."""
    inside = {node.id: _first(node) for node, _, _ in walk(drawing.roots) if node.is_box}
    for arrow in drawing.arrows:
        looks = ", ".join(_looks(arrow, is_box=arrow.target in inside))
        target = inside.get(arrow.target, arrow.target)
        yield f"  {arrow.source} -> {target}{f' [{looks}]' if looks else ''};"


def _looks(arrow: Arrow, *, is_box: bool) -> Iterator[str]:
    if is_box:
        yield f"lhead=cluster_{arrow.target}"
    if arrow.label:
        yield f"label={_quoted(arrow.label)}"
    if arrow.is_faint:
        yield "style=dashed, color=gray60"


def _first(node: Node) -> str:
    """Return the first thing in a box; of one that is empty itself, as no arrow leads there."""
    return _first(node.children[0]) if node.children else node.id


def _label(node: Node) -> str:
    return _quoted("\\n".join((node.name, *node.lines)))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
