"""The steps of backpropagation through one graph, as plain data: what each shows, says and points at."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from autograd.drawing.dot import edges, wire_names
from autograd.drawing.labels import Text, Writing, parenthesize_negative
from autograd.graph.backward import topological_order, unit
from autograd.graph.node import Node
from autograd.graph.versions import refuse_changes

LISTED = 8  # of many leaves, so many are named in a step; the graph shows them all
SHORT = 18  # characters: a formula at an edge is broken into lines of about this length


class ChainRuleProduct(NamedTuple):
    """What one gate passes down to one of its inputs: local gradient × upstream = downstream.

    node, position  the gate's node, and which of its inputs
    local           the local gradient, None for a gate over arrays, which has a vector-Jacobian product in its place
    before          what had arrived at the input until then, None if nothing
    total           what has arrived with this
    """

    node: Node
    position: int
    local: Any
    upstream: Any
    downstream: Any
    before: Any
    total: Any

    @property
    def input(self) -> Node:
        """The input whose gradient this product is added to."""
        return self.node.inputs[self.position]


def chain_rule_products(root: Node) -> list[ChainRuleProduct]:
    """The chain rule from 1 at the root, edge by edge: what `graph.gradients` adds up. Touches no node."""
    if not root.requires_grad:
        return []
    arriving, products = {root: unit(root)}, []
    for node in topological_order(root):
        if node.gate is not None:
            refuse_changes(node)
            node.refuse_writes()
        for position, source in enumerate(node.inputs):
            if source.requires_grad:
                before, upstream = arriving.get(source), arriving[node]
                with np.errstate(all="ignore"):
                    downstream = node.passed_down(position, upstream)
                    arriving[source] = downstream if before is None else before + downstream
                local = node.gate.local_gradient(node, position)
                products.append(ChainRuleProduct(node, position, local, upstream, downstream, before, arriving[source]))
    return products


class Term(NamedTuple):
    """A piece of a formula; its role (value, gradient, local) is its colour, its note stands below it."""

    text: str
    role: str = ""
    note: str = ""


class Layer(NamedTuple):
    """A text above or below a wire, from one step until another (None: the end)."""

    text: Text
    since: int
    until: int | None = None


class EdgeText(NamedTuple):
    """What stands at an edge from one step on: lines of terms, local × upstream = downstream."""

    lines: list[list[Term]]
    since: int


class Step(NamedTuple):
    """One step: where it is (`title`), its formula, a note, and the parts of the graph that it points at."""

    kind: str
    title: str
    formula: list[Term]
    note: str
    active: list[str]

    @property
    def text(self) -> str:
        """The step in a sentence."""
        formula = "".join(f"{term.note} {term.text}" if term.note else term.text for term in self.formula)
        return f"{self.title}: {formula}." + (f" {self.note}" if self.note else "")


class Story:
    """Backpropagation through the graph of `root`, told in `steps`.

    layers    what stands at each wire by which step, by the wire's name and its role, "value" or "gradient"
    edge_texts  what is written at each edge, by the edge's name
    """

    def __init__(self, root: Node, writing: Writing) -> None:
        self.root, self.writing = root, writing
        self.wires = wire_names(root)
        self.steps: list[Step] = []
        self.layers: defaultdict[tuple[str, str], list[Layer]] = defaultdict(list)
        self.edge_texts: dict[str, EdgeText] = {}
        self._inputs()
        for node in self.wires:
            if node.gate is not None:
                self._forward(node)
        self.forward_steps = len(self.steps)
        if root.requires_grad:
            products = chain_rule_products(root)
            self._seed()
            for product in products:
                self._backward(product)
            self._end(products)

    def below(self, node: Node) -> Text:
        """The widest text that will stand below a node's wire: the graph is laid out for it."""
        texts = [layer.text for layer in self.layers[self.wires[node], "gradient"]]
        return max(texts, key=lambda text: max(map(len, text.lines)), default=Text([" "]))

    def beside(self, node: Node, position: int) -> str:
        """What will stand at the edge into a node's gate, as text."""
        product = self.edge_texts.get(self._edge(node, position))
        return "\n".join(f" {''.join(term.text for term in line)} " for line in product.lines) if product else ""

    # The steps

    def _inputs(self) -> None:
        leaves = [node for node in self.wires if node.gate is None]
        for leaf in leaves:
            self._show(leaf, "value", leaf.data)
        terms = _list([Term(self._equation(leaf, leaf.data), "value") for leaf in leaves])
        self._step("inputs", "The inputs", terms, "", [self.wires[leaf] for leaf in leaves])

    def _forward(self, node: Node) -> None:
        self._show(node, "value", node.data)
        names = [self._called(source) for source in node.inputs]
        numbers = [self.writing.brief(source.data) for source in node.inputs]
        expressions = dict.fromkeys(_expression(node.gate, operands) for operands in (names, numbers))
        sides = [side for side in (self.writing.name(node), *expressions) if side]
        formula = [Term(f"{' = '.join(sides)} = "), Term(self.writing.brief(node.data), "value")]
        into = [self._edge(node, position) for position, _ in edges(node)]
        self._step("forward", f"Forward through {node.gate.symbol}", formula, "", [*self._out(node), *into])

    def _seed(self) -> None:
        start, name = unit(self.root), self.writing.name(self.root)
        self._show(self.root, "gradient", start)
        formula = [Term(f"∂{name} / ∂{name} = ")] if name else []
        formula.append(Term(self.writing.brief(start), "gradient"))
        title = f"The gradient of {name or 'the output'} by itself"
        self._step("seed", title, formula, "Here the way back begins.", [self.wires[self.root]])

    def _backward(self, product: ChainRuleProduct) -> None:
        node, source, edge = product.node, product.input, self._edge(product.node, product.position)
        self.edge_texts[edge] = EdgeText(self._product(product), len(self.steps))
        formula = [term for line in self.edge_texts[edge].lines for term in line]
        notes = []
        if product.local is None:
            passes = node.gate.passes[0 if node.gate.variadic else product.position]
            notes.append(f"The vector-Jacobian product of {node.gate.name}: {passes}.")
        elif _stretched(product):
            notes.append(f"The input was stretched, so this is summed to its shape {np.shape(source.data)}.")
        if product.before is None:
            self._show(source, "gradient", product.total)
        else:
            adding = self._sum(product)
            notes.append(f"What arrives over several edges adds up: {adding}.")
            self._show(source, "gradient", product.total, adding if np.ndim(product.total) == 0 else "")
        title = f"Backward through {node.gate.symbol} to {self._called(source)}"
        self._step("backward", title, formula, " ".join(notes), [*self._out(node), edge, self.wires[source]])

    def _end(self, products: list[ChainRuleProduct]) -> None:
        totals = {self.root: unit(self.root), **{product.input: product.total for product in products}}
        leaves = [node for node in self.wires if node.gate is None and node in totals]
        name = self.writing.name(self.root)
        terms = _list([Term(self._equation(leaf, totals[leaf], f"∂{name}/∂"), "gradient") for leaf in leaves])
        note = f"How fast {name or 'the output'} changes with each of them."
        self._step("end", "The gradients of the inputs", terms, note, [self.wires[leaf] for leaf in leaves])

    # What they are made of

    def _step(self, kind: str, title: str, formula: list[Term], note: str, active: list[str]) -> None:
        self.steps.append(Step(kind, title, formula, note, active))

    def _show(self, node: Node, role: str, data: Any, adding: str = "") -> None:
        """From this step on, in the place of what was there; `adding` in this step alone, before it."""
        layers, now = self.layers[self.wires[node], role], len(self.steps)
        if layers:
            layers[-1] = layers[-1]._replace(until=now)
        if adding:
            layers.append(Layer(Text([adding]), now, now + 1))
        layers.append(Layer(self.writing.text(data), now + bool(adding)))

    def _out(self, node: Node) -> list[str]:
        """The gate of a node, the edge out of it and the wire, by their names in the picture."""
        return [self.wires[node].replace("wire", part) for part in ("gate", "out", "wire")]

    def _edge(self, node: Node, position: int) -> str:
        return f"{self.wires[node].replace('wire', 'edge')}-{position}"

    def _called(self, node: Node) -> str:
        """The name of a node, or what it holds where it has none."""
        return self.writing.name(node) or self.writing.brief(node.data)

    def _equation(self, node: Node, data: Any, before: str = "") -> str:
        name, text = self.writing.name(node), self.writing.brief(data)
        equals = "of shape" if np.ndim(data) and text == str(np.shape(data)) else "="
        return f"{before}{name} {equals} {text}" if name else text

    def _product(self, product: ChainRuleProduct) -> list[list[Term]]:
        """The chain rule at one edge, in as few lines as are short."""
        brief = self.writing.brief
        upstream = Term(brief(product.upstream), "gradient", "upstream")
        downstream = Term(brief(product.downstream), "gradient", "downstream")
        if product.local is None:
            lines = [[upstream], [Term(" → "), downstream]]
        else:
            local = [Term("Σ ")] * _stretched(product) + [Term(brief(product.local), "local", "local")]
            times = upstream._replace(text=parenthesize_negative(upstream.text))
            lines = [local, [Term(" × "), times], [Term(" = "), downstream]]
        return _filled(lines)

    def _sum(self, product: ChainRuleProduct) -> str:
        brief = self.writing.brief
        down = parenthesize_negative(brief(product.downstream))
        return f"{brief(product.before)} + {down} = {brief(product.total)}"


