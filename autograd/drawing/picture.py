"""draw: the picture of a graph as on the slides, with the value above and the gradient below each wire."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Collection, Mapping
from functools import cache, partial
from pathlib import Path

import numpy as np

from autograd.atomic_write import atomic_write
from autograd.describe import describe
from autograd.drawing import dot
from autograd.drawing.labels import Labels, check_names, number_formatter
from autograd.graph.backward import gradients as backward_gradients
from autograd.graph.backward import unit
from autograd.graph.node import Node, plain
from autograd.graph.order import topological_order
from autograd.unfolding import expand

FORMATS = ("svg", "png", "pdf", "dot", "html")
BYPASSED_PER_NODE = 25  # gates that edges may pass, for each node allowed: with more, straight edges take minutes, too


class Picture:
    """The picture of a graph, rendered on demand; notebooks show it by themselves.

    Parameters
    ----------
    source : str
        The DOT text of the graph.
    page : callable
        A function without arguments that returns the HTML page.
    format : {"svg", "png", "pdf", "dot", "html"}, default "svg"
        The default format of `render` and `save`.

    Attributes
    ----------
    source : str
        The DOT text of the graph.
    format : str
        The default format.
    """

    def __init__(self, source: str, page: Callable[[], str], format: str = "svg") -> None:
        self.source, self.format, self._page = source, format, page

    def __repr__(self) -> str:
        return f"<Picture as {self.format}: .save(path) writes it, .source is its DOT text>"

    def render(self, format: str | None = None) -> bytes:
        """Render the picture, with Graphviz's `dot` if it is installed, else with pygraphviz.

        Parameters
        ----------
        format : {"svg", "png", "pdf", "dot", "html"}, optional
            The format, by default the picture's own.

        Returns
        -------
        bytes
            The content of the file.

        Raises
        ------
        ValueError
            If the format is unknown.
        RuntimeError
            If there is no Graphviz; it says what to install.
        """
        format = _check_format(format or self.format)
        if format == "dot":
            return self.source.encode()
        return self._page().encode() if format == "html" else dot.render_dot(self.source, format)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file.

        Parameters
        ----------
        path : str or path-like
            The file. Its suffix names the format; without one, the suffix of the picture's own format is added.

        Returns
        -------
        Path
            The file that was written.

        Raises
        ------
        ValueError
            If the suffix names no format.
        OSError
            If the file cannot be written; a file that was there before is left as it was.

        Notes
        -----
        If there is no Graphviz, the DOT source is written instead (suffix .dot), and the first time a warning is logged
        that says what to install.
        """
        path = Path(path)
        if not path.suffix:
            path = path.with_name(f"{path.name}.{self.format}")
        try:
            content = self.render(path.suffix.removeprefix(".").lower())
        except RuntimeError:
            path = path.with_suffix(".dot")
            content = self.source.encode()
            _warn_without_renderer()
        return atomic_write(path, content)

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        """What a notebook shows: the picture or the page; the DOT text if there is no Graphviz."""
        try:
            bundle = {"text/plain": repr(self), "image/svg+xml": self._repr_svg_()}
            if self.format == "html":
                bundle["text/html"] = FRAME.format(page=html.escape(self._page()))
        except RuntimeError:
            _warn_without_renderer()
            bundle = {"text/plain": self.source}
        wanted = set(include or bundle) - set(exclude or ())
        return {kind: content for kind, content in bundle.items() if kind in wanted}


