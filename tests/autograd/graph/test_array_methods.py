"""The attributes and methods of arrays: each does what NumPy's function of its name does."""

import numpy as np
import pytest
from sample_arrays import a, curved, tracked

from autograd import Tensor
from autograd.graph.array_methods import ArrayMethods
from autograd.graph.numpy_dispatch import FUNCTIONS

M = a(3, 4)


METHODS = [
    ("sum", (0,), {}), ("sum", (), {"axis": -1, "keepdims": True}), ("mean", ((0, 1),), {}), ("prod", (1,), {}),
    ("var", (), {"ddof": 1}), ("std", (0,), {"keepdims": True}), ("max", (-1,), {}), ("min", (), {"axis": 0}),
    ("cumsum", (1,), {}), ("trace", (), {}), ("dot", (a(4, 2),), {}), ("ravel", (), {}), ("squeeze", (), {}),
    ("swapaxes", (0, 1), {}), ("take", ([0, 2],), {"axis": 1}), ("repeat", (2, 0), {}), ("diagonal", (1,), {}),
    ("round", (1,), {}), ("reshape", ((4, 3),), {}), ("transpose", ((1, 0),), {}), ("copy", (), {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "options"), METHODS)
def test_a_method_gives_what_its_function_gives(name, args, options):
    x, y = tracked([M, M])
    by_method, by_function = getattr(x, name)(*args, **options), getattr(np, name)(y, *args, **options)
    curved(by_method).backward()
    curved(by_function).backward()
    assert by_method.data.tolist() == by_function.data.tolist()
    np.testing.assert_allclose(by_method.data, getattr(np, name)(M, *args, **options), rtol=1e-14)
    assert x.grad.tolist() == y.grad.tolist()


def test_every_method_is_in_the_list():
    methods = {name for name, thing in vars(ArrayMethods).items() if thing in FUNCTIONS.values() and hasattr(np, name)}
    assert len(methods) > 15
    assert methods <= {name for name, _, _ in METHODS}


def test_methods_with_another_signature_than_the_function():
    x = Tensor(M, requires_grad=True)
    assert x.reshape(4, 3).data.tolist() == x.reshape([4, 3]).data.tolist() == M.reshape(4, 3).tolist()
    assert x.reshape(-1).shape == x.flatten().shape == (12,)
    assert x.transpose(1, 0).data.tolist() == x.T.data.tolist() == x.transpose().data.tolist() == M.T.tolist()
    np.testing.assert_allclose(x.softmax(0).data.sum(axis=0), np.ones(4), rtol=1e-14)
    np.testing.assert_allclose(x.logsumexp(axis=1).data, np.log(np.exp(M).sum(axis=1)), rtol=1e-14)
    np.testing.assert_allclose(x.log_softmax().data, np.log(x.softmax().data), rtol=1e-13)


def test_attributes_are_those_of_the_array():
    x = Tensor(np.zeros((2, 3), np.float32))
    assert (x.shape, x.ndim, x.size, x.dtype, len(x)) == ((2, 3), 2, 6, np.dtype(np.float32), 2)
    assert [row.shape for row in x] == [(3,), (3,)]


def test_numpys_names_of_the_first_argument_work():
    x = Tensor(M, requires_grad=True)
    assert np.sum(a=x).item() == pytest.approx(M.sum())
    assert np.repeat(a=x, repeats=2, axis=0).shape == (6, 4)
