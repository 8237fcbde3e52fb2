"""Matrix products: in pieces or not, they are NumPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from autograd import numpy_tuning as products
from autograd.gates.blocks import LINEAR
from autograd.graph.node import apply


@given(
    sides=st.permutations([7, 6, 40]).flatmap(lambda most: st.tuples(*(st.integers(0, side) for side in most))),
    dtypes=st.tuples(*2 * [st.sampled_from(["float32", "float64", "uint8"])]),
    turned=st.booleans(),
)
def test_a_product_in_pieces_is_the_product(sides, dtypes, turned):
    n, k, m = sides
    x = (np.arange(n * k) % 7).astype(dtypes[0])  # whole numbers, so that the order of a sum does not show
    x = x.reshape(k, n).T if turned else x.reshape(n, k)
    y = (np.arange(k * m) % 5).astype(dtypes[1]).reshape(k, m)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "ALONE", 100)
        out = products.product(x, y)
    expected = x @ y
    np.testing.assert_array_equal(out, expected)
    assert (out.shape, out.dtype) == (expected.shape, expected.dtype)


@pytest.mark.parametrize(
    ("shape", "pieces"),
    [
        ((64, 32, 10), 0),  # small enough as it is
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
    products.product(np.ones((n, k), np.float32), np.ones((k, m), np.float32))
    assert np.count_nonzero(counted) == pieces
    assert max(counted, default=0) <= products.ALONE


def test_the_linear_block_of_other_shapes_says_what_came():
    for n, got in ((4, 3), (64, 8192)):
        x, weight, bias = (Tensor(np.ones(shape), requires_grad=True) for shape in ((n, got), (10, 5), (10,)))
        with pytest.raises(ValueError, match=rf"\({n}, {got}\) and \(10, 5\) and \(10,\)"):
            apply(LINEAR, x, weight, bias)
