"""Arrays for tests of functions over arrays, and one number made of a result."""

import numpy as np

from autograd import Tensor


def a(*shape, seed=0):
    """Return an unsorted array without ties or zeros."""
    rng = np.random.default_rng([seed, *shape])
    return np.asarray(rng.uniform(0.3, 2.0, shape) * rng.choice([-1, 1], shape))


def parts(result):
    return list(result) if isinstance(result, (list, tuple)) else [result]


def tracked(inputs, dtype=float):
    return [Tensor(x, dtype=dtype, requires_grad=True) for x in inputs]


def curved(result):
    """Return one number from a result: nonlinear in every element, each with its own weight."""
    total = 0.0
    for part in parts(result):
        weights = np.linspace(0.5, 1.5, part.size).reshape(part.shape).astype(part.dtype)
        total = total + np.sum(np.sin(part) * weights)
    return total
