"""Matrix products: in pieces or not, they are NumPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor, products
from autograd.blocks import LINEAR
from autograd.node import apply


@given(
    n=st.integers(0, 40),
    k=st.integers(0, 6),
    m=st.integers(0, 6),
    dtypes=st.tuples(*2 * [st.sampled_from(["float32", "float64", "uint8"])]),
    turned=st.booleans(),
)
def test_a_product_in_pieces_is_the_product(n, k, m, dtypes, turned):
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
        ((70, 256, 64), 4 + 1),
        ((256, 3072, 512), 0),  # large enough for two threads
        ((2, 100_000, 3), 0),  # of too few columns in a piece
        ((10, 256, 512), 5 + 1),
    ],
)
def test_only_small_products_are_cut(monkeypatch, shape, pieces):
    n, k, m = shape
    sizes = []  # of what each piece puts out

    def note(x, y, out):
        sizes.extend(piece.size for piece in (out if out.ndim == 3 else [out]))

    monkeypatch.setattr(np, "matmul", note)
    products.product(np.ones((n, k), np.float32), np.ones((k, m), np.float32))
    assert np.count_nonzero(sizes) == pieces
    assert max(sizes, default=0) * k <= products.ALONE


def test_the_linear_block_of_other_shapes_says_what_came():
    x, weight, bias = (Tensor(np.ones(shape), requires_grad=True) for shape in ((4, 3), (2, 5), (2,)))
    with pytest.raises(ValueError, match=r"\(4, 3\) and \(2, 5\) and \(2,\)"):
        apply(LINEAR, x, weight, bias)
