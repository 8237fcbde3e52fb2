"""How NumPy's functions find their gates: methods of ufuncs, questions about data, and what is refused."""

import numpy as np
import pytest
from sample_arrays import a, curved, parts, tracked

from autograd import Tensor, gradcheck
from autograd.graph.numpy_dispatch import PLAIN

M, V = a(3, 4), a(5)
SQUARE = a(3, 3)


# Methods of NumPy's ufuncs

UFUNC_METHODS = {
    "add.reduce": lambda x, y: np.add.reduce(x),
    "add.reduce, all": lambda x, y: np.add.reduce(x, axis=None),
    "add.reduce, kept": lambda x, y: np.add.reduce(x, axis=(0, -1), keepdims=True),
    "add.reduce, by position": lambda x, y: np.add.reduce(x, 1),
    "multiply.reduce": lambda x, y: np.multiply.reduce(x, axis=-1),
    "maximum.reduce": lambda x, y: np.maximum.reduce(x),
    "minimum.reduce": lambda x, y: np.minimum.reduce(x, axis=1, keepdims=True),
    "add.accumulate": lambda x, y: np.add.accumulate(x),
    "add.accumulate, axis": lambda x, y: np.add.accumulate(x, axis=-1),
    "multiply.outer": lambda x, y: np.multiply.outer(x, y),
    "subtract.outer": lambda x, y: np.subtract.outer(y, x),
    "maximum.outer": lambda x, y: np.maximum.outer(x, y),
    "power.outer": lambda x, y: np.power.outer(np.abs(x), y),
}


@pytest.mark.parametrize("name", UFUNC_METHODS)
def test_methods_of_ufuncs(name):
    f = UFUNC_METHODS[name]
    x, y = tracked([M, V])
    ours, numpys = f(x, y), f(M, V)
    assert (ours.shape, ours.dtype) == (numpys.shape, numpys.dtype)
    np.testing.assert_allclose(ours.data, numpys, rtol=1e-14)
    report = gradcheck(lambda x, y: curved(f(x, y)) + curved(x) + curved(y), M, V)
    assert report.relative_error < 1e-6, report


def test_outer_of_an_array_and_a_tensor():
    x = Tensor(V, requires_grad=True)
    assert np.multiply.outer(M, x).data.tolist() == np.multiply.outer(M, V).tolist()
    assert np.multiply.outer(x, M).data.tolist() == np.multiply.outer(V, M).tolist()
    assert np.subtract.outer(2.0, x).data.tolist() == (2.0 - V).tolist()


def test_a_ufunc_with_a_dtype():
    x = Tensor(M, requires_grad=True)
    out = np.add(x, 1.0, dtype=np.float32)
    assert out.dtype == np.add(M, 1.0, dtype=np.float32).dtype
    out.sum().backward()
    assert x.grad.dtype == np.float64


# Questions about data

QUESTIONS = {
    np.shape: lambda f, x: f(x), np.ndim: lambda f, x: f(x), np.size: lambda f, x: f(x, 1),
    np.argmax: lambda f, x: f(x, axis=1), np.argmin: lambda f, x: f(x), np.argsort: lambda f, x: f(x, axis=0),
    np.argwhere: lambda f, x: f(x > 0), np.nonzero: lambda f, x: f(x), np.flatnonzero: lambda f, x: f(x),
    np.count_nonzero: lambda f, x: f(x), np.any: lambda f, x: f(x, axis=0), np.all: lambda f, x: f(x),
    np.allclose: lambda f, x: f(x, M), np.isclose: lambda f, x: f(M, x), np.array_equal: lambda f, x: f(x, x),
    np.array_equiv: lambda f, x: f(x, M), np.zeros_like: lambda f, x: f(x), np.ones_like: lambda f, x: f(x),
    np.full_like: lambda f, x: f(x, 2.5), np.empty_like: lambda f, x: np.shape(f(x)),
    np.searchsorted: lambda f, x: f(np.sort(V), x), np.digitize: lambda f, x: f(x, np.sort(V)),
    np.bincount: lambda f, x: f(x.astype(int).ravel() ** 2), np.histogram: lambda f, x: f(x, bins=3),
    np.unique: lambda f, x: f(x.astype(int)), np.isin: lambda f, x: f(x, M[0]),
    np.result_type: lambda f, x: f(x, np.float32),
    np.iscomplexobj: lambda f, x: f(x), np.isrealobj: lambda f, x: f(x), np.may_share_memory: lambda f, x: f(x, V),
    np.shares_memory: lambda f, x: f(x, V), np.array2string: lambda f, x: f(x), np.array_repr: lambda f, x: f(x),
    np.array_str: lambda f, x: f(x),
}  # fmt: skip


def test_every_question_is_in_the_table():
    assert set(QUESTIONS) == PLAIN


@pytest.mark.parametrize("numpy", QUESTIONS, ids=lambda function: function.__name__)
def test_questions_are_answered_with_plain_numbers_and_arrays(numpy):
    ask = QUESTIONS[numpy]
    ours, numpys = ask(numpy, Tensor(M, requires_grad=True)), ask(numpy, M)
    assert type(ours) is type(numpys)
    for left, right in zip(parts(ours), parts(numpys), strict=True):
        assert not isinstance(left, Tensor)
        assert np.array_equal(left, right)


# What is not supported

REFUSED = {
    "np.median": lambda x: np.median(x),
    "np.linalg.inv": lambda x: np.linalg.inv(x),
    "np.fft.fft": lambda x: np.fft.fft(x),
    "np.cumprod": lambda x: np.cumprod(x),
    "np.sum": lambda x: np.sum(x, out=np.zeros(3)),
    "np.mean": lambda x: np.mean(x, where=np.ones((3, 3), bool)),
    "np.max": lambda x: np.max(x, initial=0.0),
    "np.reshape": lambda x: np.reshape(x, (9,), order="F"),
    "np.concatenate": lambda x: np.concatenate([x, x], out=np.zeros((6, 3))),
    "np.linalg.norm": lambda x: np.linalg.norm(x, "nuc"),
    "np.where": lambda x: np.where(x),
    "np.einsum": lambda x: np.einsum(x, [0, 1]),
    "np.gcd": lambda x: np.gcd(x, 2),
    "np.add": lambda x: np.add(x, 1.0, where=np.ones((3, 3), bool)),
    "np.multiply": lambda x: np.multiply(x, 2.0, out=np.zeros((3, 3))),
    "np.subtract.reduce": lambda x: np.subtract.reduce(x),
    "np.multiply.accumulate": lambda x: np.multiply.accumulate(x),
    "np.add.reduceat": lambda x: np.add.reduceat(x, [0, 1]),
    "np.add.at": lambda x: np.add.at(x, [0], 1.0),
    "np.modf": lambda x: np.modf(x),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("requires_grad", [True, False])
def test_names_what_it_refuses(name, requires_grad):
    with pytest.raises(TypeError, match=rf"{name}\b.* (cannot be recorded|would write a Tensor)"):
        REFUSED[name](Tensor(SQUARE, requires_grad=requires_grad))
