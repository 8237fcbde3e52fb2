"""A random graph of all elementwise gates of the table, compiled, against CasADi."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import log
from types import ModuleType

import numpy as np

from autograd import Value, compile
from autograd.extend import apply
from autograd.gates import GATES, Gate
from benchmarks.benchmark import Benchmark, at_least
from benchmarks.moons import Number
from benchmarks.peers import load
from benchmarks.sides import SPAN, Sides, agree, timed
from benchmarks.symbolic import value_and_gradient

Graph = list[tuple[str, tuple[int, ...]]]  # the name of each gate, and the numbers of its inputs: leaves, then gates
GATES_PER_LEAF = 10
MAX_VALUE, MAX_GRADIENT = 3.0, 60.0  # bounds of values and local gradients (57 for degrees), so that nothing overflows
TRIES = 1000  # at drawing inputs for a gate; the first tenth of them takes an unused node


def forms(c: ModuleType) -> dict[str, Callable[..., Number]]:
    """Write each gate in CasADi.

    Parameters
    ----------
    c : module
        CasADi.

    Returns
    -------
    dict of str to callable
        CasADi's function of each gate, or a formula if it has none.
    """
    own = (
        "sqrt exp expm1 log log10 log1p sin cos tan arcsin arccos arctan arctan2 sinh cosh tanh arcsinh arccosh "
        "arctanh hypot sign floor ceil"
    )
    return {name: getattr(c, name) for name in own.split()} | {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "neg": lambda x: -x,
        "positive": lambda x: x,
        "reciprocal": lambda x: 1.0 / x,
        "pow": lambda x, y: x**y,
        "square": lambda x: x * x,
        "cbrt": lambda x: c.sign(x) * c.fabs(x) ** (1.0 / 3.0),
        "mod": lambda x, y: x - y * c.floor(x / y),
        "exp2": lambda x: c.exp(log(2.0) * x),
        "log2": lambda x: c.log(x) / log(2.0),
        "logaddexp": lambda x, y: c.fmax(x, y) + c.log1p(c.exp(-c.fabs(x - y))),
        "radians": lambda x: np.pi / 180.0 * x,
        "degrees": lambda x: 180.0 / np.pi * x,
        "sigmoid": lambda x: 1.0 / (1.0 + c.exp(-x)),
        "softplus": lambda x: c.fmax(x, 0.0) + c.log1p(c.exp(-c.fabs(x))),
        "relu": lambda x: c.fmax(x, 0.0),
        "leaky_relu": lambda x, slope: c.if_else(x > 0.0, x, slope * x),
        "abs": c.fabs,
        "maximum": c.fmax,
        "minimum": c.fmin,
        "clip": lambda x, low, high: c.fmin(c.fmax(x, low), high),
        "where": lambda condition, x, y: c.if_else(condition != 0.0, x, y),
        "floor_divide": lambda x, y: c.floor(x / y),
        "trunc": lambda x: c.sign(x) * c.floor(c.fabs(x)),
        "heaviside": lambda x, y: c.if_else(x == 0.0, y, x > 0.0),
        "rint": lambda x: c.floor(x + 0.5),
    }


def graph(gates: int, names: Sequence[str]) -> tuple[Graph, np.ndarray]:
    """Draw a random graph.

    Parameters
    ----------
    gates : int
        The number of gates.
    names : sequence of str
        The kinds of gates, which take turns.

    Returns
    -------
    graph : list
        The gates and their inputs.
    theta : ndarray, shape (gates // 10,), float64
        The numbers of the leaves.
    """
    rng = np.random.default_rng(0)
    data = rng.uniform(-MAX_VALUE, MAX_VALUE, gates // GATES_PER_LEAF).tolist()
    theta, free = np.array(data), list(range(len(data)))
    chosen: Graph = []
    while len(chosen) < gates:
        gate = GATES[names[len(chosen) % len(names)]]
        inputs, out = draw_inputs(gate, data, free, rng)
        chosen.append((gate.name, inputs))
        free.append(len(data))
        data.append(out)
    return chosen, theta


def draw_inputs(
    gate: Gate, data: list[float], free: list[int], rng: np.random.Generator
) -> tuple[tuple[int, ...], float]:
    """Draw inputs in the domain of a gate and away from its kinks, at which its value is bounded.

    Parameters
    ----------
    gate : Gate
        The gate.
    data : list of float
        The value of each node.
    free : list of int
        The nodes that no gate uses yet. The first input is one of them if possible, and is removed from the list.
    rng : Generator
        The source of randomness.

    Returns
    -------
    inputs : tuple of int
        The input nodes.
    out : float
        The value of the gate.

    Raises
    ------
    ValueError
        If no inputs were found.
    """
    for attempt in range(TRIES):
        place = rng.integers(len(free))
        free[place], free[-1] = free[-1], free[place]
        first, *others = rng.integers(len(data), size=gate.arity).tolist()
        if unused := attempt < TRIES // 10:
            first = free[-1]
        inputs = (first, *others)
        xs = [data[i] for i in inputs]
        out = gate.floats.forward(*xs)
        local_gradients = [local(out, *xs) for local in gate.floats.local_gradients]
        bounded = abs(out) <= MAX_VALUE and all(abs(local) <= MAX_GRADIENT for local in local_gradients)
        if bounded and not near_kink(gate, xs):
            if unused:
                free.pop()
            return inputs, out
    raise ValueError(f"found no inputs for gate {gate.name!r}")


def near_kink(gate: Gate, xs: list[float]) -> bool:
    """Return whether rounding could move inputs across a kink, or libraries differ in the derivative there.

    Parameters
    ----------
    gate : Gate
        The gate.
    xs : list of float
        Its inputs.

    Returns
    -------
    bool
        Whether the inputs are to be avoided.
    """
    distance = gate.kink(*map(np.float64, xs))
    tied = len({*xs}) < len(xs) or (gate.name == "pow" and xs[0] == 0.0)
    return tied or (distance is not None and abs(distance) < 1e-6)


def run(chosen: Graph, leaves: Sequence[Number], gate: Callable[..., Number]) -> Number:
    """Compute a graph.

    Parameters
    ----------
    chosen : list
        The gates and their inputs.
    leaves : sequence
        The numbers of the leaves, of any kind.
    gate : callable
        Computes `gate(name, *inputs)`.

    Returns
    -------
    number
        The sum of the nodes that no gate uses.
    """
    nodes = list(leaves)
    for name, inputs in chosen:
        nodes.append(gate(name, *(nodes[i] for i in inputs)))
    used = {i for _, inputs in chosen for i in inputs}
    return sum(node for i, node in enumerate(nodes) if i not in used)


def casadi(gates: int) -> Sides:
    known = forms(load("casadi"))
    names, unknown = [name for name in GATES if name in known], [name for name in GATES if name not in known]
    chosen, theta = graph(gates, names)
    leaves = [Value(x) for x in theta]
    program = compile(run(chosen, leaves, lambda name, *inputs: apply(GATES[name], *inputs)), leaves)
    evaluate = value_and_gradient(
        lambda symbols: run(chosen, symbols, lambda name, *inputs: known[name](*inputs)), theta
    )
    agree(program(theta), evaluate(), 1e-9)
    without = f", without {', '.join(unknown)}, which CasADi lacks" if unknown else ""
    note = f"the random graph mixes {len(names)} gates of the table{without}"
    return Sides(timed(partial(program, theta), span=SPAN), timed(evaluate, span=SPAN), [note])


BENCHMARKS = {
    "casadi": Benchmark(
        work="random graph of all gates, compiled: value and gradient",
        peer="CasADi, SX Function",
        sides=casadi,
        sizes=(5_000, 15_000, 50_000),
        label="{:,} gates".format,
        goals={50_000: at_least(1.5)},
    )
}
