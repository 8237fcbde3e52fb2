"""Machine code by numba, cached on disk. Importing this module imports numba, so only what needs it does."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from numba import cfunc, njit


def compiled(function: Callable[..., Any], signature: Any = None, **options: Any) -> Any:
    """The function in machine code, which is kept for the next process where there is a place to write it to.

    It lets other threads run. With a signature, it has an `address`, at which it can be called as C is.
    """
    make: Any = njit if signature is None else partial(cfunc, signature)
    given = {"error_model": "numpy", **options}  # 1 / 0 is infinity, not an exception
    if signature is None:
        given["nogil"] = True
    try:
        return make(cache=True, **given)(function)
    except RuntimeError:  # numba found no place to write to
        return make(**given)(function)
