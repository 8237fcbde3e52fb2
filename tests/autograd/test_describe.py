"""How an error message names what it got."""

import numpy as np
import pytest

from autograd import Tensor
from autograd.extend import describe


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (3, "int 3"),
        (None, "NoneType None"),
        ("a", "str 'a'"),
        (np.zeros((2, 3)), "ndarray of shape (2, 3) and dtype float64"),
        (np.float32(1), "float32 of shape () and dtype float32"),
        (Tensor(np.zeros(4, np.float16)), "Tensor of shape (4,) and dtype float16"),
    ],
)
def test_type_and_shape_or_repr(thing, words):
    assert describe(thing) == words


def test_several_things_have_commas_between_them():
    assert describe(1, [2], 3.5) == "int 1, list [2], float 3.5"


def test_a_long_repr_is_cut_at_60_characters():
    words = describe(list(range(100)))
    assert words.startswith("list [0, 1, 2")
    assert words.endswith("...")
    assert len(words) == len("list ") + 60
