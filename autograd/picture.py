"""draw: the picture of a graph, with the value above and the gradient below each wire, as the slides draw it."""

from __future__ import annotations

import html
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograd import errors
from autograd.graph import topological_order
from autograd.node import Constant, Node

FORMATS = ("svg", "png", "pdf", "dot")
DIRECTIONS = {"LR": (":e", ":w"), "TB": (":s", ":n")}  # the sides on which a wire leaves and enters
VALUE, GRADIENT, LOCAL, INK = "#1a7f37", "#c0271d", "#1f5fbf", "#24292f"
LEGEND = (
    f'<FONT COLOR="{VALUE}">value above</FONT>, <FONT COLOR="{GRADIENT}">gradient below</FONT> each wire, '
    f'<FONT COLOR="{LOCAL}">∂ local gradient</FONT> on each edge'
)
SMALL = 6  # elements of an array that are shown as numbers; of a larger one, its shape and dtype


class Picture:
    """The picture of one graph: `source` is its DOT text; rendered on demand, by itself in a notebook."""

    def __init__(self, source: str) -> None:
        self.source = source

    def render(self, format: str = "svg") -> bytes:
        """The picture's bytes, by Graphviz's `dot` where it is installed, else by the one in pygraphviz's wheel.

        Raises RuntimeError, which says what to install, where there is neither.
        """
        if format not in FORMATS:
            raise ValueError(errors.PICTURE_FORMAT.format(known=", ".join(FORMATS), came=format))
        if format == "dot":
            return self.source.encode()
        rendered = _dot(self.source, format) or _pygraphviz(self.source, format)
        if rendered is None:
            raise RuntimeError(errors.NO_RENDERER_BYTES.format(format=format))
        return rendered

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to `path`, in the format that its suffix names (SVG if it has none), and return where.

        Where nothing can render, the DOT source is written in its place (suffix .dot), its path is returned, and the
        first time one line of log says what to install.
        """
        path = Path(path)
        if not path.suffix:
            path = path.with_name(f"{path.name}.svg")
        try:
            content = self.render(path.suffix.removeprefix(".").lower())
        except RuntimeError:
            path = path.with_suffix(".dot")
            content = self.source.encode()
            _say_what_to_install()
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = path.with_name(path.name + ".part")  # so that no half-written picture stays under its name
        try:
            whole.write_bytes(content)
            return whole.replace(path)
        finally:
            whole.unlink(missing_ok=True)

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()


def draw(
    root: Node, path: str | os.PathLike[str] | None = None, *, direction: str = "LR", max_nodes: int = 1000
) -> Picture:
    """Draw the graph that `root` was computed by, and write it to `path` where one is given.

    root       a Value or a Tensor, after `backward()` if the gradients are to be seen, in the case of a Tensor
               `backward(retain_grads=True)`
    path       an .svg, .png, .pdf or .dot file
    direction  "LR" from left to right, "TB" from top to bottom
    max_nodes  a larger graph is refused: its picture would take minutes, and nobody could read it

    Every wire carries its value above and its gradient below, with its label where the user gave one; every gate
    shows its symbol, together with a plain number that it took ("+1"); every edge into a gate shows the local
    gradient of the gate by that input. A gate over arrays (matmul, sum) has no local gradient small enough to show.
    """
    if not isinstance(root, Node):
        raise TypeError(errors.NOT_A_NODE.format(came=errors.describe(root)))
    if direction not in DIRECTIONS:
        raise ValueError(errors.PICTURE_DIRECTION.format(known=", ".join(DIRECTIONS), came=direction))
    order = topological_order(root)
    if len(order) > max_nodes:
        raise ValueError(errors.TOO_LARGE.format(came=len(order), limit=max_nodes))
    picture = Picture(_source(order, direction))
    if path is not None:
        picture.save(path)
    return picture


def number(x: float) -> str:
    """A number as the slides write it: up to four decimals, and a real minus sign."""
    small_or_large = x != 0 and not 5e-4 <= abs(x) < 1e7
    text = f"{x:.3g}" if small_or_large else f"{x:.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def _source(order: list[Node], direction: str) -> str:
    """The DOT text of a graph, given in topological order."""
    from graphviz import Digraph

    font = {"fontname": "Helvetica"}
    layout = {"rankdir": direction, "ordering": "in", "nodesep": "0.35", "ranksep": "0.3"}
    layout |= {"nslimit": "2", "nslimit1": "2"}  # bounds the rounds of the layout: dense graphs took minutes
    graph = Digraph(
        graph_attr={**layout, **font, "fontsize": "11", "label": f"<{LEGEND}>"},
        node_attr={**font, "fontsize": "12", "color": INK, "fontcolor": INK},
        edge_attr={**font, "fontsize": "11", "color": INK, "fontcolor": LOCAL, "arrowsize": "0.6"},
    )
    names: dict[Node, str] = {}
    # Before a backward from here, the gradients are those of another root, or the 0.0 that a Value begins with.
    walked = order[0].grad is not None and bool(np.any(order[0].grad))
    tail, head = DIRECTIONS[direction]

    def wire(node: Node) -> str:
        if node not in names:
            names[node] = f"wire{len(names)}"
            graph.node(names[node], _wire_label(node, walked), shape="plain")
        return names[node]

    for node in reversed(order):
        end = wire(node)
        if node.gate is None:
            continue
        gate = end.replace("wire", "gate")
        graph.node(gate, _symbol(node), shape="circle", margin="0.02", tooltip=node.gate.name)
        graph.edge(gate, end + head, arrowhead="none")
        for source, local in zip(node.inputs, _local_gradients(node), strict=True):
            if not _folded(node, source):
                graph.edge(wire(source) + tail, gate, label=f" ∂ {local} " if local else "")
    return graph.source


def _wire_label(node: Node, walked: bool) -> str:
    """The wire as a line: the label at its left, the value above, the gradient below."""
    name = f'<TD ROWSPAN="3"><B>{html.escape(str(node.label))}</B></TD>' if node.label else ""
    gradient = _summary(node.grad) if walked and node.requires_grad and node.grad is not None else " "
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
        f'<TR>{name}<TD><FONT COLOR="{VALUE}">{_summary(node.data)}</FONT></TD></TR><HR/>'
        f'<TR><TD><FONT COLOR="{GRADIENT}">{gradient}</FONT></TD></TR></TABLE>>'
    )


def _summary(data: Any) -> str:
    """A number; a small array as its numbers; a larger one as its shape and dtype."""
    if np.ndim(data) == 0:
        return number(float(data))
    if np.size(data) <= SMALL:
        numbers: Any = {"float_kind": number}
        return html.escape(np.array2string(np.asarray(data), separator=", ", formatter=numbers))
    return html.escape(f"{np.shape(data)} {data.dtype}")


def _folded(node: Node, source: Node) -> bool:
    """Whether an input is a plain number, which is written into the gate's circle and needs no wire."""
    return isinstance(source, Constant) and np.ndim(source.data) == 0


