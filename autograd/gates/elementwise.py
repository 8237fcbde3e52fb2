"""The table of elementwise gates: each states its value and, for each input, its local gradient.

A gate is a step of a computation that knows its local gradient. One entry of the table serves `Value` and `Tensor`,
second derivatives, compiled programs, the picture, the formulas in docs/gates.md and the numerical check:

    gate(name, symbol, forward, one local gradient for each input, samples=...)

`forward(*inputs)` is the value, `local_i(out, *inputs)` the derivative of the value by input i. Both are plain
functions of a line or two in which + − × and comparisons stand for themselves and everything else is written
`xp.something`: `xp` is bound once for each back end (`floats`, `arrays`, `nodes`, `formulas`, `sources`) by making the
same code object a function over other globals. So a rule names nothing but its arguments and `xp`, takes no Python
branch on a value (`xp.where` instead), and asks for equality with `xp.equal` (nodes are equal only if they are one).

The local gradients are those of CS231n, "Backpropagation, Intuitions"; ties of `maximum` are split evenly and the
gradient of `relu` at 0 is 0, as in PyTorch and JAX.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from autograd import errors
from autograd.describe import describe
from autograd.gates.backends import arrays, floats

if TYPE_CHECKING:
    from autograd.graph.node import Node

Rule = Callable[..., Any]
xp: Any = None  # what the rules below name: bound anew for each back end, never called here


class Rules(NamedTuple):
    """A gate's rules bound to one back end."""

    forward: Rule
    local_gradients: tuple[Rule, ...] = ()


def _each(change: Callable[[Rule], Rule], rules: Rules) -> Rules:
    return Rules(change(rules.forward), tuple(map(change, rules.local_gradients)))


