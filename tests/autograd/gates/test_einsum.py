"""The einsum gate: subscripts written out, and vector-Jacobian products."""

import numpy as np
import pytest

from autograd import Tensor, gradcheck
from autograd.gates.arrays import ARRAY_GATES
from autograd.gates.einsum import EINSUM, LETTERS, explicit
from autograd.graph.node import apply


@pytest.mark.parametrize(
    ("subscripts", "shapes", "expected"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)], "ij,jk->ik"),
        (" ij , jk -> ik ", [(2, 3), (3, 4)], "ij,jk->ik"),
        ("ij,jk", [(2, 3), (3, 4)], "ij,jk->ik"),
        ("ba", [(2, 3)], "ba->ab"),  # without an arrow, the output's letters are sorted
        ("ii", [(3, 3)], "ii->"),
        ("...ij,jk", [(5, 2, 3), (3, 4)], "aij,jk->aik"),
        ("...ij,...jk->...ik", [(5, 2, 3), (3, 4)], "aij,jk->aik"),
        ("...i,...i->...", [(5, 2, 3), (2, 3)], "abi,bi->ab"),  # axes of `...` are aligned at the right
        ("i...->...", [(3,)], "i->"),
        ("a...->...a", [(3, 2)], "ab->ba"),  # letters in use are skipped
    ],
)
def test_explicit_subscripts(subscripts, shapes, expected):
    assert explicit(subscripts, *shapes) == expected
    inputs = [np.arange(np.prod(shape), dtype=float).reshape(shape) for shape in shapes]
    assert np.array_equal(np.einsum(expected, *inputs), np.einsum(subscripts, *inputs))


def test_refuses_subscripts_that_do_not_fit():
    with pytest.raises(ValueError, match=r"expected 2 inputs for the subscripts 'ij,jk', got 1"):
        explicit("ij,jk", (2, 3))
    with pytest.raises(ValueError, match=r"the output of '...i->i' must have '...' too"):
        explicit("...i->i", (2, 3))


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("iij->j", [(3, 3, 2)]),  # a diagonal
        ("iii->", [(3, 3, 3)]),
        ("ii,i->i", [(3, 3), (3,)]),
        ("ij->", [(2, 3)]),  # letters that only one input has
        ("i,j->", [(2,), (3,)]),
        ("ij,ij->i", [(1, 3), (2, 3)]),  # an axis of length 1 that is broadcast
        ("i,i,i->i", [(3,), (3,), (3,)]),
        (",ij->ij", [(), (2, 3)]),
    ],
)
def test_the_gradient_numerically(subscripts, shapes):
    rng = np.random.default_rng(0)
    report = gradcheck(
        lambda *x: np.sin(apply(EINSUM, *x, subscripts=subscripts)), *(rng.normal(size=shape) for shape in shapes)
    )
    assert report.relative_error < 1e-7, report


def test_the_gradient_off_a_diagonal_is_0():
    x = Tensor(np.ones((3, 3)), requires_grad=True)
    apply(EINSUM, x, subscripts="ii->").backward()
    assert x.grad.tolist() == np.eye(3).tolist()


def test_the_gate_is_in_the_table():
    assert ARRAY_GATES["einsum"] is EINSUM
    assert EINSUM.variadic
    assert EINSUM.argument(1) == "input[1]"
    assert len(set(LETTERS)) == 52
