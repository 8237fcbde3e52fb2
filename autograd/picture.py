"""draw: the picture of a graph, with the value above and the gradient below each wire, as the slides draw it."""

from __future__ import annotations

import html
import os
import reprlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import errors
from autograd.graph import gradients as walk
from autograd.graph import topological_order
from autograd.node import Constant, Node

FORMATS = ("svg", "png", "pdf", "dot", "html")
DIRECTIONS = {"LR": (":e", ":w"), "TB": (":s", ":n")}  # the sides on which a wire leaves and enters
VALUE, GRADIENT, LOCAL, INK = "#1a7f37", "#c0271d", "#1f5fbf", "#24292f"
LEGEND = (
    f'<FONT COLOR="{VALUE}">value above</FONT>, <FONT COLOR="{GRADIENT}">gradient below</FONT> each wire, '
    f'<FONT COLOR="{LOCAL}">∂ local gradient</FONT> on each edge'
)
SMALL, SIDE = 6, 4  # an array is shown as numbers up to so many elements, a matrix up to so many rows and columns
WIDTH = 28  # characters on a line: a longer row of numbers is broken, and on an edge it gives way to the shape
TANGLED = 1000  # gates that edges pass by: with more of them, curved edges take Graphviz minutes, or crash it
DENSE = 25  # for each node that is allowed, so many gates may edges pass by: with more, straight ones take minutes too


class Picture:
    """The picture of one graph: `source` is its DOT text; rendered on demand, by itself in a notebook.

    format  what `render()` gives where it is not told, and `save()` where the path has no suffix
    page    makes the HTML page on which one watches backpropagation
    """

    def __init__(self, source: str, page: Callable[[], str], format: str = "svg") -> None:
        self.source, self.format, self._page = source, format, page

    def __repr__(self) -> str:
        return f"<Picture as {self.format}: .save(path) writes it, .source is its DOT text>"

    def render(self, format: str | None = None) -> bytes:
        """The picture's bytes, by Graphviz's `dot` where it is installed, else by the one in pygraphviz's wheel.

        Raises RuntimeError, which says what to install, where there is neither.
        """
        format = _known(format or self.format)
        if format == "dot":
            return self.source.encode()
        return self._page().encode() if format == "html" else rendered(self.source, format)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to `path`, in the format that its suffix names (its own if none), and return where.

        Where nothing can render, the DOT source is written in its place (suffix .dot), its path is returned, and the
        first time one line of log says what to install.
        """
        path = Path(path)
        if not path.suffix:
            path = path.with_name(f"{path.name}.{self.format}")
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

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture or the page; the DOT text where nothing can render."""
        try:
            bundle = {"text/plain": repr(self), "image/svg+xml": self._repr_svg_()}
            if self.format == "html":
                bundle["text/html"] = FRAME.format(page=html.escape(self._page()))
        except RuntimeError:
            _say_what_to_install()
            bundle = {"text/plain": self.source}
        wanted = set(include or bundle) - set(exclude or ())
        return {kind: content for kind, content in bundle.items() if kind in wanted}


# A frame of its own keeps the page's style and keys apart from the notebook's.
FRAME = (
    '<iframe title="Backpropagation, gate by gate" sandbox="allow-scripts" srcdoc="{page}" '
    'style="width: 100%; height: 42rem; border: 0"></iframe>'
)


