"""The DOT text of a graph, and who renders it: Graphviz's `dot`, or the one in pygraphviz's wheel."""

from __future__ import annotations

import html
import reprlib
from collections.abc import Callable, Iterator

import numpy as np

from autograd import errors
from autograd.drawing.labels import Text, Writing, parenthesize_negative
from autograd.graph.node import Constant, Node

DIRECTIONS = {"LR": (":e", ":w"), "TB": (":s", ":n")}  # the sides on which a wire leaves and enters
VALUE, GRADIENT, LOCAL, INK = "#1a7f37", "#c0271d", "#1f5fbf", "#24292f"
TANGLED = 1000  # gates that edges pass by: with more of them, curved edges take Graphviz minutes, or crash it


def edges(node: Node) -> Iterator[tuple[int, Node]]:
    """The inputs of a node's gate that are drawn as wires, with their positions."""
    return ((position, source) for position, source in enumerate(node.inputs) if not _folded(source))


def wire_names(root: Node) -> dict[Node, str]:
    """All nodes that are drawn as wires, each with the name by which DOT and the page know it.

    They come in the order in which one would compute them, from left to right. The gate that made a node, and the
    edges into that gate, are called after it: wire3, gate3, edge3-0, edge3-1.
    """
    names: dict[Node, str] = {}
    path = [root]
    while path:
        waits_for = next((source for _, source in edges(path[-1]) if source not in names), None)
        if waits_for is None:
            names[path.pop()] = f"wire{len(names)}"
        else:
            path.append(waits_for)
    return names


def forward_order(root: Node) -> list[Node]:
    """Return the nodes that are drawn as wires, each after its inputs, the first input first.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Returns
    -------
    list of Node
        Every node except the plain numbers that are written inside a gate's circle. `root` is last.
    """
    return list(wire_names(root))


def passed_gates(wires: dict[Node, str]) -> int:
    """How many gates all the edges of a graph pass by, on their way to gates further on: what its layout costs."""
    level: dict[Node, int] = {}
    passed = 0
    for node in wires:
        if node.gate is not None:
            into = [source for _, source in edges(node)]
            level[node] = 1 + max((level[source] for source in into if source.gate is not None), default=0)
            for source in into:  # a leaf stands beside the first gate that takes it
                passed += level[node] - 1 - level.setdefault(source, level[node] - 1)
    return passed


def source(
    wires: dict[Node, str],
    direction: str,
    writing: Writing,
    below: Callable[[Node], Text],
    beside: Callable[[Node, int], str],
    *,
    legend: str,
) -> str:
    """The DOT text of a graph.

    wires   its nodes, by the names of their wires
    below   what stands below a node's wire
    beside  what stands at the edge into a node's gate, from the input in that position
    legend  what stands below it all
    """
    from graphviz import Digraph, escape

    font = {"fontname": "Helvetica"}
    layout = {"rankdir": direction, "ordering": "in", "nodesep": "0.35", "ranksep": "0.3"}
    layout |= {"nslimit": "2", "nslimit1": "2"}  # bounds the rounds of the layout: dense graphs took minutes
    if passed_gates(wires) > TANGLED:
        layout |= {"splines": "line", "nslimit": "0.2", "nslimit1": "0.2", "mclimit": "0.1"}
    graph = Digraph(
        graph_attr={**layout, **font, "fontsize": "11", "label": legend},
        node_attr={**font, "fontsize": "12", "color": INK, "fontcolor": INK},
        edge_attr={**font, "fontsize": "11", "color": INK, "fontcolor": LOCAL, "arrowsize": "0.6"},
    )
    tail, head = DIRECTIONS[direction]
    for node, wire in wires.items():
        graph.node(wire, _wire_label(node, writing, below(node)), shape="plain", id=wire)
        if node.gate is None:
            continue
        gate = wire.replace("wire", "gate")
        symbol = escape(_symbol(node, writing))
        graph.node(gate, symbol, shape="circle", margin="0.02", tooltip=escape(_tooltip(node)), id=gate)
        graph.edge(gate, wire + head, arrowhead="none", id=wire.replace("wire", "out"))
        for position, into in edges(node):
            name = f"{wire.replace('wire', 'edge')}-{position}"
            graph.edge(wires[into] + tail, gate, label=escape(beside(node, position)), id=name)
    return graph.source


