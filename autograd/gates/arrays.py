"""Gates that move or combine the elements of arrays: matmul, sum, max over an axis, reshape, indexing, einsum.

Their local gradient is a matrix that nobody wants to build, so in its place each states, for each input, a
vector-Jacobian product `vjp(upstream, out, *inputs, **attributes)`: what the gate passes down to that input when
`upstream` arrives from above. A vjp is written in NumPy's functions, returns a new array or a view, never `upstream`
itself, and writes into nothing: so it is recorded when it is called with Tensors, which gives second derivatives. The
walk undoes broadcasting and casts to the input's dtype.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd.gates.elementwise import GATES, Entry, Gate, Rule, Rules

if TYPE_CHECKING:
    from autograd.graph.node import Node

Array = np.ndarray


class ArrayGate(Entry):
    """A gate over arrays: `forward(*inputs, **attributes)`, one vjp for each input, samples for the numerical check.

    Each sample is a pair: the inputs, and the attributes. A variadic gate takes any number of inputs and has one vjp,
    `vjp(position, upstream, out, *inputs, **attributes)`.

    passes   what each vjp passes down, in words or as a formula
    scalars  the same function on arrays of Values; `forward` itself where NumPy's function serves for those too
    kink     of the inputs and attributes: 0 at the corners, where there is no derivative; None where there is none
    """

    def __init__(
        self,
        name: str,
        symbol: str,
        forward: Rule,
        *vjps: Rule,
        samples: Sequence[tuple[tuple[Array, ...], dict[str, Any]]],
        passes: tuple[str, ...],
        variadic: bool = False,
        scalars: Rule | None = None,
        kink: Rule | None = None,
    ) -> None:
        self.name, self.symbol, self.variadic = name, symbol, variadic
        code = vjps[0].__code__
        first = 3 if variadic else 2  # after upstream and out
        self.arguments = code.co_varnames[first : first + len(vjps)] if not variadic else ("input",)
        self.arrays, self._vjps, self.samples, self.passes = Rules(forward), vjps, samples, passes
        self.scalars, self._kink = scalars or forward, kink
        ARRAY_GATES[name] = self

    def vjp(self, position: int) -> Rule:
        return partial(self._vjps[0], position) if self.variadic else self._vjps[position]

    def kink(self, *inputs: Any, **attributes: Any) -> Any:
        return self._kink and self._kink(*inputs, **attributes)

    def pass_down(self, node: Node, upstream: Any) -> Iterator[tuple[Node, Any]]:
        inputs = [source.recorded for source in node.inputs]
        for position, source in enumerate(node.inputs):
            if source.requires_grad:
                yield source, self.vjp(position)(upstream, node, *inputs, **node.attributes)


ARRAY_GATES: dict[str, ArrayGate] = {}
ArrayGate.table = ARRAY_GATES


def _sample(*shapes: tuple[int, ...], **attributes: Any) -> tuple[tuple[Array, ...], dict[str, Any]]:
    """Arrays without order or ties; not from numpy.random, which would make `import autograd` slower."""
    counts = (np.arange(math.prod(shape)) + 10 * position for position, shape in enumerate(shapes))
    return tuple(np.sin(count**1.5).reshape(shape) for count, shape in zip(counts, shapes, strict=True)), attributes


def record(gate: ArrayGate, x: Any, **attributes: Any) -> Any:
    """What the gate makes of x: an array of an array, a recorded Tensor of a Tensor."""
    return x.record(gate, (x,), **attributes) if hasattr(x, "record") else gate.arrays.forward(x, **attributes)


# Products

MATMUL_SAMPLES = [
    _sample((2, 3), (3, 4)),
    _sample((3,), (3, 4)),
    _sample((2, 3), (3,)),
    _sample((3,), (3,)),
    _sample((5, 2, 3), (3, 4)),
    _sample((2, 3), (5, 3, 4)),
    _sample((3,), (5, 3, 4)),
    _sample((5, 2, 3), (3,)),
]


def _matmul_x(upstream: Array, out: Array, x: Array, y: Array) -> Array:
    if y.ndim == 1:
        return upstream[..., None] * y
    if x.ndim == 1:
        return (upstream[..., None, :] @ y.swapaxes(-1, -2))[..., 0, :]
    return upstream @ y.swapaxes(-1, -2)


def _matmul_y(upstream: Array, out: Array, x: Array, y: Array) -> Array:
    if x.ndim == 1:
        return x[:, None] * upstream[..., None, :] if y.ndim > 1 else x * upstream
    if y.ndim == 1:
        return (upstream[..., None, :] @ x)[..., 0, :]
    return x.swapaxes(-1, -2) @ upstream


MATMUL = ArrayGate(
    "matmul",
    "@",
    np.matmul,
    _matmul_x,
    _matmul_y,
    samples=MATMUL_SAMPLES,
    passes=("upstream @ yᵀ", "xᵀ @ upstream"),
)


def _einsum_input(position: int, upstream: Array, out: Array, *inputs: Array, subscripts: str) -> Array:
    """Einsum of the upstream gradient and the other inputs: each product is linear in every one of its factors."""
    given, result = subscripts.split("->")
    terms = given.split(",")
    others = [(term, x) for i, (term, x) in enumerate(zip(terms, inputs, strict=True)) if i != position]
    wanted, shape = terms[position], inputs[position].shape
    spare = iter(sorted(set(LETTERS) - set(subscripts)))
    target = ""
    for letter, size in zip(wanted, shape, strict=True):
        if letter in target:  # a repeated letter is a diagonal: zero off it
            other = next(spare)
            others.append((letter + other, np.eye(size, dtype=out.dtype)))
            target += other
            continue
        found = [thing.shape[term.index(letter)] for term, thing in others if letter in term]
        found += [out.shape[result.index(letter)]] if letter in result else []
        if size not in found and not any(length > size for length in found):  # summed over by itself, or stretched
            others.append((letter, np.ones(size, dtype=out.dtype)))
        target += letter
    names = ",".join([result, *(term for term, _ in others)])
    return np.einsum(f"{names}->{target}", upstream, *(x for _, x in others))


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def explicit(subscripts: str, *shapes: tuple[int, ...]) -> str:
    """Einsum's subscripts with letters in the place of `...`, and with the output named."""
    subscripts = subscripts.replace(" ", "")
    given, arrow, result = subscripts.partition("->")
    terms = given.split(",")
    if len(terms) != len(shapes):
        raise ValueError(f"{len(terms)} terms in the subscripts {subscripts!r}, but {len(shapes)} inputs")
    spare = [letter for letter in LETTERS if letter not in subscripts]
    hidden = [len(shape) - len(term.replace("...", "")) for term, shape in zip(terms, shapes, strict=True)]
    longest = max((count for term, count in zip(terms, hidden, strict=True) if "..." in term), default=0)
    batch = "".join(spare[:longest])
    terms = [
        term.replace("...", batch[longest - count :] if count > 0 else "")
        for term, count in zip(terms, hidden, strict=True)
    ]
    if arrow and batch and "..." not in result:
        raise ValueError(f"the output of {subscripts!r} must have '...', too, to keep the axes that it stands for")
    if not arrow:
        letters = "".join(terms)
        result = batch + "".join(sorted(x for x in set(letters) - set(batch) if letters.count(x) == 1))
    return f"{','.join(terms)}->{result.replace('...', batch)}"


