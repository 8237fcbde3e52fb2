"""Backpropagation as a sequence of frames, in plain data: what each one shows, says and highlights."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

import numpy as np

from autograd.drawing.dot import drawn_inputs, wire_ids
from autograd.drawing.labels import Labels, Text, parenthesize_negative
from autograd.gates.gate import BaseGate
from autograd.graph.backward import unit
from autograd.graph.node import Node
from autograd.graph.order import topological_order
from autograd.graph.versions import check_versions

MOST_LISTED = 8  # leaves that a sentence names; the graph shows all of them
LINE_LENGTH = 18  # characters: a formula at an edge is wrapped into lines of about this length


class ChainRuleProduct(NamedTuple):
    """The chain rule at one edge: local × upstream = downstream.

    Attributes
    ----------
    node : Value or Tensor
        The node whose gate the edge leads to.
    position : int
        The position of the gate's input at the other end of the edge.
    local : float, ndarray or None
        The local gradient; None for a gate over arrays, which has a vector-Jacobian product instead.
    upstream : float or ndarray, shape of `node`
        The gradient of the root with respect to `node`.
    downstream : float or ndarray, shape of the input
        What the edge contributes to the gradient of the input.
    before : float, ndarray or None
        The sum of the contributions of earlier edges; None for the first one.
    total : float or ndarray, shape of the input
        The sum with this one.
    """

    node: Node
    position: int
    local: float | np.ndarray | None
    upstream: float | np.ndarray
    downstream: float | np.ndarray
    before: float | np.ndarray | None
    total: float | np.ndarray

    @property
    def input(self) -> Node:
        """The input whose gradient this product contributes to."""
        return self.node.inputs[self.position]


def chain_rule_products(root: Node) -> list[ChainRuleProduct]:
    """Return every product of the chain rule, edge by edge, in the order of the backward pass.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph; its own gradient is 1. No node is changed.

    Returns
    -------
    list of ChainRuleProduct
        One for each edge into a gate from a tracked input; empty if `root` is not tracked.

    Raises
    ------
    RuntimeError
        If data of the graph was changed after recording.

    Notes
    -----
    The backward pass of `autograd.graph` keeps only the sums, so this one adds up the products itself. The order of
    the nodes is the same, and so are the gradients.

    Examples
    --------
    >>> from autograd import Value
    >>> from autograd.drawing import chain_rule_products
    >>> [(edge.local, edge.upstream, edge.downstream) for edge in chain_rule_products(Value(2.0) * 3 + 1)]
    [(1.0, 1.0, 1.0), (3.0, 1.0, 3.0)]
    """
    if not root.requires_grad:
        return []
    totals, products = {root: unit(root)}, []
    for node in topological_order(root):
        if node.gate is not None:
            check_versions(node)
            node.check_fingerprints()
        for position, input in enumerate(node.inputs):
            if input.requires_grad:
                before, upstream = totals.get(input), totals[node]
                with np.errstate(all="ignore"):
                    downstream = node.vjp(position, upstream)
                    totals[input] = downstream if before is None else before + downstream
                local = node.local_gradient(position)
                products.append(ChainRuleProduct(node, position, local, upstream, downstream, before, totals[input]))
    return products


class Term(NamedTuple):
    """A piece of a formula. Its role (value, gradient or local) sets its color; its note is written below it."""

    text: str
    role: str = ""
    note: str = ""


class WireText(NamedTuple):
    """A text above or below a wire, from one frame until another (None: until the end)."""

    text: Text
    since: int
    until: int | None = None


class EdgeText(NamedTuple):
    """The text at an edge from one frame on: lines of terms, local × upstream = downstream."""

    lines: list[list[Term]]
    since: int


class Frame(NamedTuple):
    """One step of backpropagation: its title, its formula, a note, and the ids of what is highlighted."""

    kind: str
    title: str
    formula: list[Term]
    note: str
    active: list[str]

    @property
    def sentence(self) -> str:
        """The frame in words."""
        formula = "".join(f"{term.note} {term.text}" if term.note else term.text for term in self.formula)
        return f"{self.title}: {formula}." + (f" {self.note}" if self.note else "")


class Story:
    """Backpropagation through the graph of a root, frame by frame.

    Parameters
    ----------
    root : Value or Tensor
        The root of the graph.
    labels : Labels
        How to name nodes and format numbers.

    Attributes
    ----------
    wires : dict of node to str
        The nodes of the graph in forward order, with their ids.
    frames : list of Frame
        The inputs, the forward pass gate by gate, the backward pass edge by edge, and the gradients of the inputs.
    forward_frames : int
        The number of frames before the backward pass.
    wire_texts : dict of (str, str) to list of WireText
        The texts at each wire, by its id and their role, "value" or "gradient".
    edge_texts : dict of str to EdgeText
        The text at each edge, by its id.
    """

    def __init__(self, root: Node, labels: Labels) -> None:
        self.root, self.labels = root, labels
        self.wires = wire_ids(root)
        self.frames: list[Frame] = []
        self.wire_texts: defaultdict[tuple[str, str], list[WireText]] = defaultdict(list)
        self.edge_texts: dict[str, EdgeText] = {}
        self._tell_inputs()
        for node in self.wires:
            if node.gate is not None:
                self._tell_forward(node)
        self.forward_frames = len(self.frames)
        if root.requires_grad:
            products = chain_rule_products(root)
            self._tell_seed()
            for product in products:
                self._tell_backward(product)
            self._tell_gradients(products)

    def gradient_text(self, node: Node) -> Text:
        """Return the widest text that a wire will have below it, to reserve its space in the layout.

        Parameters
        ----------
        node : Value or Tensor
            A node of the graph.

        Returns
        -------
        Text
            The text; empty if the node gets no gradient.
        """
        texts = [timed.text for timed in self.wire_texts[self.wires[node], "gradient"]]
        return max(texts, key=lambda text: max(map(len, text.lines)), default=Text([" "]))

    def edge_text(self, node: Node, position: int) -> str:
        """Return the text that an edge will have, to reserve its space in the layout.

        Parameters
        ----------
        node : Value or Tensor
            The node whose gate the edge leads to.
        position : int
            The position of the input.

        Returns
        -------
        str
            The text; empty if no gradient flows along the edge.
        """
        text = self.edge_texts.get(self._edge_id(node, position))
        return "\n".join(f" {''.join(term.text for term in line)} " for line in text.lines) if text else ""

    # The kinds of frames

    def _tell_inputs(self) -> None:
        leaves = [node for node in self.wires if node.gate is None]
        for leaf in leaves:
            self._show(leaf, "value", leaf.data)
        terms = _comma_separated([Term(self._equation(leaf, leaf.data), "value") for leaf in leaves])
        self._add("inputs", "The inputs", terms, "", [self.wires[leaf] for leaf in leaves])

    def _tell_forward(self, node: Node) -> None:
        self._show(node, "value", node.data)
        names = [self._name_or_data(input) for input in node.inputs]
        numbers = [self.labels.brief(input.data) for input in node.inputs]
        expressions = dict.fromkeys(_expression(node.gate, terms) for terms in (names, numbers))
        sides = [side for side in (self.labels.name(node), *expressions) if side]
        formula = [Term(f"{' = '.join(sides)} = "), Term(self.labels.brief(node.data), "value")]
        edges = [self._edge_id(node, position) for position, _ in drawn_inputs(node)]
        self._add("forward", f"Forward through {node.gate.symbol}", formula, "", [*self._gate_ids(node), *edges])

    def _tell_seed(self) -> None:
        seed, name = unit(self.root), self.labels.name(self.root)
        self._show(self.root, "gradient", seed)
        formula = [Term(f"∂{name} / ∂{name} = ")] if name else []
        formula.append(Term(self.labels.brief(seed), "gradient"))
        title = f"The gradient of {name or 'the output'} with respect to itself"
        self._add("seed", title, formula, "The backward pass starts here.", [self.wires[self.root]])

    def _tell_backward(self, product: ChainRuleProduct) -> None:
        node, input, edge = product.node, product.input, self._edge_id(product.node, product.position)
        self.edge_texts[edge] = EdgeText(self._lines(product), len(self.frames))
        formula = [term for line in self.edge_texts[edge].lines for term in line]
        notes = []
        if product.local is None:
            vjp = node.gate.vjp_formulas[0 if node.gate.variadic else product.position]
            notes.append(f"The vector-Jacobian product of {node.gate.name}: {vjp}.")
        elif _was_broadcast(product):
            notes.append(f"The input was broadcast, so its gradient is summed to its shape {np.shape(input.data)}.")
        if product.before is None:
            self._show(input, "gradient", product.total)
        else:
            addition = self._addition(product.before, product)
            notes.append(f"The gradients from several edges add up: {addition}.")
            self._show(input, "gradient", product.total, addition if np.ndim(product.total) == 0 else "")
        title = f"Backward through {node.gate.symbol} to {self._name_or_data(input)}"
        self._add("backward", title, formula, " ".join(notes), [*self._gate_ids(node), edge, self.wires[input]])

    def _tell_gradients(self, products: list[ChainRuleProduct]) -> None:
        totals = {self.root: unit(self.root), **{product.input: product.total for product in products}}
        leaves = [node for node in self.wires if node.gate is None and node in totals]
        name = self.labels.name(self.root)
        terms = _comma_separated(
            [Term(self._equation(leaf, totals[leaf], f"∂{name}/∂"), "gradient") for leaf in leaves]
        )
        note = f"They say how fast {name or 'the output'} changes with each input."
        self._add("end", "The gradients of the inputs", terms, note, [self.wires[leaf] for leaf in leaves])

    # Their parts

    def _add(self, kind: str, title: str, formula: list[Term], note: str, active: list[str]) -> None:
        self.frames.append(Frame(kind, title, formula, note, active))

    def _show(self, node: Node, role: str, data: float | np.ndarray, addition: str = "") -> None:
        """Replace a wire's text from this frame on; `addition` is shown first, in this frame only."""
        texts, now = self.wire_texts[self.wires[node], role], len(self.frames)
        if texts:
            texts[-1] = texts[-1]._replace(until=now)
        if addition:
            texts.append(WireText(Text([addition]), now, now + 1))
        texts.append(WireText(self.labels.text(data), now + bool(addition)))

    def _gate_ids(self, node: Node) -> list[str]:
        """The ids of a node's gate, of the edge out of it and of the wire."""
        return [self.wires[node].replace("wire", part) for part in ("gate", "out", "wire")]

    def _edge_id(self, node: Node, position: int) -> str:
        return f"{self.wires[node].replace('wire', 'edge')}-{position}"

    def _name_or_data(self, node: Node) -> str:
        return self.labels.name(node) or self.labels.brief(node.data)

    def _equation(self, node: Node, data: float | np.ndarray, prefix: str = "") -> str:
        """The name of a node and its data or gradient: "x = 2", "∂f/∂x = 2", "W of shape (5, 2)"."""
        name, text = self.labels.name(node), self.labels.brief(data)
        equals = "of shape" if np.ndim(data) and text == str(np.shape(data)) else "="
        return f"{prefix}{name} {equals} {text}" if name else text

    def _lines(self, product: ChainRuleProduct) -> list[list[Term]]:
        """The chain rule at one edge, in as few lines as are short enough."""
        brief = self.labels.brief
        upstream = Term(brief(product.upstream), "gradient", "upstream")
        downstream = Term(brief(product.downstream), "gradient", "downstream")
        if product.local is None:
            lines = [[upstream], [Term(" → "), downstream]]
        else:
            local = [Term("Σ ")] * _was_broadcast(product) + [Term(brief(product.local), "local", "local")]
            factor = upstream._replace(text=parenthesize_negative(upstream.text))
            lines = [local, [Term(" × "), factor], [Term(" = "), downstream]]
        return _wrapped(lines)

    def _addition(self, before: float | np.ndarray, product: ChainRuleProduct) -> str:
        brief = self.labels.brief
        addend = parenthesize_negative(brief(product.downstream))
        return f"{brief(before)} + {addend} = {brief(product.total)}"