def _symbol(node: Node) -> str:
    """The gate's symbol, with the plain number that it took, if any: "+1", "×2", "2÷", "max 0"."""
    symbol = node.gate.symbol
    space = " " if symbol.isalpha() else ""
    for position, source in enumerate(node.inputs):
        if _folded(node, source):
            text = number(float(source.data))
            text = f"({text})" if text.startswith("−") else text
            swaps = node.gate.name in ("add", "mul", "maximum", "minimum")
            symbol = f"{symbol}{space}{text}" if position or swaps else f"{text}{space}{symbol}"
    return symbol


def _local_gradients(node: Node) -> list[str]:
    """The local gradient by each input that is tracked, as text; empty where there is none to show."""
    rules = node.gate.arrays if isinstance(node.data, np.ndarray) else node.gate.floats
    if not rules.local_gradients:
        return [""] * len(node.inputs)
    data = [source.data for source in node.inputs]
    with np.errstate(all="ignore"):
        return [
            _summary(local(node.data, *data)) if source.requires_grad else ""
            for source, local in zip(node.inputs, rules.local_gradients, strict=True)
        ]


@cache
def _say_what_to_install() -> None:
    """One line of log, once: seen on the terminal by whoever has not configured logging."""
    import logging

    logging.getLogger(__name__).warning(errors.NO_RENDERER)


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
