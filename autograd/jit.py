"""Machine code by numba, cached on disk. Importing this module imports numba, so it is imported on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, overload

from numba import cfunc, njit
from numba.core.typing.templates import Signature

Function = TypeVar("Function", bound=Callable[..., object])
FastMath = bool | set[str]


class CFunction(Protocol):
    """A compiled function that C code can call.

    Attributes
    ----------
    address : int
        Where its machine code is.
    """

    address: int


@overload
def compiled(function: Function, *, fastmath: FastMath = False) -> Function: ...
@overload
def compiled(function: Callable[..., object], signature: Signature, *, fastmath: FastMath = False) -> CFunction: ...
def compiled(
    function: Callable[..., object], signature: Signature | None = None, *, fastmath: FastMath = False
) -> Callable[..., object] | CFunction:
    """Compile a function to machine code, which is cached on disk if its folder or the user's cache is writable.

    Parameters
    ----------
    function : callable
        The function; it may use what numba supports.
    signature : numba signature, optional
        The types of a function that C code calls. Without one, numba compiles for the types of each call, and other
        threads run meanwhile (the GIL is released).
    fastmath : bool or set of str, default False
        Which of LLVM's fast-math flags to use. {"reassoc"} may add numbers in another order.

    Returns
    -------
    callable
        The compiled function. With a signature, it has an `address`.

    Notes
    -----
    Division follows IEEE 754: 1 / 0 is infinity, not an exception.

    Examples
    --------
    >>> @compiled
    ... def half(x):
    ...     return x / 2
    >>> half(3.0)
    1.5
    """

    def make(*, cache: bool) -> Callable[..., object] | CFunction:
        if signature is None:
            return njit(cache=cache, nogil=True, error_model="numpy", fastmath=fastmath)(function)
        return cfunc(signature, cache=cache, error_model="numpy", fastmath=fastmath)(function)

    try:
        return make(cache=True)
    except RuntimeError:  # numba found no writable folder
        return make(cache=False)
