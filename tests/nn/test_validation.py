"""Hyper-parameters: a number within bounds, or a word."""

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from nn.validation import checked


def test_numbers_of_every_kind_are_taken_and_become_pythons():
    for got in (np.float32(0.5), np.float64(0.5), Fraction(1, 2), 0.5):
        rate = checked(float, "lr", got, above=0)
        assert (type(rate), rate) == (float, 0.5)
    for got in (3, np.int8(3)):
        count = checked(int, "steps", got, at_least=1)
        assert (type(count), count) == (int, 3)


def test_bounds():
    assert checked(float, "p", 0, at_least=0, at_most=1) == 0
    assert checked(float, "p", 1, at_least=0, at_most=1) == 1
    assert checked(float, "max_norm", inf, above=0) == inf
    with pytest.raises(ValueError, match=r"^lr must be above 0 and finite, got inf$"):
        checked(float, "lr", inf, above=0, below=inf)
    with pytest.raises(ValueError, match=r"^p must be at least 0 and below 1, got 1$"):
        checked(float, "p", 1, at_least=0, below=1)


@pytest.mark.parametrize("got", [0, -1, nan, "0.1", None, True, 1j, np.ones(1), [1]])
def test_what_is_no_number_within_its_bounds_is_refused_in_the_same_words(got):
    with pytest.raises(ValueError, match=r"^lr must be above 0, got .*$"):
        checked(float, "lr", got, above=0)
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, above 0, got .*$"):
        checked(int, "epochs", got, above=0)


def test_a_whole_number_is_not_a_float():
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, at least 1, got 2.0$"):
        checked(int, "epochs", 2.0, at_least=1)
