"""Fitting: whether a saved state is one of the very thing that loads it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autograd.extend import describe
from nn import errors


def refuse_other(whose: object, what: str, got: Any, expected: Any) -> None:
    """Raise a ValueError where something in the state is other than in the thing that loads it."""
    if got != expected:
        kind = type(whose).__name__
        raise ValueError(errors.STATE.format(kind=kind, what=what, expected=expected, got=got))


def parts(whose: object, what: str, state: Any, names: Collection[str]) -> list[Any]:
    """The parts of a state, a dict, in the order of `names`; a ValueError where it has others."""
    refuse_other(whose, what, sorted(map(str, state)) if isinstance(state, dict) else describe(state), sorted(names))
    return [state[name] for name in names]


def entries(whose: object, what: str, state: Any, count: int) -> list[Any]:
    """The entries of a state, a list; a ValueError where there are more or fewer than `count`."""
    refuse_other(whose, what, len(state) if isinstance(state, list) else describe(state), count)
    return state
