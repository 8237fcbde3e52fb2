"""The table of elementwise gates: each states its value and, for each input, its local gradient.

A gate is a step of a computation that knows its local gradient. One entry of the table serves `Value` and `Tensor`,
the picture and the numerical check:

    gate(name, symbol, forward, one local gradient for each input, samples=...)

`forward(*inputs)` is the value, `local_i(out, *inputs)` the derivative of the value by input i. Both are plain
functions of a line or two in which + − × stand for themselves and everything else is written `xp.something`: `xp` is
bound once for each back end (`floats`, `arrays`) by making the same code object a function over other globals. So a
rule names nothing but its arguments and `xp`, and takes no Python branch on a value (`xp.where` instead).

The local gradients are those of CS231n, "Backpropagation, Intuitions"; ties of `maximum` are split evenly and the
gradient of `relu` at 0 is 0, as in PyTorch and JAX.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from types import FunctionType, ModuleType
from typing import Any, ClassVar, NamedTuple

from autograd import arrays, errors, floats

Rule = Callable[..., Any]
xp: Any = None  # what the rules below name: bound anew for each back end, never called here


class Rules(NamedTuple):
    """A gate's rules bound to one back end."""

    forward: Rule
    local_gradients: tuple[Rule, ...] = ()


class Entry:
    """What the entries of all tables of gates have in common: name, symbol, number of inputs, and their `table`."""

    table: ClassVar[dict[str, Any]]
    name: str
    symbol: str
    arity: int

    def __repr__(self) -> str:
        return f"<gate {self.name} {self.symbol}>"

    def __reduce__(self) -> tuple[Any, ...]:  # a copy of a graph has the same gates; a pickle has their names
        return _entry, (type(self), self.name)


def _entry(kind: type[Entry], name: str) -> Entry:
    return kind.table[name]


class Gate(Entry):
    """An elementwise gate: see the head of this file for its contract.

    operator  the Python operator that records it: "add" for `__add__` and `__radd__`
    ufunc     the name of NumPy's function for it, where that differs from `name`
    vjps      for each input, `vjp(upstream, out, *inputs)` on arrays: local gradient × upstream gradient
    """

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *local_gradients: Rule,
        samples: Sequence[tuple[float, ...]],
        operator: str | None = None,
        ufunc: str | None = None,
    ) -> None:
        arity = forward.__code__.co_argcount
        if len(local_gradients) != arity:
            raise TypeError(errors.WRONG_ARITY.format(name=name, arity=arity, given=len(local_gradients)))
        self.name, self.symbol, self.arity = name, symbol, arity
        self.samples, self.operator, self.ufunc = samples, operator, ufunc or name
        self.floats, self.arrays = (
            Rules(_bind(forward, backend, name), tuple(_bind(rule, backend, name) for rule in local_gradients))
            for backend in (floats, arrays)
        )
        self.vjps = tuple(_chain(local) for local in self.arrays.local_gradients)


def _bind(rule: Rule, backend: ModuleType, name: str) -> Rule:
    """The same code with `xp` bound to a back end; refuses a rule that names anything else."""
    code = rule.__code__
    unknown = [used for used in (*code.co_names, *code.co_freevars) if used not in ("xp", *arrays.__all__)]
    if unknown:
        raise TypeError(errors.RULE_NAMES.format(name=name, unknown=unknown, known=", ".join(arrays.__all__)))
    return FunctionType(code, {"xp": backend, "__builtins__": builtins}, name)


def _chain(local: Rule) -> Rule:
    return lambda upstream, out, *inputs: local(out, *inputs) * upstream


GATES: dict[str, Gate] = {}
Gate.table = GATES
BY_UFUNC: dict[str, Gate] = {}  # by the name of NumPy's function for it
_installers: dict[type, Callable[[Gate], None]] = {}


def gate(name: str, symbol: str, forward: Rule, *local_gradients: Rule, **options: Any) -> Gate:
    """Enter a gate into the table; it is at once a method of `Value` and `Tensor`, drawn and checked."""
    entry = Gate(name, symbol, forward, *local_gradients, **options)
    for kind in _installers:
        if hasattr(kind, name):
            raise ValueError(errors.GATE_EXISTS.format(name=name, kind=kind.__name__))
    GATES[name] = BY_UFUNC[entry.ufunc] = entry
    for install in _installers.values():
        install(entry)
    return entry


def install_gates(kind: type, install: Callable[[Gate], None]) -> None:
    """For a kind of node, call `install` with every gate of the table, and with every one that will be entered."""
    _installers[kind] = install
    for entry in GATES.values():
        install(entry)


# fmt: off
# The inputs at which the entries below are checked numerically: away from kinks, inside the domains.
ANYWHERE = [(-2.0,), (-0.6,), (0.3,), (1.7,)]
POSITIVE = [(0.2,), (1.0,), (3.5,)]
PAIRS = [(-2.0, 5.0), (3.0, -4.0), (0.7, 0.4), (-1.5, -0.3)]

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
gate(
    "reciprocal", "1/x", lambda x: xp.divide(1.0, x),
    lambda out, x: -out * out,
    samples=ANYWHERE,
)
# Where y is 0 the value does not depend on x, and where x is 0 (and y above 0) it does not on y: 0, not 0 · inf.
gate(
    "pow", "^", lambda x, y: xp.power(x, y),
    lambda out, x, y: xp.where(y == 0.0, 0.0, y * xp.power(x, y - 1.0)),
    lambda out, x, y: out * xp.log(xp.where(x == 0.0, 1.0, x)),
    samples=[(0.5, 2.0), (2.0, -1.5), (1.3, 0.4), (3.0, 3.0)], operator="pow", ufunc="power",
)
gate(
    "exp", "exp", lambda x: xp.exp(x),
    lambda out, x: out,
    samples=ANYWHERE,
)
gate(
    "log", "log", lambda x: xp.log(x),
    lambda out, x: xp.divide(1.0, x),
    samples=POSITIVE,
)
gate(
    "sqrt", "√", lambda x: xp.sqrt(x),
    lambda out, x: xp.divide(0.5, out),
    samples=POSITIVE,
)
gate(
    "abs", "|x|", lambda x: xp.abs(x),
    lambda out, x: 2.0 * xp.step(x, 0.0, 0.5) - 1.0,
    samples=ANYWHERE, operator="abs", ufunc="absolute",
)
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
    "tanh", "tanh", lambda x: xp.tanh(x),
    lambda out, x: 1.0 - out * out,
    samples=ANYWHERE,
)
gate(
    "sigmoid", "σ", lambda x: xp.divide(1.0, 1.0 + xp.exp(-x)),
    lambda out, x: (1.0 - out) * out,
    samples=ANYWHERE,
)
gate(
    "relu", "relu", lambda x: xp.maximum(x, 0.0),
    lambda out, x: xp.step(x, 0.0, 0.0),
    samples=ANYWHERE,
)
gate(
    "maximum", "max", lambda x, y: xp.maximum(x, y),
    lambda out, x, y: xp.step(x, y, 0.5),
    lambda out, x, y: xp.step(y, x, 0.5),
    samples=PAIRS,
)
gate(
    "minimum", "min", lambda x, y: xp.minimum(x, y),
    lambda out, x, y: xp.step(y, x, 0.5),
    lambda out, x, y: xp.step(x, y, 0.5),
    samples=PAIRS,
)
# fmt: on
