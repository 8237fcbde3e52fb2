"""Subclasses of ndarray beside Tensors and Values: refused in every order, or computed as plain arrays; never half."""

import operator
import warnings

import numpy as np
import pytest

from autograd import Tensor, Value, grad, jacobian, maximum, minimum, value_and_grad, where
from autograd.extend import check_kind
from nn import CrossEntropyLoss, HingeLoss, Linear, MSELoss

NUMBERS = np.array([1.0, 2.0])


class Plain(np.ndarray):
    pass


class Units(np.ndarray):
    """As in astropy: its own __array_ufunc__, which leaves other types to themselves."""

    __array_priority__ = 10_000

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if not all(isinstance(x, (Units, float)) for x in inputs):
            return NotImplemented
        plain = [np.asarray(x) for x in inputs]
        return getattr(ufunc, method)(*plain, **options).view(Units)


class Alone(np.ndarray):
    __array_ufunc__ = None

    def __mul__(self, other):
        return NotImplemented


def matrix():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return np.matrix(NUMBERS)


REFUSED = {
    "masked": np.ma.array(NUMBERS, mask=[False, True]),
    "masked, no mask": np.ma.array(NUMBERS),
    "masked number": np.ma.masked,
    "matrix": matrix(),
    "recarray": NUMBERS.view(np.recarray),
    "a bare subclass": NUMBERS.view(Plain),
    "with units": NUMBERS.view(Units),
    "without ufuncs": NUMBERS.view(Alone),
}
OPERATORS = ["add", "sub", "mul", "truediv", "pow", "matmul", "mod", "floordiv"]
UFUNCS = [
    "add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "hypot", "arctan2", "logaddexp", "matmul",
    "fmod", "copysign",
]  # fmt: skip
OPERATIONS = {
    **{name: getattr(operator, name) for name in OPERATORS},
    **{f"np.{name}": getattr(np, name) for name in UFUNCS},
    **{f"np.{name}": getattr(np, name) for name in ("dot", "inner", "outer", "vdot", "append", "tensordot")},
    "np.where": lambda a, b: np.where([True, False], a, b),
    "np.where, as a condition": lambda a, b: np.where(a, b, 0.0),
    "np.concatenate": lambda a, b: np.concatenate([a, b]),
    "np.stack": lambda a, b: np.stack([a, b]),
    "np.clip": lambda a, b: np.clip(a, b, 5.0),
    "np.average": lambda a, b: np.average(a, weights=b),
    "np.einsum": lambda a, b: np.einsum("i,i->", a, b),
    "maximum": maximum,
    "minimum": minimum,
    "where": lambda a, b: where(True, a, b),
    **{f"np.ma.{name}": getattr(np.ma, name) for name in ("add", "multiply", "power", "maximum", "hypot", "dot")},
    "np.ma.where": lambda a, b: np.ma.where([True, False], a, b),
}


@pytest.mark.parametrize(
    "make", [lambda: Tensor(NUMBERS, requires_grad=True), lambda: Value(3.0)], ids=["Tensor", "Value"]
)
@pytest.mark.parametrize("name", REFUSED)
def test_a_subclass_of_ndarray_is_refused_in_every_operation_and_order(make, name):
    for operation in OPERATIONS.values():
        for arguments in ((REFUSED[name], make()), (make(), REFUSED[name])):
            with pytest.raises((TypeError, np.linalg.LinAlgError)):  # the latter: a power of np.matrix
                operation(*arguments)


@pytest.mark.parametrize(
    "name", ["exp", "log", "sqrt", "sin", "abs", "negative", "sum", "mean", "std", "max", "cumsum"]
)
def test_functions_of_masked_arrays_are_refused(name):
    for x in (Tensor(NUMBERS, requires_grad=True), Value(3.0)):
        with pytest.raises((TypeError, AttributeError)):
            getattr(np.ma, name)(x).sum()


def test_the_error_says_the_way_out():
    x, masked = Tensor(NUMBERS, requires_grad=True), REFUSED["masked"]
    for wrong in (lambda: x * masked, lambda: masked * x, lambda: np.ma.exp(x), lambda: Value(1.0) * masked):
        with pytest.raises(TypeError, match=r"gates know no mask.*array.filled\(0\).*np.where"):
            wrong()
    with pytest.raises(TypeError, match=r"a numpy.matrix cannot be combined.*np.asarray\(array\)"):
        x + matrix()
    out = np.where(np.ma.getmaskarray(masked), 0.0, x * masked.filled(0)).sum()
    out.backward()
    assert x.grad.tolist() == [1.0, 0.0]


@pytest.mark.parametrize("name", [name for name in REFUSED if name != "masked number"])
def test_a_subclass_is_refused_wherever_an_array_enters(name):
    wrong, x = REFUSED[name], Tensor(NUMBERS, requires_grad=True)
    scores, layer = Tensor(np.ones((2, 2)), requires_grad=True), Linear(2, 2, rng=0)
    labels, mask = (np.array(array).view(type(wrong)) for array in ([0, 1], [True, False]))
    for call in (
        lambda: Tensor(wrong),
        lambda: Tensor([wrong, wrong]),
        lambda: setattr(x, "data", wrong),
        lambda: (x * 2).backward(wrong),
        lambda: grad(lambda a: np.sum(a * a))(wrong),
        lambda: grad(lambda a: np.sum(a * wrong))(NUMBERS),
        lambda: value_and_grad(lambda a: np.sum(wrong * a))(NUMBERS),
        lambda: jacobian(lambda a: a * wrong)(NUMBERS),
        lambda: layer(wrong),
        lambda: MSELoss()(x, wrong),
        lambda: x[mask],
        lambda: np.take(x, labels),
        lambda: CrossEntropyLoss()(scores, labels),
        lambda: HingeLoss()(scores, labels),
        lambda: CrossEntropyLoss()(scores, [0, 1], wrong),
        lambda: CrossEntropyLoss(weight=wrong),
    ):
        with pytest.raises(TypeError, match=r"cannot be combined|does not support ufuncs"):  # the latter: NumPy itself
            call()
    x.register_hook(lambda gradient: wrong)
    with pytest.raises(TypeError, match="cannot be combined"):
        (x * 2).sum().backward()


def test_masked_numbers_are_refused():
    for wrong in (lambda: Value(np.ma.masked), lambda: Tensor([1.0, np.ma.masked]), lambda: Value(1.0) + np.ma.masked):
        with pytest.raises(TypeError, match="gates know no mask"):
            wrong()
    value = Value(1.0)
    with pytest.raises(TypeError, match="gates know no mask"):
        value.data = np.ma.masked


def test_memory_mapped_arrays_are_plain(tmp_path):
    mapped = np.memmap(tmp_path / "array", dtype=float, mode="w+", shape=2)
    mapped[:] = NUMBERS
    check_kind([mapped, (NUMBERS, 1.0)])
    x = Tensor(NUMBERS, requires_grad=True)
    for out in (x * mapped, mapped * x, np.multiply(mapped, x), Tensor(mapped) * x):
        x.zero_grad()
        out.sum().backward()
        assert x.grad.tolist() == NUMBERS.tolist()
    out = (x * mapped).sum()
    mapped[1] = 5.0
    with pytest.raises(RuntimeError, match="changed in place"):
        out.backward()


def test_masked_arrays_take_untracked_tensors_as_arrays():
    assert np.ma.masked_invalid(Tensor([1.0, np.nan])).mask.tolist() == [False, True]