def _filled(lines: list[list[Term]]) -> list[list[Term]]:
    """Each line joined to the one above it where both together are short."""
    filled = lines[:1]
    for line in lines[1:]:
        joined = filled[-1] + line
        if sum(len(term.text) for term in joined) <= SHORT:
            filled[-1] = joined
        else:
            filled.append(line)
    return filled


def _stretched(product: ChainRuleProduct) -> bool:
    """Whether an elementwise gate broadcast this input, so that what arrives at it is summed."""
    return np.shape(product.downstream) != np.shape(product.upstream)


def _list(terms: list[Term]) -> list[Term]:
    """Terms with commas between them, of very many the first."""
    more = [Term(f"and {len(terms) - LISTED} more")] if len(terms) > LISTED else []
    commas = [item for term in [*terms[:LISTED], *more] for item in (Term(", "), term)]
    return commas[1:]


_POSTFIX = {"neg": "{} × (−1)", "transpose": "{}ᵀ", "index": "{}[…]"}


def _expression(gate: Any, operands: list[str]) -> str:
    """A gate of operands as one writes it: x + y, 1/x, exp(x), max(x, y), x @ y, linear(x, W, b)."""
    symbol, bracketed = gate.symbol, [parenthesize_negative(operand) for operand in operands]
    if gate.name in _POSTFIX:
        return _POSTFIX[gate.name].format(bracketed[0])
    if len(operands) == 1 and re.search(r"\bx\b", symbol):
        return re.sub(r"\bx\b", lambda _: operands[0] if "|" in symbol else bracketed[0], symbol)
    if len(operands) == 2 and (gate.operator or symbol == "@"):
        first = bracketed[0] if symbol == "^" else operands[0]
        return f"{first} {symbol} {bracketed[1]}"
    function = gate.name if " " in symbol else symbol
    inside = ", ".join(operands)
    return f"{function} {inside}" if len(operands) == 1 and inside.startswith("(") else f"{function}({inside})"