def draw(
    root: Node,
    path: str | os.PathLike[str] | None = None,
    *,
    format: str | None = None,
    direction: str = "LR",
    names: bool | Mapping[Node, str] = True,
    number: str | Callable[[float], str] | None = None,
    gradients: bool | None = None,
    max_nodes: int = 1000,
) -> Picture:
    """Draw the graph that `root` was computed by, and write it to `path` where one is given.

    root       a Value or a Tensor
    path       an .svg, .png, .pdf, .dot or .html file
    format     what the picture is where no path says it: "svg" unless given. "html" is a page on which one watches
               backpropagation step by step
    direction  "LR" from left to right, "TB" from top to bottom
    names      whether to show the labels of nodes, or {node: name} for names of this picture beside the labels
    number     how to write a number: a format such as ".2f" or ".3e", or a function of a float
    gradients  None for those that `backward()` left (in inner Tensors only on `backward(retain_grads=True)`), True to
               walk the chain rule for this picture, from 1 at the root and touching no node; False for none. The page
               always walks
    max_nodes  a larger graph is refused: its picture would take minutes, and nobody could read it

    Every wire carries its value above and its gradient below, with its label where the user gave one; every gate
    shows its symbol, together with a plain number that it took ("+1"); every edge into a gate shows the local
    gradient of the gate by that input. A gate over arrays (matmul, sum) has no local gradient small enough to show.
    """
    if not isinstance(root, Node):
        raise TypeError(errors.NOT_A_NODE.format(came=errors.describe(root)))
    if direction not in DIRECTIONS:
        raise ValueError(errors.PICTURE_DIRECTION.format(known=", ".join(DIRECTIONS), came=direction))
    suffix = "" if path is None else Path(path).suffix.removeprefix(".").lower()
    format = _known(format or suffix or "svg")
    writing = Writing(_names(names), _number(number))
    order = topological_order(root)
    if len(order) > max_nodes:
        raise ValueError(errors.TOO_LARGE.format(came=len(order), limit=max_nodes))
    wires = wire_names(root)
    if (passed := _passed(wires)) > DENSE * max_nodes:
        raise ValueError(errors.TOO_DENSE.format(came=passed, limit=DENSE * max_nodes))
    found = _gradients(order, gradients)
    beside = partial(_local_text, writing)
    text = source(wires, direction, writing, lambda node: writing.text(found.get(node)), beside)
    picture = Picture(text, partial(_page, root, direction, writing), format)
    if path is not None:
        picture.save(path)
    return picture


def _page(root: Node, direction: str, writing: Writing) -> str:
    from autograd.page import page

    return page(root, direction, writing)


def _known(format: str) -> str:
    if format not in FORMATS:
        raise ValueError(errors.PICTURE_FORMAT.format(known=", ".join(FORMATS), came=format))
    return format


# How a picture writes names, numbers and arrays


class Text(NamedTuple):
    """Lines, and a line of small print below them."""

    lines: list[str]
    small: str = ""


def number(x: float) -> str:
    """A number as the slides write it: up to four decimals, and a real minus sign."""
    small_or_large = x != 0 and not 5e-4 <= abs(x) < 1e7
    text = f"{x:.3g}" if small_or_large else f"{x:.4f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


class Writing(NamedTuple):
    """How one picture writes: the nodes' names, and numbers."""

    names: bool | Mapping[Node, str] = True
    number: Callable[[float], str] = number

    def name(self, node: Node) -> str:
        """The name of a node in this picture, empty where it has none."""
        if self.names is False:
            return ""
        given = self.names.get(node) if isinstance(self.names, Mapping) else None
        return str((node.label or "") if given is None else given)

    def text(self, data: Any) -> Text:
        """A number; a small array as its numbers, a row on a line; of a larger one shape, dtype and a summary."""
        if data is None:
            return Text([" "])
        if np.ndim(data) == 0:
            return Text([self.number(float(data))])
        data = np.asarray(data)
        if data.size <= SMALL or (data.ndim == 2 and max(data.shape) <= SIDE):
            return Text(self._numbers(data, WIDTH).split("\n"))
        return Text([f"{data.shape} {data.dtype}"], self._summary(data))

    def brief(self, data: Any, width: int = WIDTH) -> str:
        """The same on one line: an array that does not fit there is its shape."""
        if np.ndim(data) == 0:
            return self.number(float(data))
        if np.size(data) <= SMALL:
            text = self._numbers(np.asarray(data), 1000).replace("\n", "")
            if len(text) <= width:
                return text
        return str(np.shape(data))

    def _numbers(self, data: np.ndarray, width: int) -> str:
        kinds: Any = {"float_kind": self.number, "int_kind": lambda x: str(x).replace("-", "−"), "bool": str}
        return np.array2string(data, separator=", ", formatter=kinds, max_line_width=width)

    def _summary(self, data: np.ndarray) -> str:
        """Smallest … largest and mean of the finite elements, and how many are not finite."""
        if data.dtype.kind == "b":
            return f"{np.count_nonzero(data)} of {data.size} true"
        finite = data[np.isfinite(data)]
        parts = []
        if finite.size:
            low, high, mean = float(finite.min()), float(finite.max()), float(finite.mean(dtype=float))
            if abs(mean) < 1e-12 * max(-low, high):  # what rounding leaves of a mean of 0
                mean = 0.0
            parts = [f"{self.number(low)} … {self.number(high)}", f"mean {self.number(mean)}"]
        counts = {"nan": np.count_nonzero(np.isnan(data)), "inf": np.count_nonzero(np.isinf(data))}
        return ", ".join(parts + [f"{count} {kind}" for kind, count in counts.items() if count])