def _wrapped(lines: list[list[Term]]) -> list[list[Term]]:
    """Each line joined to the one above if both together are short enough."""
    wrapped = lines[:1]
    for line in lines[1:]:
        joined = wrapped[-1] + line
        if sum(len(term.text) for term in joined) <= LINE_LENGTH:
            wrapped[-1] = joined
        else:
            wrapped.append(line)
    return wrapped


def _was_broadcast(product: ChainRuleProduct) -> bool:
    """Whether an elementwise gate broadcast this input, so that the gradient is summed to the input's shape."""
    return np.shape(product.downstream) != np.shape(product.upstream)


def _comma_separated(terms: list[Term]) -> list[Term]:
    """The terms with commas between them, cut off after the first ones if there are many."""
    more = [Term(f"and {len(terms) - MOST_LISTED} more")] if len(terms) > MOST_LISTED else []
    commas = [item for term in [*terms[:MOST_LISTED], *more] for item in (Term(", "), term)]
    return commas[1:]


_POSTFIX = {"neg": "{} × (−1)", "transpose": "{}ᵀ", "index": "{}[…]"}


def _expression(gate: BaseGate, inputs: list[str]) -> str:
    """A gate with its inputs in mathematical notation: x + y, 1/x, exp(x), max(x, y), x @ y, linear(x, W, b)."""
    symbol, in_brackets = gate.symbol, [parenthesize_negative(text) for text in inputs]
    if gate.name in _POSTFIX:
        return _POSTFIX[gate.name].format(in_brackets[0])
    if len(inputs) == 1 and re.search(r"\bx\b", symbol):
        return re.sub(r"\bx\b", lambda _: inputs[0] if "|" in symbol else in_brackets[0], symbol)
    if len(inputs) == 2 and (getattr(gate, "operator", None) or symbol == "@"):
        first = in_brackets[0] if symbol == "^" else inputs[0]
        return f"{first} {symbol} {in_brackets[1]}"
    function = gate.name if " " in symbol else symbol
    inside = ", ".join(inputs)
    return f"{function} {inside}" if len(inputs) == 1 and inside.startswith("(") else f"{function}({inside})"
