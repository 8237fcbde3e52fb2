"""NumPy tuning: small matrix products on one thread, and arrays that reuse freed memory."""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, numpy_tuning
from autograd.extend import LINEAR, apply


@given(
    sides=st.permutations([7, 6, 40]).flatmap(lambda most: st.tuples(*(st.integers(0, side) for side in most))),
    dtypes=st.tuples(*2 * [st.sampled_from(["float32", "float64", "uint8"])]),
    transposed=st.booleans(),
)
def test_a_product_in_pieces_equals_numpys(sides, dtypes, transposed):
    n, k, m = sides
    x = (np.arange(n * k) % 7).astype(dtypes[0])  # integers, so that sums are exact in any order
    x = x.reshape(k, n).T if transposed else x.reshape(n, k)
    y = (np.arange(k * m) % 5).astype(dtypes[1]).reshape(k, m)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numpy_tuning, "ONE_THREAD", 100)
        out = numpy_tuning.product(x, y)
    expected = x @ y
    np.testing.assert_array_equal(out, expected)
    assert (out.shape, out.dtype) == (expected.shape, expected.dtype)


@pytest.mark.parametrize(
    ("shape", "pieces"),
    [
        ((64, 32, 10), 0),  # already small enough
        ((64, 256, 64), 4),
        ((70, 200, 64), 3 + 1),
        ((256, 10, 512), 5 + 1),
        ((64, 3072, 32), 24),
        ((256, 3072, 512), 0),  # large enough for two threads
    ],
)
def test_only_small_products_are_cut(monkeypatch, shape, pieces):
    n, k, m = shape
    counted, matmul = [], np.matmul  # multiplications in each piece

    def note(x, y, out=None):
        out = matmul(x, y, out=out)
        counted.extend(len(out) * [out[0].size * x.shape[-1]] if out.ndim == 3 else [out.size * x.shape[-1]])
        return out

    monkeypatch.setattr(np, "matmul", note)
    numpy_tuning.product(np.ones((n, k), np.float32), np.ones((k, m), np.float32))
    assert np.count_nonzero(counted) == pieces
    assert max(counted, default=0) <= numpy_tuning.ONE_THREAD


def test_linear_of_wrong_shapes_reports_them():
    for n, got in ((4, 3), (64, 8192)):
        x, weight, bias = (Tensor(np.ones(shape), requires_grad=True) for shape in ((n, got), (10, 5), (10,)))
        with pytest.raises(ValueError, match=rf"\({n}, {got}\) and \(10, 5\) and \(10,\)"):
            apply(LINEAR, x, weight, bias)


TRAINING_STEPS = """
import resource
import numpy as np
{imported}

def step():
    arrays = [np.ones(1 << 20, np.uint8) for _ in range(8)]

step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(imported):
    code = TRAINING_STEPS.format(imported=imported)
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ),
    reason="tests glibc's allocator with its default settings",
)
def test_arrays_of_a_megabyte_reuse_freed_memory():
    assert page_faults("import autograd") * 10 < page_faults("")
