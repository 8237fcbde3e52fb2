"""The DOT text of a graph, and its rendering by Graphviz's `dot` or by the Graphviz in pygraphviz's wheel.

A node is drawn as a wire: a line with the value above it and the gradient below it. The gate that computed the node is
a circle, with an edge to it from each of its inputs. The colours are in `colours.py`.
"""

from __future__ import annotations

import html
import reprlib
from collections.abc import Callable, Iterator

import numpy as np

from autograd.drawing.colours import GRADIENT, INK, LOCAL, VALUE
from autograd.drawing.labels import Labels, Text, parenthesize_negative
from autograd.graph.node import Constant, Node

DIRECTIONS = {"LR": (":e", ":w"), "TB": (":s", ":n")}  # the sides on which edges leave and enter a wire
CURVED_LIMIT = 1000  # long edges: with more, curved ones take Graphviz minutes or crash it


def drawn_inputs(node: Node) -> Iterator[tuple[int, Node]]:
    """Yield the inputs of a node's gate that are drawn as wires, with their positions.

    Parameters
    ----------
    node : Value or Tensor
        A node of a graph.

    Yields
    ------
    tuple of int and node
        The position of the input, and the input.
    """
    return ((position, input) for position, input in enumerate(node.inputs) if not _in_circle(input))


def wire_ids(root: Node) -> dict[Node, str]:
    """Return all nodes that are drawn as wires, in forward order, with their ids in DOT and on the page.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Returns
    -------
    dict of node to str
        The ids, as in "wire3". The gate that computed that node and the edges into this gate have the ids "gate3",
        "edge3-0" and "edge3-1".

    Notes
    -----
    This is a second walk next to the one in `autograd.graph`, because its order differs: it visits the first input
    first, as the graph is read, and it leaves out the plain numbers that are written inside a gate's circle.
    """
    ids: dict[Node, str] = {}
    path = [root]
    while path:
        unvisited = next((input for _, input in drawn_inputs(path[-1]) if input not in ids), None)
        if unvisited is None:
            ids[path.pop()] = f"wire{len(ids)}"
        else:
            path.append(unvisited)
    return ids


def forward_order(root: Node) -> list[Node]:
    """Return the nodes that are drawn as wires, each after its inputs, the first input first.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.

    Returns
    -------
    list of node
        Every node except the plain numbers that are written inside a gate's circle. `root` is last.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.drawing import forward_order
    >>> x, y = Value(2.0), Value(3.0)
    >>> [node.data for node in forward_order((x + y) * 10)]
    [2.0, 3.0, 5.0, 50.0]
    """
    return list(wire_ids(root))


def count_bypassed_gates(wires: dict[Node, str]) -> int:
    """Count the gates that edges pass on the way to later gates: the cost of the layout grows with them.

    Parameters
    ----------
    wires : dict of node to str
        The nodes of the graph, as from `wire_ids`.

    Returns
    -------
    int
        The sum over all edges of the number of ranks between their ends; Graphviz puts a virtual node on each.
    """
    rank: dict[Node, int] = {}
    bypassed = 0
    for node in wires:
        if node.gate is not None:
            inputs = [input for _, input in drawn_inputs(node)]
            rank[node] = 1 + max((rank[input] for input in inputs if input.gate is not None), default=0)
            for input in inputs:  # a leaf is placed next to its first gate
                bypassed += rank[node] - 1 - rank.setdefault(input, rank[node] - 1)
    return bypassed


def dot_source(
    wires: dict[Node, str],
    direction: str,
    labels: Labels,
    gradient_text: Callable[[Node], Text],
    edge_text: Callable[[Node, int], str],
    *,
    legend: str,
) -> str:
    """Return the DOT text of a graph.

    Parameters
    ----------
    wires : dict of node to str
        The nodes of the graph, as from `wire_ids`.
    direction : {"LR", "TB"}
        From left to right, or from top to bottom.
    labels : Labels
        How to name nodes and format numbers.
    gradient_text : callable
        A function of a node that returns the text below its wire.
    edge_text : callable
        A function of a node and the position of an input that returns the text at the edge into the node's gate.
    legend : str
        A text, plain or in Graphviz's HTML, below the graph.

    Returns
    -------
    str
        The DOT text.
    """
    from graphviz import Digraph

    font = {"fontname": "Helvetica"}
    layout = {"rankdir": direction, "ordering": "in", "nodesep": "0.35", "ranksep": "0.3"}
    layout |= {"nslimit": "2", "nslimit1": "2"}  # bounds the rounds of the layout: dense graphs took minutes
    if count_bypassed_gates(wires) > CURVED_LIMIT:
        layout |= {"splines": "line", "nslimit": "0.2", "nslimit1": "0.2", "mclimit": "0.1"}
    graph = Digraph(
        graph_attr={**layout, **font, "fontsize": "11", "label": legend},
        node_attr={**font, "fontsize": "12", "color": INK, "fontcolor": INK},
        edge_attr={**font, "fontsize": "11", "color": INK, "fontcolor": LOCAL, "arrowsize": "0.6"},
    )
    tail, head = DIRECTIONS[direction]
    for node, wire in wires.items():
        graph.node(wire, _wire_label(node, labels, gradient_text(node)), shape="plain", id=wire)
        if node.gate is None:
            continue
        gate = wire.replace("wire", "gate")
        symbol, tooltip = _escape_plain(_symbol(node, labels)), _escape_plain(_tooltip(node))
        graph.node(gate, symbol, shape="circle", margin="0.02", tooltip=tooltip, id=gate)
        graph.edge(gate, wire + head, arrowhead="none", id=wire.replace("wire", "out"))
        for position, input in drawn_inputs(node):
            edge = f"{wire.replace('wire', 'edge')}-{position}"
            graph.edge(wires[input] + tail, gate, label=_escape_plain(edge_text(node, position)), id=edge)
    return graph.source


