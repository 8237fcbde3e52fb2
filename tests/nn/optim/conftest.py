"""A fixture that the tests of the optimisers share."""

import numpy as np
import pytest

from autograd import Tensor


def _updated(make, gradients, start, dtype=float):
    parameter = Tensor(start, dtype=dtype, requires_grad=True)
    optimizer = make([parameter])
    for gradient in gradients:
        parameter.grad = np.array(gradient, dtype)
        optimizer.step()
    return parameter.data, optimizer


@pytest.fixture(scope="session")
def updated():
    """A function that returns a parameter after a step for each gradient, and the optimiser."""
    return _updated
