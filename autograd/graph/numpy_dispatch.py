"""How NumPy's functions find their gates: `np.sum(t)` of a Tensor calls the function that is entered here for `np.sum`.

The functions are in `array_methods` (those that are also methods of arrays) and `numpy_functions`.

They accept NumPy's arguments by NumPy's names, as far as the functions entered list them. With any other argument
(`out=`, `where=`), and for any function that is not entered, NumPy's call raises a TypeError that names the function.
Functions that only ask about data (`np.argmax`, `np.shape`, `np.isclose`) return plain numbers and arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from inspect import Signature, signature
from typing import Any, TypeAlias, TypeVar

import numpy as np

from autograd import errors
from autograd.graph.array_kinds import check_kind
from autograd.graph.node import Node, plain

Function: TypeAlias = Callable[..., Any]  # one of NumPy's, or the one that replaces it
FUNCTIONS: dict[Function, Function] = {}  # by NumPy's function
F = TypeVar("F", bound=Function)

# Questions about data, answered with plain numbers and arrays, through which no gradient flows
PLAIN = {
    np.shape, np.ndim, np.size, np.argmax, np.argmin, np.argsort, np.argwhere, np.nonzero, np.flatnonzero,
    np.count_nonzero, np.any, np.all, np.allclose, np.isclose, np.array_equal, np.array_equiv, np.zeros_like,
    np.ones_like, np.full_like, np.empty_like, np.searchsorted, np.digitize, np.bincount, np.histogram, np.unique,
    np.isin, np.result_type, np.iscomplexobj, np.isrealobj, np.may_share_memory, np.shares_memory, np.array2string,
    np.array_repr, np.array_str,
}  # fmt: skip

# Functions in PLAIN whose result contains input values.
CARRYING = {np.unique, np.bincount, np.histogram, np.full_like}

# The functions that are methods of ufuncs.
REDUCE: dict[np.ufunc, Function] = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}


def implements(*numpys: Function) -> Callable[[F], F]:
    """Enter the decorated function as the one for NumPy's functions, when they are called with nodes."""

    def enter(function: F) -> F:
        FUNCTIONS.update(dict.fromkeys(numpys, function))
        return function

    return enter


def call(function: Function, args: Sequence[object], options: Mapping[str, object]) -> Any:
    """Return the result of one of NumPy's functions that was called with Tensors.

    Parameters
    ----------
    function : callable
        NumPy's function.
    args : sequence
        Its positional arguments.
    options : mapping of str to object
        Its keyword arguments.

    Returns
    -------
    Tensor, list of Tensor, ndarray or number
        Plain numbers and arrays for a question about data, such as `np.argmax`.

    Raises
    ------
    TypeError
        If there is no gate for the function with these arguments.
    """
    if function in PLAIN and not _carries_gradients(function, args, options):
        take = data_of if function in CARRYING else plain
        return function(*plain_all(args, take), **plain_all(options, take))
    check_kind((args, *options.values()))
    ours = FUNCTIONS.get(function)
    if ours is not None:
        try:
            _signature(ours).bind(*args, **options)
        except TypeError:
            ours = None
    if ours is None:
        module = function.__module__ + "." if function.__module__ != "numpy" else ""
        name = f"{module.replace('numpy', 'np') or 'np.'}{function.__name__}"
        raise TypeError(errors.NOT_SUPPORTED.format(function=name))
    return ours(*args, **options)


def _carries_gradients(function: Function, args: Sequence[object], options: Mapping[str, object]) -> bool:
    """Whether the result would depend on a tracked Tensor: weights, a fill value, unique values."""
    if function not in CARRYING:
        return False
    carried = args if function is np.unique else [*args[1:], *options.values()]
    return any(isinstance(thing, Node) and thing.requires_grad for thing in carried)


@cache
def _signature(function: Function) -> Signature:
    return signature(function)


def plain_all(thing: Any, take: Function = plain) -> Any:
    """Replace nodes by their data, also inside tuples, lists and dicts.

    Parameters
    ----------
    thing : object
        Anything.
    take : callable, default plain
        What takes the data of a node, and returns anything else unchanged.

    Returns
    -------
    object
        The same without nodes.
    """
    if isinstance(thing, (tuple, list)):
        return type(thing)(plain_all(part, take) for part in thing)
    return {key: plain_all(value, take) for key, value in thing.items()} if isinstance(thing, dict) else take(thing)


def data_of(thing: object) -> object:
    """Return the data of a node for a result that may contain the array itself, such as the bins of np.histogram."""
    return thing.data if isinstance(thing, Node) else thing


def call_ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Return the result of a method of a ufunc, such as `np.add.reduce(t)` or `np.multiply.outer(t, u)`.

    Parameters
    ----------
    ufunc : numpy.ufunc
        The ufunc.
    method : str
        The method: "reduce", "accumulate", "outer" and so on.
    inputs : tuple
        Its positional arguments.
    options : dict
        Its keyword arguments.

    Returns
    -------
    Tensor or NotImplemented
        NotImplemented if there is no gate for it.
    """
    if method == "outer" and not options:
        a, b = inputs
        return ufunc(np.reshape(a, np.shape(a) + (1,) * np.ndim(plain(b))), b)
    if method == "accumulate" and ufunc is np.add and len(inputs) == 1 and options.keys() <= {"axis", "dtype"}:
        return FUNCTIONS[np.cumsum](inputs[0], **{"axis": 0, **options})
    if method == "reduce" and ufunc in REDUCE and len(inputs) == 1 and options.keys() <= {"axis", "keepdims"}:
        return FUNCTIONS[REDUCE[ufunc]](inputs[0], **{"axis": 0, **options})
    return NotImplemented
