"""Hyper-parameters: a number within bounds, or a word."""

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from nn.validation import checked


def test_numbers_of_every_kind_are_taken_and_become_pythons():
    for came in (np.float32(0.5), np.float64(0.5), Fraction(1, 2), 0.5):
        rate = checked(float, "lr", came, above=0)
        assert (type(rate), rate) == (float, 0.5)
    for came in (3, np.int8(3)):
        count = checked(int, "steps", came, at_least=1)
        assert (type(count), count) == (int, 3)


def test_bounds():
    assert checked(float, "p", 0, at_least=0, at_most=1) == 0
    assert checked(float, "p", 1, at_least=0, at_most=1) == 1
    assert checked(float, "max_norm", inf, above=0) == inf
    with pytest.raises(ValueError, match=r"^lr must be above 0 and finite, but inf came$"):
        checked(float, "lr", inf, above=0, below=inf)
    with pytest.raises(ValueError, match=r"^p must be at least 0 and below 1, but 1 came$"):
        checked(float, "p", 1, at_least=0, below=1)


@pytest.mark.parametrize("came", [0, -1, nan, "0.1", None, True, 1j, np.ones(1), [1]])
def test_what_is_no_number_within_its_bounds_is_refused_in_the_same_words(came):
    with pytest.raises(ValueError, match=r"^lr must be above 0, but .* came$"):
        checked(float, "lr", came, above=0)
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, above 0, but .* came$"):
        checked(int, "epochs", came, above=0)


def test_a_whole_number_is_not_a_float():
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, at least 1, but 2.0 came$"):
        checked(int, "epochs", 2.0, at_least=1)