def legend(*, gradients: bool) -> str:
    """What the colours say, where there are gradients and where there are none."""
    below = f', <FONT COLOR="{GRADIENT}">gradient below</FONT>' if gradients else ""
    return (
        f'<<FONT COLOR="{VALUE}">value above</FONT>{below} each wire, '
        f'<FONT COLOR="{LOCAL}">∂ local gradient</FONT> on each edge>'
    )


def _wire_label(node: Node, writing: Writing, below: Text) -> str:
    """The wire as a line: the name at its left, the value above, the gradient below."""
    name, above = _escape(writing.name(node)), writing.text(node.data)
    beside = f'<TD ROWSPAN="3"><B>{name}</B></TD>' if name else ""
    high = max(_height(above), _height(below))  # of both, so that the line meets the edges, in the middle
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f'<TR>{beside}<TD HEIGHT="{high}" VALIGN="BOTTOM">{_cell(above, VALUE)}</TD></TR><HR/>'
        f'<TR><TD HEIGHT="{high}" VALIGN="TOP">{_cell(below, GRADIENT)}</TD></TR></TABLE>>'
    )


def _height(text: Text) -> int:
    """In points, as Graphviz sets lines of the sizes below, with the cell's padding."""
    return 6 + 15 * len(text.lines) + (14 if text.small else 0)


def _cell(text: Text, colour: str) -> str:
    lines = [_escape(line) or " " for line in text.lines]
    if text.small:
        lines.append(f'<FONT POINT-SIZE="11">{_escape(text.small)}</FONT>')
    return f'<FONT COLOR="{colour}">{"<BR/>".join(lines)}</FONT>'


def _escape(text: str) -> str:
    """For a label in HTML, in which Graphviz takes a backslash for the beginning of a name, "\\N"."""
    return html.escape(text).replace("\\", "\\\\")


def _folded(source: Node) -> bool:
    """Whether an input is a plain number, which is written into the gate's circle and needs no wire."""
    return isinstance(source, Constant) and np.ndim(source.data) == 0


def _symbol(node: Node, writing: Writing) -> str:
    """The gate's symbol, with the plain number that it took, if any: "+1", "×2", "2÷", "max 0"."""
    symbol = node.gate.symbol
    space = " " if symbol.isalpha() else ""
    for position, source in enumerate(node.inputs):
        if _folded(source):
            text = parenthesize_negative(writing.number(float(source.data)))
            swaps = node.gate.name in ("add", "mul", "maximum", "minimum")
            symbol = f"{symbol}{space}{text}" if position or swaps else f"{text}{space}{symbol}"
    return symbol


def _tooltip(node: Node) -> str:
    """The gate's name and attributes: "sum axis=0 keepdims=False"."""
    attributes = getattr(node, "attributes", {})
    text = " ".join([node.gate.name, *(f"{name}={reprlib.repr(given)}" for name, given in attributes.items())])
    return " ".join(text.split())  # an array's repr has several lines


# Who renders it


def rendered(source: str, format: str) -> bytes:
    """DOT text as SVG, PNG or PDF; RuntimeError says what to install where nothing can."""
    content = _dot(source, format) or _pygraphviz(source, format)
    if content is None:
        raise RuntimeError(errors.NO_RENDERER_BYTES.format(format=format))
    return content


def _dot(source: str, format: str) -> bytes | None:
    """Rendered by the `dot` program, None where there is none."""
    from graphviz import ExecutableNotFound, Source

    try:
        return Source(source).pipe(format=format)
    except ExecutableNotFound:
        return None


def _pygraphviz(source: str, format: str) -> bytes | None:
    """Rendered by pygraphviz, whose wheel carries Graphviz; None where it does not import."""
    try:
        from pygraphviz import AGraph
    except ImportError:
        return None
    return AGraph(string=source).draw(format=format, prog="dot")