def _names(names: Any) -> bool | Mapping[Node, str]:
    if not isinstance(names, (bool, Mapping)):
        raise TypeError(errors.PICTURE_NAMES.format(came=errors.describe(names)))
    return names


def _number(wanted: Any) -> Callable[[float], str]:
    """The function that writes numbers: the one given, the one for a format, or the slides' own."""
    if wanted is None:
        return number
    if callable(wanted):
        return lambda x: str(wanted(x))
    try:
        format(0.0, wanted)
    except (TypeError, ValueError) as error:
        raise type(error)(errors.PICTURE_NUMBER.format(came=wanted)) from error
    return lambda x: format(x, wanted).replace("-", "−")


# What it writes


def one(root: Node) -> Any:
    """The gradient of the root by itself, from which a picture walks the chain rule."""
    return np.ones_like(root.data) if isinstance(root.data, np.ndarray) else 1.0


def _gradients(order: list[Node], wanted: bool | None) -> dict[Node, Any]:
    """The gradients to show, of nodes in topological order."""
    root = order[0]
    if wanted:
        return walk(root, one(root)) if root.requires_grad else {}
    # Before a backward from here, the gradients are those of another root, or the 0.0 that a Value begins with.
    walked = wanted is None and root.grad is not None and bool(np.any(root.grad))
    return {node: node.grad for node in order if node.requires_grad} if walked else {}


def local_gradient(node: Node, position: int) -> Any:
    """The local gradient of a node's gate by one of its inputs; None for a gate over arrays."""
    rules = node.gate.arrays if isinstance(node.data, np.ndarray) else node.gate.floats
    if not rules.local_gradients:
        return None
    with np.errstate(all="ignore"):
        return rules.local_gradients[position](node.data, *[source.data for source in node.inputs])


def _local_text(writing: Writing, node: Node, position: int) -> str:
    local = local_gradient(node, position) if node.inputs[position].requires_grad else None
    return "" if local is None else f" ∂ {writing.brief(local)} "


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


def _passed(wires: dict[Node, str]) -> int:
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
    legend: str = f"<{LEGEND}>",
) -> str:
    """The DOT text of a graph.

    wires   its nodes, by the names of their wires
    below   what stands below a node's wire
    beside  what stands at the edge into a node's gate, from the input in that position
    """
    from graphviz import Digraph, escape

    font = {"fontname": "Helvetica"}
    layout = {"rankdir": direction, "ordering": "in", "nodesep": "0.35", "ranksep": "0.3"}
    layout |= {"nslimit": "2", "nslimit1": "2"}  # bounds the rounds of the layout: dense graphs took minutes
    if _passed(wires) > TANGLED:
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
            text = negative_in_brackets(writing.number(float(source.data)))
            swaps = node.gate.name in ("add", "mul", "maximum", "minimum")
            symbol = f"{symbol}{space}{text}" if position or swaps else f"{text}{space}{symbol}"
    return symbol


def negative_in_brackets(text: str) -> str:
    """A number as it stands after an operator: "2", "(−2)"."""
    return f"({text})" if text.startswith("−") else text


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