EINSUM = ArrayGate(
    "einsum",
    "einsum",
    lambda *inputs, subscripts: np.einsum(subscripts, *inputs),
    _einsum_input,
    variadic=True,
    passes=("einsum of upstream and the other inputs",),
    samples=[
        _sample((2, 3), (3, 4), subscripts="ij,jk->ik"),
        _sample((2, 3), (2, 3), subscripts="ij,ij->"),
        _sample((3, 3), subscripts="ii->i"),
        _sample((3, 3), subscripts="ii->"),
        _sample((2, 3), subscripts="ij->j"),
        _sample((5, 2, 3), (5, 3, 4), (4,), subscripts="bij,bjk,k->bi"),
        _sample((1, 3), (2, 3), subscripts="ij,ij->ij"),
    ],
)


# Reductions


def _beside(reduced: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """What was reduced over `axis`, with that axis put back, so that it broadcasts against x."""
    if axis is None or x.ndim == 0:
        return np.reshape(reduced, (1,) * x.ndim)
    return reduced if keepdims else np.expand_dims(reduced, axis)


REDUCTION_SAMPLES = [
    _sample((2, 3), axis=None, keepdims=False),
    _sample((2, 3), axis=0, keepdims=False),
    _sample((2, 3, 2), axis=(0, -1), keepdims=False),
    _sample((2, 3), axis=-1, keepdims=True),
]


def _sum_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    return np.broadcast_to(_beside(upstream, x, axis, keepdims), x.shape)


SUM = ArrayGate(
    "sum", "Σ", np.sum, _sum_x, samples=REDUCTION_SAMPLES, passes=("upstream, to every element that was summed",)
)


def _mean_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    share = max(out.size, 1) / max(x.size, 1)
    return np.broadcast_to(_beside(upstream, x, axis, keepdims) * share, x.shape)


MEAN = ArrayGate(
    "mean", "mean", np.mean, _mean_x, samples=REDUCTION_SAMPLES, passes=("upstream / count, to every element",)
)


def _extreme_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    chosen = np.equal(x, _beside(out, x, axis, keepdims))
    share = chosen / chosen.sum(axis=axis, keepdims=True, dtype=x.dtype)  # ties split evenly
    return np.where(chosen, share * _beside(upstream, x, axis, keepdims), 0)


def of_values(gate: Gate, *operands: Any) -> Any:
    """An elementwise gate of Values and plain numbers: a Value, or of plain numbers alone a plain number."""
    from autograd.graph.node import Node, apply

    if any(isinstance(thing, Node) for thing in operands):
        return apply(gate, *operands)
    return gate.floats.forward(*operands)


def _extreme_of_values(choose: str) -> Rule:
    """The largest or smallest of an array of Values, by gates of two."""

    def reduce(x: Array, axis: Any, keepdims: bool) -> Any:
        pairwise = np.frompyfunc(lambda a, b: of_values(GATES[choose], a, b), 2, 1, identity=None)
        return pairwise.reduce(x, axis=axis, keepdims=keepdims)

    return reduce


def _ties(extreme: Rule) -> Rule:
    """0 where more than one element is the largest or the smallest."""

    def gap(x: Array, axis: Any, keepdims: bool) -> Array:
        chosen = (x == extreme(x, axis=axis, keepdims=True)).sum(axis=axis)
        return np.where(chosen > 1, 0.0, 1.0)

    return gap


MAX, MIN = (
    ArrayGate(
        name,
        name,
        extreme,
        _extreme_x,
        samples=REDUCTION_SAMPLES,
        passes=("upstream, to the element that was chosen; ties split it evenly",),
        scalars=_extreme_of_values(extreme_of_two),
        kink=_ties(extreme),
    )
    for name, extreme, extreme_of_two in (("max", np.max, "maximum"), ("min", np.min, "minimum"))
)


def _norm(x: Array, axis: Any, keepdims: bool) -> Array:
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def _norm_x(upstream: Array, out: Array, x: Array, axis: Any, keepdims: bool) -> Array:
    nonzero = np.not_equal(out, 0)  # at the origin the gradient is 0, as in PyTorch
    return x * _beside(np.where(nonzero, upstream / np.where(nonzero, out, 1), 0), x, axis, keepdims)


def _norm_of_values(x: Array, axis: Any, keepdims: bool) -> Any:
    """With a gradient of 0 at the origin, as above."""

    def root(square: Any) -> Any:
        safe = of_values(GATES["where"], square > 0, square, 1.0)
        return of_values(GATES["where"], square > 0, of_values(GATES["sqrt"], safe), 0.0)

    return np.frompyfunc(root, 1, 1)(np.asarray(np.sum(x * x, axis=axis, keepdims=keepdims), dtype=object))


NORM = ArrayGate(
    "norm",
    "‖x‖",
    _norm,
    _norm_x,
    samples=REDUCTION_SAMPLES,
    passes=("x / ‖x‖ · upstream; 0 at the origin",),
    scalars=_norm_of_values,
    kink=_norm,
)

CUMSUM = ArrayGate(
    "cumsum",
    "cumsum",
    lambda x, axis: np.cumsum(x, axis=axis),
    lambda upstream, out, x, axis: np.flip(np.cumsum(np.flip(upstream, axis), axis=axis), axis),
    passes=("the sums of upstream from each element on",),
    samples=[_sample((5,), axis=0), _sample((2, 3), axis=0), _sample((2, 3), axis=-1)],
)


# Shapes

RESHAPE = ArrayGate(
    "reshape",
    "reshape",
    lambda x, shape: np.reshape(x, shape),
    lambda upstream, out, x, shape: np.reshape(upstream, x.shape),
    passes=("upstream in x's shape",),
    samples=[_sample((2, 6), shape=(3, -1)), _sample((2, 3), shape=(6,))],
)

TRANSPOSE = ArrayGate(
    "transpose",
    "ᵀ",
    lambda x, axes: np.transpose(x, axes),
    lambda upstream, out, x, axes: np.transpose(upstream, None if axes is None else np.argsort(np.mod(axes, x.ndim))),
    passes=("upstream with the axes put back",),
    samples=[_sample((2, 3), axes=None), _sample((2, 3, 4), axes=(1, 2, 0)), _sample((3, 3, 3), axes=(-1, 0, -2))],
)

BROADCAST_TO = ArrayGate(
    "broadcast_to",
    "broadcast",
    lambda x, shape: np.broadcast_to(x, shape),
    lambda upstream, out, x, shape: upstream[...],  # the walk sums over what was stretched
    passes=("upstream, summed over what was stretched",),
    samples=[_sample((3,), shape=(2, 3)), _sample((2, 1), shape=(4, 2, 3)), _sample((), shape=(2,))],
)

ASTYPE = ArrayGate(
    "astype",
    "astype",
    lambda x, dtype: x.astype(dtype),
    lambda upstream, out, x, dtype: upstream[...],
    passes=("upstream in x's dtype",),
    samples=[_sample((2, 3), dtype=float)],
    scalars=lambda x, dtype: x,
)


# Selecting and joining


def _repeats(index: Any) -> bool:
    """Whether an index may pick an element more than once: only arrays of integers can."""
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, (list, Array)) and np.asarray(part).dtype.kind in "iu" for part in parts)


