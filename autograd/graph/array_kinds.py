"""Which arrays gates take: plain ones. A subclass of ndarray may mean something else by its operators."""

from __future__ import annotations

import numpy as np

SERVED = (np.ndarray, np.memmap)  # a memmap computes as a plain array
MASKED = (
    "a masked array cannot be combined with a Tensor or a Value: gates know no mask, so masked elements would count. "
    "Fill them, array.filled(0), and choose with np.where(np.ma.getmaskarray(array), 0.0, result); for a result "
    "without a gradient use tensor.numpy()"
)
OTHER = (
    "a {kind} cannot be combined with a Tensor or a Value: gates compute with plain arrays, and a subclass of ndarray "
    "may mean something else by its operators (`*` of np.matrix is a matrix product), or carry units. "
    "Give np.asarray(array)"
)


def check_kind(thing: object) -> None:
    """Raise TypeError for a subclass of ndarray that is not served, also inside lists and tuples.

    Parameters
    ----------
    thing : object
        Anything.
    """
    if isinstance(thing, np.ndarray):
        if type(thing) not in SERVED:
            kind = type(thing)
            text = MASKED if isinstance(thing, np.ma.MaskedArray) else OTHER
            raise TypeError(text.format(kind=f"{kind.__module__}.{kind.__name__}"))
    elif isinstance(thing, (list, tuple)) and not _NUMBERS.issuperset(map(type, thing)):
        for part in thing:
            check_kind(part)


_NUMBERS = {int, float, bool}
