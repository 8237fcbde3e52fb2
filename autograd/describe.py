"""How an error message names what it got."""

from __future__ import annotations


def describe(*things: object) -> str:
    """Name things in a few words each: type, and shape and dtype or else a short repr.

    Parameters
    ----------
    *things : object
        What an error message reports.

    Returns
    -------
    str
        The descriptions, with commas between them.

    Examples
    --------
    >>> import numpy as np
    >>> describe(np.zeros((2, 3)), "a")
    "ndarray of shape (2, 3) and dtype float64, str 'a'"
    """
    return ", ".join(map(_describe, things))


def _describe(thing: object) -> str:
    kind = type(thing).__name__
    shape, dtype = getattr(thing, "shape", None), getattr(thing, "dtype", None)
    if shape is not None and dtype is not None:
        return f"{kind} of shape {tuple(shape)} and dtype {dtype}"
    text = repr(thing)
    return f"{kind} {text if len(text) <= 60 else text[:57] + '...'}"