def _scatter(x: Array, index: Any, shape: tuple[int, ...]) -> Array:
    gradient = np.zeros(shape, dtype=x.dtype)
    if _repeats(index):
        np.add.at(gradient, index, x)
    else:
        gradient[index] = x
    return gradient


INDEX_SAMPLES: list[dict[str, Any]] = [
    {"index": 1},
    {"index": (slice(None, None, 2), -1)},
    {"index": (Ellipsis, None, 2)},
    {"index": np.array([0, 2, 2])},
    {"index": (np.arange(4), np.array([0, 2, 1, 1]))},
    {"index": np.array([True, False, True, True])},
]

INDEX = ArrayGate(
    "index",
    "[ ]",
    lambda x, index: x[index],
    lambda upstream, out, x, index: record(ARRAY_GATES["scatter"], upstream, index=index, shape=x.shape),
    passes=("upstream, added at the index; zeros elsewhere",),
    samples=[_sample((4, 3), **attributes) for attributes in INDEX_SAMPLES],
)

SCATTER = ArrayGate(  # the inverse of index: zeros, and x added at the index
    "scatter",
    "[ ]⁻¹",
    _scatter,
    lambda upstream, out, x, index, shape: upstream[index],
    passes=("upstream at the index",),
    samples=[
        _sample(np.zeros((4, 3))[attributes["index"]].shape, shape=(4, 3), **attributes) for attributes in INDEX_SAMPLES
    ],
    scalars=lambda x, index, shape: _scatter_values(x, index, shape),
)