def color_legend(*, gradients: bool) -> str:
    """Return the legend of the colours, in Graphviz's HTML.

    Parameters
    ----------
    gradients : bool
        Whether gradients are shown.

    Returns
    -------
    str
        The legend.
    """
    below = f', <FONT COLOR="{GRADIENT}">gradient below</FONT>' if gradients else ""
    return (
        f'<<FONT COLOR="{VALUE}">value above</FONT>{below} each wire, '
        f'<FONT COLOR="{LOCAL}">∂ local gradient</FONT> on each edge>'
    )


def _wire_label(node: Node, labels: Labels, below: Text) -> str:
    """A table with the wire as its rule: the name on the left, the value above, the gradient below."""
    name, above = _escape(labels.name(node)), labels.text(node.data)
    left = f'<TD ROWSPAN="3"><B>{name}</B></TD>' if name else ""
    height = max(_height(above), _height(below))  # the same for both, so that the line is in the middle, at the edges
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
        f'<TR>{left}<TD HEIGHT="{height}" VALIGN="BOTTOM">{_cell(above, VALUE)}</TD></TR><HR/>'
        f'<TR><TD HEIGHT="{height}" VALIGN="TOP">{_cell(below, GRADIENT)}</TD></TR></TABLE>>'
    )


def _height(text: Text) -> int:
    """The height in points of a cell with this text, padding included."""
    return 6 + 15 * len(text.lines) + (14 if text.small else 0)


def _cell(text: Text, color: str) -> str:
    lines = [_escape(line) or " " for line in text.lines]
    if text.small:
        lines.append(f'<FONT POINT-SIZE="11">{_escape(text.small)}</FONT>')
    return f'<FONT COLOR="{color}">{"<BR/>".join(lines)}</FONT>'


def _escape(text: str) -> str:
    r"""Escape a text for an HTML label, in which Graphviz replaces sequences such as "\N"."""
    return html.escape(text).replace("\\", "\\\\")


def _escape_plain(text: str) -> str:
    r"""Escape a text for a plain label, in which Graphviz replaces sequences such as "\N", and "&lt;" by "<"."""
    from graphviz import escape

    return escape(text.replace("&", "&amp;"))


def _in_circle(input: Node) -> bool:
    """Whether an input is a plain number, which is written inside the gate's circle and needs no wire."""
    return isinstance(input, Constant) and np.ndim(input.data) == 0


def _symbol(node: Node, labels: Labels) -> str:
    """The gate's symbol with its plain number, if any: "+1", "×2", "2÷", "max 0"."""
    symbol = node.gate.symbol
    space = " " if symbol.isalpha() else ""
    for position, input in enumerate(node.inputs):
        if _in_circle(input):
            text = parenthesize_negative(labels.number(float(input.data)))
            commutes = node.gate.name in ("add", "mul", "maximum", "minimum")
            symbol = f"{symbol}{space}{text}" if position or commutes else f"{text}{space}{symbol}"
    return symbol


def _tooltip(node: Node) -> str:
    """The gate's name and attributes: "sum axis=0 keepdims=False"."""
    attributes = getattr(node, "attributes", {})
    text = " ".join([node.gate.name, *(f"{name}={reprlib.repr(value)}" for name, value in attributes.items())])
    return " ".join(text.split())  # the repr of an array has several lines


# Rendering


def render_dot(source: str, format: str) -> bytes:
    """Render DOT text.

    Parameters
    ----------
    source : str
        The DOT text.
    format : {"svg", "png", "pdf"}
        The format of the picture.

    Returns
    -------
    bytes
        The picture.

    Raises
    ------
    RuntimeError
        If neither `dot` nor pygraphviz is installed; it says what to install.
    """
    content = _by_dot(source, format) or _by_pygraphviz(source, format)
    if content is None:
        raise RuntimeError(
            f"no Graphviz found to render {format}: install it (Debian: apt install graphviz; macOS: brew install "
            "graphviz) or pip install pygraphviz. The DOT source needs no Graphviz: picture.source"
        )
    return content


def _by_dot(source: str, format: str) -> bytes | None:
    """Render with the `dot` program; None if it is not installed."""
    from graphviz import ExecutableNotFound, Source

    try:
        return Source(source).pipe(format=format)
    except ExecutableNotFound:
        return None


def _by_pygraphviz(source: str, format: str) -> bytes | None:
    """Render with pygraphviz, whose wheel carries Graphviz; None if it is not installed."""
    try:
        from pygraphviz import AGraph
    except ImportError:
        return None
    return AGraph(string=source).draw(format=format, prog="dot")