# A frame of its own separates the page's style and keys from the notebook's.
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
    """Draw the graph of a node.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.
    path : str or path-like, optional
        A file to write: .svg, .png, .pdf, .dot or .html.
    format : {"svg", "png", "pdf", "dot", "html"}, optional
        The format of the picture, by default that of `path`, else "svg". "html" is a page that steps through
        backpropagation.
    direction : {"LR", "TB"}, default "LR"
        From left to right, or from top to bottom.
    names : bool or dict of node to str, default True
        Whether to show the labels of nodes; or names for this picture, in addition to the labels.
    number : str or callable, optional
        The format of numbers, such as ".2f" or ".3e", or a function from a float to a string. By default, at most
        four decimals.
    gradients : bool, optional
        By default, the gradients that `backward()` left are shown (those of inner Tensors only after
        `backward(retain_grads=True)`). True computes them for this picture, from 1 at the root, and changes no node;
        False shows none. The page always computes them.
    unfold : bool, default False
        Whether to draw every block (a linear layer, a loss) as its smaller gates.
    max_nodes : int, default 1000
        The largest number of nodes that is allowed.

    Returns
    -------
    Picture
        The picture; `save` writes it to more files.

    Raises
    ------
    TypeError
        If `root` is not a node, or `names` or `number` is of a wrong type.
    ValueError
        If an option is unknown, or the graph is so large or dense that its picture would take minutes and could not
        be read.

    Notes
    -----
    Every wire carries its value above and its gradient below, with the node's label if it has one. Every gate shows
    its symbol, together with a plain number among its inputs ("+1"). Every edge into a gate shows the local gradient
    of the gate with respect to that input; gates over arrays (matmul, sum) have none that is small enough to show.

    Examples
    --------
    >>> from autograd import Value, draw
    >>> x = Value(2.0, label="x")
    >>> draw(x * x + 1)
    <Picture as svg: .save(path) writes it, .source is its DOT text>
    """
    if not isinstance(root, Node):
        raise TypeError(f"draw expected a Value or a Tensor, the root of the graph to draw, got {describe(root)}")
    if direction not in dot.DIRECTIONS:
        raise ValueError(f"direction= expected one of {', '.join(dot.DIRECTIONS)}, got {direction!r}")
    suffix = "" if path is None else Path(path).suffix.removeprefix(".").lower()
    format = _check_format(format or suffix or "svg")
    labels = Labels(check_names(names), number_formatter(number))
    if unfold:
        gradients = _has_gradients(root) if gradients is None else gradients
        root = expand(root)
    order = topological_order(root)
    if len(order) > max_nodes:
        raise ValueError(
            f"draw allows at most {max_nodes} nodes, got a graph of {len(order)} nodes, whose picture could not be "
            "read; draw a smaller one, e.g. of a single sample, or raise the limit with max_nodes="
        )
    wires = dot.wire_ids(root)
    if (bypassed := dot.count_bypassed_gates(wires)) > (limit := BYPASSED_PER_NODE * max_nodes):
        raise ValueError(
            f"draw allows edges to pass at most {limit} other gates in all, but those of this graph pass {bypassed}, "
            "as some nodes are used far from where they are computed: its picture would take minutes and could not be "
            "read; draw a smaller part, or raise the limit with max_nodes="
        )
    found = _gradients_to_show(order, gradients)
    text = dot.dot_source(
        wires,
        direction,
        labels,
        lambda node: labels.text(found.get(node)),
        partial(_local_gradient_text, labels),
        legend=dot.color_legend(gradients=bool(found)),
    )
    picture = Picture(text, partial(_page, root, direction, labels), format)
    if path is not None:
        picture.save(path)
    return picture


def _page(root: Node, direction: str, labels: Labels) -> str:
    from autograd.drawing.html import page  # on first use: it loads the parser of XML, and most pictures need no page

    return page(root, direction, labels)


def _check_format(format: str) -> str:
    if format not in FORMATS:
        raise ValueError(
            f"draw expected one of the formats {', '.join(FORMATS)}, got {format!r}; name the file accordingly"
        )
    return format


def _gradients_to_show(order: list[Node], wanted: bool | None) -> dict[Node, float | np.ndarray]:
    """The gradients of nodes in topological order, or none."""
    root = order[0]
    if wanted:
        return backward_gradients(root, unit(root)) if root.requires_grad else {}
    if wanted is False or not _has_gradients(root):
        return {}
    return {node: plain(node.grad) for node in order if node.requires_grad}


def _has_gradients(root: Node) -> bool:
    """Whether `backward()` was called from this root; the gradient of a new Value is 0.0."""
    return root.grad is not None and bool(np.any(plain(root.grad)))


def _local_gradient_text(labels: Labels, node: Node, position: int) -> str:
    local = node.local_gradient(position) if node.inputs[position].requires_grad else None
    return "" if local is None else f" ∂ {labels.brief(local)} "


@cache
def _warn_without_renderer() -> None:
    """Log one line, once; the terminal shows it even if logging is not configured."""
    import logging

    logging.getLogger(__name__).warning(
        "no Graphviz found to render pictures: their DOT source is written instead (.dot). Install Graphviz "
        "(Debian: apt install graphviz; macOS: brew install graphviz) or pip install pygraphviz"
    )