def _scatter_values(x: Array, index: Any, shape: tuple[int, ...]) -> Array:
    whole = np.zeros(shape, dtype=object)
    np.add.at(whole, index, x)
    return whole


def _concatenate_input(position: int, upstream: Array, out: Array, *inputs: Array, axis: int) -> Array:
    start = sum(x.shape[axis] for x in inputs[:position])
    along = slice(start, start + inputs[position].shape[axis])
    return upstream[(slice(None),) * (axis % out.ndim) + (along,)]


CONCATENATE = ArrayGate(
    "concatenate",
    "concatenate",
    lambda *inputs, axis: np.concatenate(inputs, axis=axis),
    _concatenate_input,
    passes=("each input's part of upstream",),
    variadic=True,
    samples=[_sample((2, 3), (1, 3), (4, 3), axis=0), _sample((2, 3), (2, 1), axis=-1)],
)

STACK = ArrayGate(
    "stack",
    "stack",
    lambda *inputs, axis: np.stack(inputs, axis=axis),
    lambda position, upstream, out, *inputs, axis: upstream[(slice(None),) * (axis % out.ndim) + (position,)],
    passes=("each input's part of upstream",),
    variadic=True,
    samples=[_sample((2, 3), (2, 3), axis=0), _sample((2, 3), (2, 3), (2, 3), axis=-1), _sample((), (), axis=0)],
)