class Entry:
    """What the entries of all tables of gates have in common.

    arguments  the names of its inputs, as its rules have them; the last stands for any number of them where `variadic`
    """

    table: ClassVar[dict[str, Any]]
    operator: str | None = None
    variadic = False
    name: str
    symbol: str
    arguments: tuple[str, ...]

    @property
    def arity(self) -> int:
        """The number of inputs."""
        return len(self.arguments)

    def argument(self, position: int) -> str:
        """The name of one input."""
        return f"{self.arguments[-1]}[{position}]" if self.variadic else self.arguments[position]

    def vjp(self, position: int) -> Rule:
        """What the gate passes down to one input: `vjp(upstream, out, *inputs, **attributes)`, on arrays."""
        raise NotImplementedError

    def local_gradient(self, node: Node, position: int) -> Any:
        """The local gradient at a node by one input, as a number or an array; None of a gate over arrays."""
        return None

    def kink(self, *inputs: Any, **attributes: Any) -> Any:
        """How far the inputs, as arrays, are from a corner of the gate; None where it has no corner."""
        return None

    def pass_down(self, node: Node, upstream: Any) -> Iterator[tuple[Node, Any]]:
        """Each tracked input with what the gate passes down to it, recorded itself: for second derivatives."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<gate {self.name} {self.symbol}>"

    def __reduce__(self) -> tuple[Any, ...]:  # a copy of a graph has the same gates; a pickle has their names
        return _entry, (type(self), self.name)


def _entry(kind: type[Entry], name: str) -> Entry:
    if name not in kind.table:
        raise LookupError(errors.NO_SUCH_GATE.format(name=name))
    return kind.table[name]


class Gate(Entry):
    """An elementwise gate: see the head of this file for its contract.

    operator  the Python operator that records it: "add" for `__add__` and `__radd__`
    ufunc     the name of NumPy's function for it, or their names, where they differ from `name`
    method    False where it is to be no method of Value and Tensor
    kink      of the inputs: 0 at the corners, where the gate has no derivative; None where it has none
    selects   whether a local gradient of 0 says "not chosen": then 0 is passed down even if infinity arrives
    """

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *local_gradients: Rule,
        samples: Sequence[tuple[float, ...]],
        operator: str | None = None,
        ufunc: str | tuple[str, ...] = (),
        method: bool = True,
        kink: Rule | None = None,
        selects: bool = False,
    ) -> None:
        code = getattr(forward, "__code__", None)
        if code is None:
            raise TypeError(errors.RULE_KIND.format(name=name, got=describe(forward)))
        self.name, self.symbol, self.arguments = name, symbol, code.co_varnames[: code.co_argcount]
        if len(local_gradients) != self.arity:
            raise TypeError(errors.WRONG_ARITY.format(name=name, arity=self.arity, given=len(local_gradients)))
        self.samples, self.operator, self.method, self.selects = samples, operator, method, selects
        self.ufuncs = ((ufunc,) if isinstance(ufunc, str) else ufunc) or (name,)
        self.defaults = forward.__defaults__ or ()  # of the last inputs
        self._rules, self._kink = (forward, *local_gradients), kink and _bind(kink, arrays, name)
        self.floats, self.arrays = self._bound(floats), self._bound(arrays)
        chain = _choose if selects else _chain
        self._vjps = tuple(chain(local) for local in self.arrays.local_gradients)
        self._try_out()

    def _bound(self, backend: ModuleType) -> Rules:
        forward, *locals_ = (_bind(rule, backend, self.name) for rule in self._rules)
        return Rules(forward, tuple(locals_))

    def _try_out(self) -> None:
        """Run the rules once, so that one that cannot run is refused at its entry."""
        for sample in self.samples[:1]:
            try:
                out = self.floats.forward(*sample)
                for local in self.floats.local_gradients:
                    local(out, *sample)
            except Exception as error:
                raise TypeError(errors.RULE_FAILS.format(name=self.name, sample=sample, why=error)) from error

    @cached_property
    def nodes(self) -> Rules:
        """The rules as they record themselves."""
        from autograd.graph import node_backend as nodes

        return self._bound(nodes)

    @cached_property
    def formulas(self) -> Rules:
        """The rules as they write themselves down: names in, text out."""
        from autograd.gates.backends import formulas

        def text(rule: Rule) -> Rule:
            return lambda *names: str(formulas.formula(rule(*map(formulas.Formula, names))))

        return _each(text, self._bound(formulas))

    @cached_property
    def sources(self) -> Rules:
        """The rules as Python text: names in, an expression of them and of `xp` out."""
        from autograd.gates.backends import python_text as sources

        def text(rule: Rule) -> Rule:
            return lambda *names: str(rule(*map(sources.Source, names)))

        return _each(text, self._bound(sources))

    def kink(self, *inputs: Any, **attributes: Any) -> Any:
        return self._kink and self._kink(*inputs)

    def local_gradient(self, node: Node, position: int) -> Any:
        rules = self.arrays if isinstance(node.data, np.ndarray) else self.floats
        with np.errstate(all="ignore"):
            return rules.local_gradients[position](node.data, *[source.data for source in node.inputs])

    def vjp(self, position: int) -> Rule:
        return self._vjps[position]

    def pass_down(self, node: Node, upstream: Any) -> Iterator[tuple[Node, Any]]:
        inputs = [source.recorded for source in node.inputs]
        for source, local in zip(node.inputs, self.nodes.local_gradients, strict=True):
            if source.requires_grad:
                weight = local(node, *inputs)
                passed = _times(weight, upstream)
                yield source, _chosen(weight, passed) if self.selects else passed


def _bind(rule: Rule, backend: ModuleType, name: str) -> Rule:
    """The same code with `xp` bound to a back end; refuses a rule that names anything else."""
    code = rule.__code__
    unknown = [used for used in (*code.co_names, *code.co_freevars) if used not in ("xp", *arrays.__all__)]
    if unknown:
        raise TypeError(errors.RULE_NAMES.format(name=name, unknown=unknown, known=", ".join(arrays.__all__)))
    return FunctionType(code, {"xp": backend, "__builtins__": builtins}, name, rule.__defaults__)


def _chain(local: Rule) -> Rule:
    return lambda upstream, out, *inputs: local(out, *inputs) * upstream


def _choose(local: Rule) -> Rule:
    """As _chain, for a gate that selects."""

    def vjp(upstream: Any, out: Any, *inputs: Any) -> Any:
        weight = local(out, *inputs)
        passed = weight * upstream
        return passed if np.isfinite(passed).all() else _chosen(weight, passed)  # a choice at random takes its time

    return vjp


def _chosen(weight: Any, passed: Any) -> Any:
    """What is passed down, and 0 where the weight is 0, whatever arrives: not 0 × infinity, which is NaN."""
    chosen = np.not_equal(weight, 0)
    return passed if np.all(chosen) else np.where(chosen, passed, 0)


def _times(local: Any, upstream: Any) -> Any:
    """local × upstream, without a gate ×1, which the picture of a second derivative need not show."""
    if type(local) is float and local == 1.0 and not hasattr(upstream, "shape"):
        return upstream
    return local if type(upstream) is float and upstream == 1.0 else local * upstream


GATES: dict[str, Gate] = {}
Gate.table = GATES
BY_UFUNC: dict[str, Gate] = {}  # by the name of NumPy's function for it
_installers: dict[type, Callable[[Gate], None]] = {}
_closed = False  # once the table below is complete, the names in it are taken


def gate(name: str, symbol: str, forward: Rule, *local_gradients: Rule, **options: Any) -> Gate:
    """Enter a gate into the table; it is at once a method of `Value` and `Tensor`, drawn and checked."""
    if not name.isidentifier():
        raise ValueError(errors.GATE_NAME.format(name=name))
    entry = Gate(name, symbol, forward, *local_gradients, **options)
    for kind in _installers:
        if hasattr(kind, name):
            raise ValueError(errors.GATE_EXISTS.format(name=name, kind=kind.__name__))
    if _closed and (taken := {name, *entry.ufuncs} & {*GATES, *BY_UFUNC, *arrays.__all__}):
        raise ValueError(errors.GATE_EXISTS.format(name=", ".join(sorted(taken)), kind="the table"))
    GATES[name] = entry
    BY_UFUNC.update(dict.fromkeys(entry.ufuncs, entry))
    for install in _installers.values():
        install(entry)
    return entry


def remove_gate(name: str) -> None:
    """Take a gate that was entered with `gate` out of the table again; graphs that have it go on with it."""
    entry = GATES.pop(name)
    for ufunc in entry.ufuncs:
        BY_UFUNC.pop(ufunc, None)
    for kind in _installers if entry.method else ():
        delattr(kind, name)


def install_gates(kind: type, install: Callable[[Gate], None]) -> None:
    """For a kind of node, call `install` with every gate of the table, and with every one that will be entered."""
    _installers[kind] = install
    for entry in GATES.values():
        install(entry)


# fmt: off
# The inputs at which the entries below are checked numerically: away from kinks, inside the domains.
ANYWHERE = [(-2.0,), (-0.6,), (0.3,), (1.7,)]
POSITIVE = [(0.2,), (1.0,), (3.5,)]
WITHIN_ONE = [(-0.8,), (-0.1,), (0.6,)]
PAIRS = [(-2.0, 5.0), (3.0, -4.0), (0.7, 0.4), (-1.5, -0.3)]
QUOTIENTS = [(5.5, 2.0), (-4.5, 2.0), (3.2, -1.5), (-1.5, -0.4)]
INFINITY = float("inf")

# Arithmetic

gate(
    "add", "+", lambda x, y: x + y,
    lambda out, x, y: 1.0,
    lambda out, x, y: 1.0,
    samples=PAIRS, operator="add",
)
gate(
    "sub", "−", lambda x, y: x - y,
    lambda out, x, y: 1.0,
    lambda out, x, y: -1.0,
    samples=PAIRS, operator="sub", ufunc="subtract",
)
gate(
    "mul", "×", lambda x, y: x * y,
    lambda out, x, y: y,
    lambda out, x, y: x,
    samples=PAIRS, operator="mul", ufunc="multiply",
)
gate(
    "div", "÷", lambda x, y: xp.divide(x, y),
    lambda out, x, y: xp.divide(1.0, y),
    lambda out, x, y: xp.divide(-out, y),
    samples=PAIRS, operator="truediv", ufunc="divide",
)
gate(
    "neg", "×−1", lambda x: -x,
    lambda out, x: -1.0,
    samples=ANYWHERE, operator="neg", ufunc="negative",
)
# The identity: a node of its own with the same number. (`+x` is x itself.)
gate(
    "positive", "=", lambda x: +x,
    lambda out, x: 1.0,
    samples=ANYWHERE,
)
gate(
    "reciprocal", "1/x", lambda x: xp.divide(1.0, x),
    lambda out, x: -out * out,
    samples=ANYWHERE,
)
# Where y is 0 the value does not depend on x, and where x is 0 and y is not below, it does not on y: 0, not 0 · inf.
# By the exponent there is no derivative where the base is negative: NaN.
gate(
    "pow", "^", lambda x, y: xp.power(x, y),
    lambda out, x, y: xp.where(xp.equal(y, 0.0), 0.0, y * xp.power(x, y - 1.0)),
    lambda out, x, y: out * xp.log(xp.where(xp.equal(x, 0.0), xp.where(y < 0.0, x, 1.0), x)),
    samples=[(0.5, 2.0), (2.0, -1.5), (1.3, 0.4), (3.0, 3.0)], operator="pow", ufunc="power",
)
gate(
    "square", "x²", lambda x: x * x,
    lambda out, x: 2.0 * x,
    samples=ANYWHERE,
)
gate(
    "sqrt", "√", lambda x: xp.sqrt(x),
    lambda out, x: xp.divide(0.5, out),
    samples=POSITIVE,
)
gate(
    "cbrt", "∛", lambda x: xp.cbrt(x),
    lambda out, x: xp.divide(0.3333333333333333, out * out),
    samples=ANYWHERE,
)
gate(
    "hypot", "hypot", lambda x, y: xp.hypot(x, y),
    lambda out, x, y: xp.divide(x, out),
    lambda out, x, y: xp.divide(y, out),
    samples=PAIRS, kink=lambda x, y: xp.hypot(x, y),
)
gate(
    "mod", "mod", lambda x, y: xp.remainder(x, y),
    lambda out, x, y: 1.0,
    lambda out, x, y: xp.rint(xp.divide(out - x, y)),
    samples=QUOTIENTS, operator="mod", ufunc="remainder",
    kink=lambda x, y: xp.divide(x, y) - xp.rint(xp.divide(x, y)),
)

# Exponentials and logarithms

gate(
    "exp", "exp", lambda x: xp.exp(x),
    lambda out, x: out,
    samples=ANYWHERE,
)
gate(
    "exp2", "2^x", lambda x: xp.exp2(x),
    lambda out, x: 0.6931471805599453 * out,
    samples=ANYWHERE,
)
gate(
    "expm1", "exp−1", lambda x: xp.expm1(x),
    lambda out, x: out + 1.0,
    samples=ANYWHERE,
)
gate(
    "log", "log", lambda x: xp.log(x),
    lambda out, x: xp.divide(1.0, x),
    samples=POSITIVE,
)
gate(
    "log2", "log₂", lambda x: xp.log2(x),
    lambda out, x: xp.divide(1.4426950408889634, x),
    samples=POSITIVE,
)
gate(
    "log10", "log₁₀", lambda x: xp.log10(x),
    lambda out, x: xp.divide(0.4342944819032518, x),
    samples=POSITIVE,
)
gate(
    "log1p", "log(1+x)", lambda x: xp.log1p(x),
    lambda out, x: xp.divide(1.0, 1.0 + x),
    samples=[(-0.5,), *POSITIVE],
)
gate(
    "logaddexp", "logaddexp",
    lambda x, y: xp.maximum(x, y) + xp.log1p(xp.exp(-xp.where(xp.equal(x, y), 0.0, xp.abs(x - y)))),
    lambda out, x, y: xp.sigmoid(x - y),
    lambda out, x, y: xp.sigmoid(y - x),
    samples=PAIRS,
)

# Trigonometry

gate(
    "sin", "sin", lambda x: xp.sin(x),
    lambda out, x: xp.cos(x),
    samples=ANYWHERE,
)
gate(
    "cos", "cos", lambda x: xp.cos(x),
    lambda out, x: -xp.sin(x),
    samples=ANYWHERE,
)
gate(
    "tan", "tan", lambda x: xp.tan(x),
    lambda out, x: 1.0 + out * out,
    samples=WITHIN_ONE,
)
gate(
    "arcsin", "arcsin", lambda x: xp.arcsin(x),
    lambda out, x: xp.divide(1.0, xp.sqrt(1.0 - x * x)),
    samples=WITHIN_ONE,
)
gate(
    "arccos", "arccos", lambda x: xp.arccos(x),
    lambda out, x: xp.divide(-1.0, xp.sqrt(1.0 - x * x)),
    samples=WITHIN_ONE,
)
gate(
    "arctan", "arctan", lambda x: xp.arctan(x),
    lambda out, x: xp.divide(1.0, 1.0 + x * x),
    samples=ANYWHERE,
)
gate(
    "arctan2", "arctan2", lambda y, x: xp.arctan2(y, x),
    lambda out, y, x: xp.divide(x, x * x + y * y),
    lambda out, y, x: xp.divide(-y, x * x + y * y),
    samples=PAIRS, kink=lambda y, x: xp.where(x < 0.0, y, 1.0),  # it jumps across the negative axis
)
gate(
    "sinh", "sinh", lambda x: xp.sinh(x),
    lambda out, x: xp.cosh(x),
    samples=ANYWHERE,
)
gate(
    "cosh", "cosh", lambda x: xp.cosh(x),
    lambda out, x: xp.sinh(x),
    samples=ANYWHERE,
)
gate(
    "tanh", "tanh", lambda x: xp.tanh(x),
    lambda out, x: 1.0 - out * out,
    samples=ANYWHERE,
)
gate(
    "arcsinh", "arcsinh", lambda x: xp.arcsinh(x),
    lambda out, x: xp.divide(1.0, xp.hypot(x, 1.0)),
    samples=ANYWHERE,
)
gate(
    "arccosh", "arccosh", lambda x: xp.arccosh(x),
    lambda out, x: xp.divide(1.0, xp.sqrt(x - 1.0) * xp.sqrt(x + 1.0)),
    samples=[(1.5,), (3.0,)],
)
gate(
    "arctanh", "arctanh", lambda x: xp.arctanh(x),
    lambda out, x: xp.divide(1.0, 1.0 - x * x),
    samples=WITHIN_ONE,
)
gate(
    "radians", "°→rad", lambda x: 0.017453292519943295 * x,
    lambda out, x: 0.017453292519943295,
    samples=ANYWHERE, ufunc=("radians", "deg2rad"),
)
gate(
    "degrees", "rad→°", lambda x: 57.29577951308232 * x,
    lambda out, x: 57.29577951308232,
    samples=ANYWHERE, ufunc=("degrees", "rad2deg"),
)

# Activations

gate(
    "sigmoid", "σ", lambda x: xp.divide(1.0, 1.0 + xp.exp(-x)),
    lambda out, x: (1.0 - out) * out,
    samples=ANYWHERE,
)
gate(
    "softplus", "softplus", lambda x: xp.maximum(x, 0.0) + xp.log1p(xp.exp(-xp.abs(x))),
    lambda out, x: xp.sigmoid(x),
    samples=ANYWHERE,
)
gate(
    "relu", "relu", lambda x: xp.maximum(x, 0.0),
    lambda out, x: xp.step(x, 0.0, 0.0),
    samples=ANYWHERE, kink=lambda x: x, selects=True,
)
gate(
    "leaky_relu", "leaky relu", lambda x, slope=0.01: xp.where(x > 0.0, x, slope * x),
    lambda out, x, slope: slope + (1.0 - slope) * xp.step(x, 0.0, 0.0),
    lambda out, x, slope: xp.minimum(x, 0.0),
    samples=[(-2.0, 0.01), (1.5, 0.2), (-0.4, 0.3)], kink=lambda x, slope: x,
)

# Choices: piecewise, with a corner between the pieces

gate(
    "abs", "|x|", lambda x: xp.abs(x),
    lambda out, x: 2.0 * xp.step(x, 0.0, 0.5) - 1.0,
    samples=ANYWHERE, operator="abs", ufunc=("absolute", "fabs"), kink=lambda x: x,
)
gate(
    "maximum", "max", lambda x, y: xp.maximum(x, y),
    lambda out, x, y: xp.step(x, y, 0.5),
    lambda out, x, y: xp.step(y, x, 0.5),
    samples=PAIRS, kink=lambda x, y: x - y, selects=True,
)
gate(
    "minimum", "min", lambda x, y: xp.minimum(x, y),
    lambda out, x, y: xp.step(y, x, 0.5),
    lambda out, x, y: xp.step(x, y, 0.5),
    samples=PAIRS, kink=lambda x, y: x - y, selects=True,
)
# At the bounds the gradient is x's, as in PyTorch; where they cross, high wins, as in NumPy.
gate(
    "clip", "clip", lambda x, low=-INFINITY, high=INFINITY: xp.minimum(xp.maximum(x, low), high),
    lambda out, x, low, high: xp.step(x, low, 1.0) * xp.step(high, x, 1.0),
    lambda out, x, low, high: xp.step(low, x, 0.0) * xp.step(high, low, 1.0),
    lambda out, x, low, high: xp.maximum(xp.step(x, high, 0.0), xp.step(low, high, 0.0)),
    samples=[(0.3, -1.0, 1.0), (-2.0, -1.0, 1.0), (1.7, -1.0, 1.0), (0.3, 2.0, 1.0)],
    kink=lambda x, low, high: (x - low) * (high - x), selects=True,
)
gate(
    "where", "where", lambda condition, x, y: xp.where(condition, x, y),
    lambda out, condition, x, y: 0.0,
    lambda out, condition, x, y: xp.holds(condition),
    lambda out, condition, x, y: 1.0 - xp.holds(condition),
    samples=[(True, 2.0, -3.0), (False, 2.0, -3.0)], method=False, selects=True,
)

# Piecewise constant: the gradient is 0

gate(
    "sign", "sign", lambda x: xp.sign(x),
    lambda out, x: 0.0,
    samples=ANYWHERE, kink=lambda x: x,
)
# As a condition of `where`, it is a comparison that is recorded: `x > y` is one that Python has made.
gate(
    "heaviside", "[x>0]", lambda x, y: xp.where(xp.equal(x, 0.0), y, xp.step(x, 0.0, 0.0)),
    lambda out, x, y: 0.0,
    lambda out, x, y: xp.holds(xp.equal(x, 0.0)),
    samples=PAIRS, kink=lambda x, y: x,
)
gate(
    "floor", "⌊x⌋", lambda x: xp.floor(x),
    lambda out, x: 0.0,
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "floor_divide", "⌊÷⌋", lambda x, y: xp.floor(xp.divide(x, y)),
    lambda out, x, y: 0.0,
    lambda out, x, y: 0.0,
    samples=QUOTIENTS, operator="floordiv", kink=lambda x, y: xp.divide(x, y) - xp.rint(xp.divide(x, y)),
)
gate(
    "ceil", "⌈x⌉", lambda x: xp.ceil(x),
    lambda out, x: 0.0,
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "trunc", "trunc", lambda x: xp.trunc(x),
    lambda out, x: 0.0,
    samples=ANYWHERE[1:], kink=lambda x: x - xp.rint(x),
)
gate(
    "rint", "round", lambda x: xp.rint(x),
    lambda out, x: 0.0,
    samples=ANYWHERE, kink=lambda x: x - xp.floor(x) - 0.5,
)
# fmt: on

_closed = True
