"""Hyper-parameters: the one check of a number that a user sets."""

from __future__ import annotations

from typing import Any

from nn import errors


def checked(what: str, came: Any, expected: str, holds: bool) -> float:
    """The number as a float where what is expected of it holds, else a ValueError that says what came."""
    if not holds:
        raise ValueError(errors.HYPERPARAMETER.format(what=what, expected=expected, came=came))
    return float(came)
