"""Checks of settings: numbers, flags and choices; and of saved states, which must fit the object that loads them.

Every check raises a ValueError of one form: "<name> must be <what was expected>, got <value>".
"""

from __future__ import annotations

from collections.abc import Collection
from math import inf
from numbers import Integral, Real
from typing import Any, Literal, TypeVar, cast, overload

import numpy as np

from autograd.extend import describe

Number = TypeVar("Number", int, float)
Key = TypeVar("Key", bound=str)

SavedState = dict[str, Any]  # what a state_dict() returns: numbers, strings and arrays, in dicts and lists

KINDS: dict[type, type] = {float: Real, int: Integral}


@overload
def check_number(
    kind: type[Number], name: str, value: object, *, above: float | None = None, at_least: float | None = None,
    below: float | None = None, at_most: float | None = None, note: str = "", or_none: Literal[False] = False,
) -> Number: ...  # fmt: skip


@overload
def check_number(
    kind: type[Number], name: str, value: object, *, above: float | None = None, at_least: float | None = None,
    below: float | None = None, at_most: float | None = None, note: str = "", or_none: Literal[True],
) -> Number | None: ...  # fmt: skip


def check_number(
    kind: type[Number],
    name: str,
    value: object,
    *,
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
    note: str = "",
    or_none: bool = False,
) -> Number | None:
    """Check that a value is a number within bounds, and convert it to a Python number.

    Parameters
    ----------
    kind : type, int or float
        The numbers to accept: whole numbers only, or all real numbers. True and False are neither.
    name : str
        The name of the value in the error message, such as "lr" or "MLPClassifier: epochs".
    value : object
        The value to check. NaN is never within bounds.
    above, at_least : float or None, default None
        The lower bound, exclusive or inclusive.
    below, at_most : float or None, default None
        The upper bound, exclusive or inclusive; ``below=inf`` rejects infinity.
    note : str, default ""
        A text that follows the bounds in the message, such as "for images of shape (3, 32, 32)".
    or_none : bool, default False
        Whether to accept None, too.

    Returns
    -------
    int, float or None
        The value as a number of type `kind`, or None.

    Raises
    ------
    ValueError
        If the value is not such a number.

    Examples
    --------
    >>> check_number(float, "momentum", 0.9, at_least=0, below=1)
    0.9
    >>> check_number(int, "epochs", 0, at_least=1)
    Traceback (most recent call last):
        ...
    ValueError: epochs must be a whole number, at least 1, got 0
    """
    if or_none and value is None:
        return None
    if isinstance(value, KINDS[kind]) and not isinstance(value, bool):
        number = cast("float", value)
        if (
            (above is None or number > above)
            and (at_least is None or number >= at_least)
            and (below is None or number < below)
            and (at_most is None or number <= at_most)
        ):
            return kind(number)
    bounds = _in_words(above, at_least, below, at_most)
    separator = " " if bounds.startswith("from") else ", "
    expected = bounds or "a number" if kind is float else f"a whole number{separator if bounds else ''}{bounds}"
    note = f" {note}" if note else ""
    raise ValueError(f"{name} must be {expected}{note}{', or None' if or_none else ''}, got {value!r}")


def _in_words(above: float | None, at_least: float | None, below: float | None, at_most: float | None) -> str:
    """The bounds as an error message words them."""
    if at_least is not None and at_most is not None:
        return f"from {at_least} to {at_most}"
    words = {"above": above, "at least": at_least, "below": below, "at most": at_most}
    given = [(word, bound) for word, bound in words.items() if bound is not None]
    return " and ".join("finite" if bound == inf else f"{word} {bound}" for word, bound in given)


def check_flag(name: str, value: object) -> bool:
    """Check that a value is True or False.

    Parameters
    ----------
    name : str
        The name of the value in the error message.
    value : object
        The value to check; NumPy's booleans are accepted.

    Returns
    -------
    bool
        The value as a Python bool.

    Raises
    ------
    ValueError
        If the value is neither True nor False.

    Examples
    --------
    >>> check_flag("nesterov", True)
    True
    """
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)


def check_choice(name: str, value: object, choices: Collection[Key], *, other: str = "") -> Key:
    """Check that a value is one of a few names.

    Parameters
    ----------
    name : str
        The name of the value in the error message.
    value : object
        The value to check.
    choices : collection of str
        The names to accept.
    other : str, default ""
        A description of what else the caller accepts, such as "a module of nn".

    Returns
    -------
    str
        The value.

    Raises
    ------
    ValueError
        If the value is none of the choices.

    Examples
    --------
    >>> check_choice("reduction", "mean", ("mean", "sum", "none"))
    'mean'
    """
    if not isinstance(value, str) or value not in choices:
        expected = ", ".join(choices) + (f", or {other}" if other else "")
        raise ValueError(f"{name} must be one of {expected}, got {value!r}")
    return cast("Key", value)


def check_same(owner: object, name: str, value: object, expected: object) -> None:
    """Check that an entry of a saved state equals that of the object that loads it.

    Parameters
    ----------
    owner : object
        The object that loads the state.
    name : str
        The name of the entry in the error message.
    value : object
        The entry of the state.
    expected : object
        The same entry of `owner`.

    Raises
    ------
    ValueError
        If the two differ.
    """
    if value != expected:
        kind = type(owner).__name__
        raise ValueError(
            f"{kind}.load_state_dict: {name} must be {expected!r}, as in this {kind}, got {value!r}; "
            f"construct the {kind} like the saved one"
        )


def check_keys(owner: object, name: str, state: object, keys: Collection[str]) -> list[Any]:
    """Check that a saved state is a dict with exactly these keys.

    Parameters
    ----------
    owner : object
        The object that loads the state.
    name : str
        The name of the keys in the error message.
    state : object
        The state to check.
    keys : collection of str
        The keys that it must have.

    Returns
    -------
    list
        The values, in the order of `keys`.

    Raises
    ------
    ValueError
        If the state is not a dict, or has other keys.
    """
    got: object = sorted(map(str, state)) if isinstance(state, dict) else describe(state)
    check_same(owner, name, got, sorted(keys))
    return [cast("SavedState", state)[key] for key in keys]


def check_length(owner: object, name: str, state: object, length: int) -> list[Any]:
    """Check that a saved state is a list of this length.

    Parameters
    ----------
    owner : object
        The object that loads the state.
    name : str
        The name of the length in the error message.
    state : object
        The state to check.
    length : int
        The length that it must have.

    Returns
    -------
    list
        The state.

    Raises
    ------
    ValueError
        If the state is not a list, or has another length.
    """
    check_same(owner, name, len(state) if isinstance(state, list) else describe(state), length)
    return cast("list[Any]", state)
