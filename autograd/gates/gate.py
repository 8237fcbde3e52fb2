"""What a gate is: a value, one local gradient for each input, and rules that mean the same on every back end.

A gate is one operation that knows its derivative. An elementwise gate states its value and, for each input, its *local
gradient* ∂out/∂input, as plain functions of a line or two (its *rules*):

    forward(*inputs)          the value
    local_i(out, *inputs)     the derivative of the value with respect to input i

In a rule, + − × and the comparisons < <= > >= are written as they are; everything else is called as `xp.something`.
`xp` is bound once for each back end (floats, arrays, nodes, formulas, Python text, numba) by making the same code
object a function over other globals. So a rule may name only its arguments and `xp`, uses `xp.where` instead of a
Python `if`, and `xp.equal` instead of `==`. A rule that would mean something else on one of the back ends is refused
when it is entered.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import FunctionType, ModuleType
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

import numpy as np

from autograd.describe import describe
from autograd.gates.backends import arrays, floats
from autograd.gates.backends.arrays import Number


class RuleInput(Protocol):
    """What a rule may do with its inputs: a float, an array, a node, or a symbol that builds text."""

    def __add__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __sub__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __mul__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __neg__(self) -> RuleInput: ...
    def __pos__(self) -> RuleInput: ...
    def __lt__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __le__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __gt__(self, other: RuleInput | float, /) -> RuleInput: ...
    def __ge__(self, other: RuleInput | float, /) -> RuleInput: ...


Rule: TypeAlias = Callable[..., Any]  # from inputs to a result; from arrays to an array in a gate over arrays
Samples: TypeAlias = Sequence[tuple[float, ...]]
xp: Any = None  # the name that rules use, `chosen` below among them; never called here


class HasForward(Protocol):
    """The rules of any gate on one back end: at least the value."""

    @property
    def forward(self) -> Rule: ...


class Rules(NamedTuple):
    """A gate's rules, bound to one back end.

    Attributes
    ----------
    forward : callable
        From inputs to the value.
    local_gradients : tuple of callable
        For each input, from the value and the inputs to the local gradient.
    downstream : callable
        From a local gradient and the upstream gradient to the gradient that an input gets: their product, and 0 for an
        input that a selecting gate did not choose.
    """

    forward: Rule
    local_gradients: tuple[Rule, ...]
    downstream: Rule


def chosen(local: RuleInput, downstream: RuleInput) -> RuleInput:
    """0 for an input that was not chosen, even if the upstream gradient is infinite (0 × inf would be NaN); a rule."""
    return xp.where(xp.equal(local, 0.0), 0.0, downstream)


class BaseGate:
    """What all gates have in common, elementwise or over arrays.

    Attributes
    ----------
    name, symbol : str
        The gate's name in its table, and what the picture shows.
    arguments : tuple of str
        The names of the inputs, as the rules have them; the last one stands for any number of inputs if `variadic`.
    operator : str or None
        The Python operator that records the gate.
    """

    table: ClassVar[Mapping[str, BaseGate]]
    operator: str | None = None
    variadic = False
    name: str
    symbol: str
    arguments: tuple[str, ...]
    arrays: HasForward

    @property
    def arity(self) -> int:
        """The number of inputs."""
        return len(self.arguments)

    def argument(self, position: int) -> str:
        """Return the name of one input.

        Parameters
        ----------
        position : int
            Which input.

        Returns
        -------
        str
            Such as "x", or "input[2]" of a variadic gate.
        """
        return f"{self.arguments[-1]}[{position}]" if self.variadic else self.arguments[position]

    def vjp(self, position: int) -> Rule:
        """Return the vector-Jacobian product for one input.

        Parameters
        ----------
        position : int
            Which input.

        Returns
        -------
        callable
            `vjp(upstream, out, *inputs, **attributes)` of arrays, the downstream gradient.
        """
        raise NotImplementedError

    def local_gradient(self, position: int, out: Number, *inputs: Number) -> Number | None:
        """Return ∂out/∂input for one input.

        Parameters
        ----------
        position : int
            Which input.
        out : float or ndarray
            The value of the gate.
        *inputs : float or ndarray
            Its inputs.

        Returns
        -------
        float, ndarray or None
            None for a gate over arrays, which has only a vjp.
        """
        return None

    def kink(self, *inputs: np.ndarray, **attributes: object) -> np.ndarray | None:
        """Return how far the inputs are from a kink of the gate.

        Parameters
        ----------
        *inputs : ndarray
            The inputs.
        **attributes
            The keyword arguments of a gate over arrays.

        Returns
        -------
        ndarray or None
            0 at a kink; None if the gate has no kink.
        """
        return None

    def __repr__(self) -> str:
        return f"<gate {self.name} {self.symbol}>"

    def __reduce__(self) -> tuple[object, ...]:  # copies of a graph share its gates; a pickle holds their names
        return _find, (type(self), self.name)


def _find(kind: type[BaseGate], name: str) -> BaseGate:
    if name not in kind.table:
        raise LookupError(
            f"this graph has a gate {name!r}, which is not in the table: enter it before loading the graph"
        )
    return kind.table[name]


class Gate(BaseGate):
    """An elementwise gate.

    Parameters
    ----------
    name, symbol : str
        The name of the gate and of its method on `Value` and `Tensor`; the symbol that pictures show.
    forward : callable
        The rule of the value, a function of the inputs.
    *local_gradients : callable
        For each input, the rule of the local gradient, a function of `out` and the inputs.
    samples : sequence of tuple of float
        Inputs at which the gate is checked numerically, away from kinks and inside the domain.
    operator : str, optional
        The Python operator that records the gate: "add" for `__add__` and `__radd__`.
    ufunc : str or tuple of str, optional
        The names of NumPy's functions for it, if they differ from `name`.
    method : bool, default True
        Whether the gate becomes a method of `Value` and `Tensor`.
    kink : callable, optional
        A function of the inputs that is 0 at the kinks, where the gate has no derivative.
    selects : bool, default False
        Whether a local gradient of 0 means "not chosen": the input then gets 0, whatever the upstream gradient is.

    Raises
    ------
    TypeError
        If a rule breaks the contract at the head of this file.
    """

    arrays: Rules

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *local_gradients: Rule,
        samples: Samples,
        operator: str | None = None,
        ufunc: str | tuple[str, ...] = (),
        method: bool = True,
        kink: Rule | None = None,
        selects: bool = False,
    ) -> None:
        code = getattr(forward, "__code__", None)
        if code is None:
            raise TypeError(
                f"gate {name!r} expected rules that are Python functions of a line or two, such as "
                f"lambda x: xp.exp(x), got {describe(forward)}"
            )
        self.name, self.symbol, self.arguments = name, symbol, code.co_varnames[: code.co_argcount]
        if len(local_gradients) != self.arity:
            raise TypeError(
                f"gate {name!r}: its forward has {self.arity} inputs, got {len(local_gradients)} local gradients; "
                "state one for each input"
            )
        self.samples, self.operator, self.method, self.selects = tuple(samples), operator, method, selects
        self.ufuncs = ((ufunc,) if isinstance(ufunc, str) else ufunc) or (name,)
        self.defaults = forward.__defaults__ or ()  # of the last inputs
        self._rules, self._kink = (forward, *local_gradients), kink and bind(kink, arrays, name)
        self._bound: dict[ModuleType, Rules] = {}
        self.floats, self.arrays = self.on(floats), self.on(arrays)
        self._vjps = tuple(_vjp(local, self.arrays.downstream, selects) for local in self.arrays.local_gradients)

    def on(self, backend: ModuleType) -> Rules:
        """Return the rules bound to a back end.

        Parameters
        ----------
        backend : module
            A module that has the functions of `xp`.

        Returns
        -------
        Rules
            The rules, with `xp` bound to `backend`.
        """
        rules = self._bound.get(backend)
        if rules is None:
            forward, *local_gradients = (bind(rule, backend, self.name) for rule in self._rules)
            times = getattr(backend, "times", operator.mul)
            if self.selects:
                zero, multiply = bind(chosen, backend, self.name), times
                times = lambda local, upstream: zero(local, multiply(local, upstream))
            rules = self._bound[backend] = Rules(forward, tuple(local_gradients), times)
        return rules

    @cached_property
    def formulas(self) -> Rules:
        """The rules as mathematics for people: from names to text."""
        from autograd.gates.backends import formulas

        return _written(self.on(formulas), formulas.symbol)

    @cached_property
    def python_text(self) -> Rules:
        """The rules as Python expressions of names and `xp`: from names to text."""
        from autograd.gates.backends import python_text

        return _written(self.on(python_text), python_text.symbol)

    def kink(self, *inputs: np.ndarray, **attributes: object) -> np.ndarray | None:
        return self._kink(*inputs) if self._kink else None

    def local_gradient(self, position: int, out: Number, *inputs: Number) -> Number | None:
        rules = self.arrays if isinstance(out, np.ndarray) else self.floats
        with np.errstate(all="ignore"):
            return rules.local_gradients[position](out, *inputs)

    def vjp(self, position: int) -> Rule:
        return self._vjps[position]


def bind(rule: Rule, backend: ModuleType, name: str) -> Rule:
    """Return the same code with `xp` bound to a back end.

    Raises
    ------
    TypeError
        If the rule names anything but its arguments, `xp` and the functions of `xp`.
    """
    code = rule.__code__
    unknown = [used for used in (*code.co_names, *code.co_freevars) if used not in ("xp", *arrays.__all__)]
    if unknown:
        raise TypeError(
            f"gate {name!r}: a rule names {unknown}, but a rule may name only its arguments and xp, which has: "
            f"{', '.join(arrays.__all__)}. Write the rule in those, as it runs on floats and on arrays alike"
        )
    return FunctionType(code, {"xp": backend, "__builtins__": builtins}, name, rule.__defaults__)


def _vjp(local_gradient: Rule, downstream: Rule, selects: bool) -> Rule:
    """The vector-Jacobian product of an elementwise gate, on arrays: local gradient × upstream gradient."""

    def product(upstream: np.ndarray, out: np.ndarray, *inputs: np.ndarray) -> np.ndarray:
        return local_gradient(out, *inputs) * upstream

    def product_or_zero(upstream: np.ndarray, out: np.ndarray, *inputs: np.ndarray) -> np.ndarray:
        local = local_gradient(out, *inputs)
        finite = local * upstream  # np.where is slow with unpredictable masks, and this is nearly always enough
        return finite if np.isfinite(finite).all() else downstream(local, upstream)

    return product_or_zero if selects else product


def _written(rules: Rules, symbol: Callable[[object], object]) -> Rules:
    """Rules of symbols as functions from names to text."""

    def text(rule: Rule) -> Rule:
        return lambda *names: str(symbol(rule(*map(symbol, names))))

    return Rules(text(rules.forward), tuple(map(text, rules.local_gradients)), text(rules.downstream))


GATES: dict[str, Gate] = {}
Gate.table = GATES
BY_UFUNC: dict[str, Gate] = {}  # by the name of NumPy's function for it


class Installer(NamedTuple):
    """How a kind of node learns of the gates.

    Attributes
    ----------
    install : callable
        Called with every gate of the table, and with every gate entered later.
    try_out : callable
        Called with a gate before it is entered; raises if a rule does not work on this kind of node.
    """

    install: Callable[[Gate], None]
    try_out: Callable[[Gate], None]


_installers: dict[type, Installer] = {}
_trials: list[Callable[[Gate], None]] = []  # of gates that are entered once the table is complete


def gate(name: str, symbol: str, forward: Rule, *local_gradients: Rule, **options: Any) -> Gate:
    """Enter a gate into the table; it becomes a method of `Value` and `Tensor` at once, and is drawn and checked.

    Parameters
    ----------
    name, symbol : str
        The name of the gate and of its method; the symbol that pictures show.
    forward : callable
        The rule of the value, a function of the inputs, such as `lambda x: x * xp.sigmoid(x)`.
    *local_gradients : callable
        For each input, the rule of the local gradient, a function of `out` and the inputs.
    **options
        The keyword arguments of `autograd.gates.Gate`: samples (required), operator, ufunc, method, kink, selects.

    Returns
    -------
    Gate
        The entry.

    Raises
    ------
    TypeError
        If a rule breaks the contract, or does not give the same on all back ends.
    ValueError
        If the name cannot be that of a method, or is taken.
    """
    if not name.isidentifier():
        raise ValueError(
            f"a gate cannot be named {name!r}, which is no name of a method; choose one of letters, digits and _"
        )
    entry = Gate(name, symbol, forward, *local_gradients, **options)
    for kind in _installers:
        if hasattr(kind, name):
            raise ValueError(_taken(name, kind.__name__))
    if _trials:
        if names := {name, *entry.ufuncs} & {*GATES, *BY_UFUNC, *arrays.__all__}:
            raise ValueError(_taken(", ".join(sorted(names)), "the table"))
        for trial in (*_trials, *(installer.try_out for installer in _installers.values())):
            trial(entry)
    GATES[name] = entry
    BY_UFUNC.update(dict.fromkeys(entry.ufuncs, entry))
    for installer in _installers.values():
        installer.install(entry)
    return entry


def _taken(name: str, where: str) -> str:
    return f"a gate cannot be named {name!r}, as {where} has a gate or a method of that name; choose another"


def close_table(try_out: Callable[[Gate], None]) -> None:
    """Mark the table of elementwise gates as complete; the tests try out its entries, to keep the import fast.

    Parameters
    ----------
    try_out : callable
        Called with every gate that is entered from now on; raises if a rule differs between back ends.
    """
    _trials.append(try_out)


def remove_gate(name: str) -> None:
    """Remove a gate that was entered with `gate`; graphs that were recorded with it keep it.

    Parameters
    ----------
    name : str
        The name of the gate.
    """
    entry = GATES.pop(name)
    for ufunc in entry.ufuncs:
        BY_UFUNC.pop(ufunc, None)
    for kind in _installers if entry.method else ():
        delattr(kind, name)


def install_gates(kind: type, install: Callable[[Gate], None], try_out: Callable[[Gate], None]) -> None:
    """Call `install` with every gate of the table and every gate entered later, for one kind of node.

    Parameters
    ----------
    kind : type
        The kind of node, which gets the methods.
    install : callable
        Gives the kind one gate's method and operator.
    try_out : callable
        Runs a new gate's rules on this kind of node and raises if they do not work there.
    """
    _installers[kind] = Installer(install, try_out)
    for entry in GATES.values():
        install(entry)
