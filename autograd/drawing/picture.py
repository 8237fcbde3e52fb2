"""draw: the picture of a graph, with the value above and the gradient below each wire, as the slides draw it."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd import errors
from autograd.atomic_write import atomic_write
from autograd.describe import describe
from autograd.drawing import dot
from autograd.drawing.labels import Writing, checked_names, number_formatter
from autograd.graph.backward import gradients as walk
from autograd.graph.backward import topological_order, unit
from autograd.graph.node import Node, plain
from autograd.unfolding import expand

FORMATS = ("svg", "png", "pdf", "dot", "html")
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
        return self._page().encode() if format == "html" else dot.rendered(self.source, format)

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
        return atomic_write(path, content)

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
    unfold: bool = False,
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
    unfold     whether to draw every block (a linear layer, a loss) as its smaller gates
    max_nodes  a larger graph is refused: its picture would take minutes, and nobody could read it

    Every wire carries its value above and its gradient below, with its label where the user gave one; every gate
    shows its symbol, together with a plain number that it took ("+1"); every edge into a gate shows the local
    gradient of the gate by that input. A gate over arrays (matmul, sum) has no local gradient small enough to show.
    """
    if not isinstance(root, Node):
        raise TypeError(errors.NOT_A_NODE.format(got=describe(root)))
    if direction not in dot.DIRECTIONS:
        raise ValueError(errors.PICTURE_DIRECTION.format(known=", ".join(dot.DIRECTIONS), got=direction))
    suffix = "" if path is None else Path(path).suffix.removeprefix(".").lower()
    format = _known(format or suffix or "svg")
    writing = Writing(checked_names(names), number_formatter(number))
    if unfold:
        gradients = _was_walked(root) if gradients is None else gradients
        root = expand(root)
    order = topological_order(root)
    if len(order) > max_nodes:
        raise ValueError(errors.TOO_LARGE.format(got=len(order), limit=max_nodes))
    wires = dot.wire_names(root)
    if (passed := dot.passed_gates(wires)) > DENSE * max_nodes:
        raise ValueError(errors.TOO_DENSE.format(got=passed, limit=DENSE * max_nodes))
    found = _gradients(order, gradients)
    beside = partial(_local_text, writing)
    legend = dot.legend(gradients=bool(found))
    text = dot.source(wires, direction, writing, lambda node: writing.text(found.get(node)), beside, legend=legend)
    picture = Picture(text, partial(_page, root, direction, writing), format)
    if path is not None:
        picture.save(path)
    return picture


def _page(root: Node, direction: str, writing: Writing) -> str:
    from autograd.drawing.html import page

    return page(root, direction, writing)


def _known(format: str) -> str:
    if format not in FORMATS:
        raise ValueError(errors.PICTURE_FORMAT.format(known=", ".join(FORMATS), got=format))
    return format


def _gradients(order: list[Node], wanted: bool | None) -> dict[Node, Any]:
    """The gradients to show, of nodes in topological order."""
    root = order[0]
    if wanted:
        return walk(root, unit(root)) if root.requires_grad else {}
    if wanted is False or not _was_walked(root):
        return {}
    return {node: plain(node.grad) for node in order if node.requires_grad}  # recorded or plain


def _was_walked(root: Node) -> bool:
    """Whether the gradients are there and of this root: not those of another, or the 0.0 that a Value begins with."""
    return root.grad is not None and bool(np.any(plain(root.grad)))


def _local_text(writing: Writing, node: Node, position: int) -> str:
    local = node.gate.local_gradient(node, position) if node.inputs[position].requires_grad else None
    return "" if local is None else f" ∂ {writing.brief(local)} "


@cache
def _say_what_to_install() -> None:
    """One line of log, once: seen on the terminal by whoever has not configured logging."""
    import logging

    logging.getLogger(__name__).warning(errors.NO_RENDERER)
