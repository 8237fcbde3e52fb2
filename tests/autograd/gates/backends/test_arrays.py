"""The back end of arrays: functions that are not NumPy's own keep the dtype."""

import numpy as np
import pytest

from autograd.gates.backends import arrays


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_step_where_and_power_keep_the_dtype(dtype):
    x = np.array([-1.0, 0.0, 2.0], dtype)
    assert arrays.step(x, 0.0, 0.5).dtype == dtype
    assert arrays.step(0.0, x, 0.5).tolist() == [1.0, 0.5, 0.0]
    assert arrays.where(x == 0.0, 1.0, x).dtype == dtype
    assert arrays.where(2.0 == 0.0, 1.0, 1.0) == 1.0
    assert (arrays.holds(x > 0.0) * x).dtype == dtype
    assert arrays.power(x, arrays.where(2.0 == 0.0, 1.0, 2.0)).dtype == dtype
