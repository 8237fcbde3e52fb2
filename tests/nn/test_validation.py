"""Checks: numbers within bounds, flags, choices, and states that fit the object that loads them."""

from fractions import Fraction
from math import inf, nan

import numpy as np
import pytest

from nn.validation import check_choice, check_flag, check_keys, check_length, check_number, check_same


def test_converts_numbers_of_every_kind_to_python_numbers():
    for value in (np.float32(0.5), np.float64(0.5), Fraction(1, 2), 0.5):
        rate = check_number(float, "lr", value, above=0)
        assert (type(rate), rate) == (float, 0.5)
    for value in (3, np.int8(3)):
        count = check_number(int, "steps", value, at_least=1)
        assert (type(count), count) == (int, 3)


def test_bounds():
    assert check_number(float, "p", 0, at_least=0, at_most=1) == 0
    assert check_number(float, "p", 1, at_least=0, at_most=1) == 1
    assert check_number(float, "max_norm", inf, above=0) == inf
    with pytest.raises(ValueError, match=r"^lr must be above 0 and finite, got inf$"):
        check_number(float, "lr", inf, above=0, below=inf)
    with pytest.raises(ValueError, match=r"^p must be at least 0 and below 1, got 1$"):
        check_number(float, "p", 1, at_least=0, below=1)
    with pytest.raises(ValueError, match=r"^p must be from 0 to 1, got 1.5$"):
        check_number(float, "p", 1.5, at_least=0, at_most=1)
    with pytest.raises(ValueError, match=r"^bins must be a whole number from 1 to 16, got 17$"):
        check_number(int, "bins", 17, at_least=1, at_most=16)
    with pytest.raises(ValueError, match=r"^low must be a number, got 'low'$"):
        check_number(float, "low", "low")
    with pytest.raises(ValueError, match=r"^by must be a whole number, at most 3 for small images, got 4$"):
        check_number(int, "by", 4, at_most=3, note="for small images")


@pytest.mark.parametrize("value", [0, -1, nan, "0.1", None, True, 1j, np.ones(1), [1]])
def test_rejects_values_that_are_not_numbers_within_bounds(value):
    with pytest.raises(ValueError, match=r"^lr must be above 0, got .*$"):
        check_number(float, "lr", value, above=0)
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, above 0, got .*$"):
        check_number(int, "epochs", value, above=0)


def test_a_whole_number_is_not_a_float():
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, at least 1, got 2.0$"):
        check_number(int, "epochs", 2.0, at_least=1)


def test_accepts_none_on_request():
    assert check_number(int, "epochs", None, at_least=1, or_none=True) is None
    assert check_number(int, "epochs", 3, at_least=1, or_none=True) == 3
    with pytest.raises(ValueError, match=r"^epochs must be a whole number, at least 1, or None, got 0$"):
        check_number(int, "epochs", 0, at_least=1, or_none=True)


def test_flags():
    assert check_flag("nesterov", np.True_) is True
    assert check_flag("nesterov", False) is False
    for value in (0, 1, "yes", None):
        with pytest.raises(ValueError, match=r"^nesterov must be True or False, got "):
            check_flag("nesterov", value)


def test_choices():
    assert check_choice("fill", "edge", {"reflect": 1, "edge": 2}) == "edge"
    with pytest.raises(ValueError, match=r"^fill must be one of reflect, edge, got 'wrap'$"):
        check_choice("fill", "wrap", ("reflect", "edge"))
    with pytest.raises(ValueError, match=r"^loss must be one of hinge, or a loss of nn, got \['hinge'\]$"):
        check_choice("loss", ["hinge"], ("hinge",), other="a loss of nn")


def test_saved_states_fit_the_object_that_loads_them():
    owner = Fraction(1, 2)
    check_same(owner, "the type", "SGD", "SGD")
    assert check_keys(owner, "the keys", {"a": 1, "b": 2}, ("b", "a")) == [2, 1]
    assert check_length(owner, "the length", [3, 4], 2) == [3, 4]
    with pytest.raises(ValueError, match=r"^Fraction.load_state_dict: the type must be 'SGD', .*, got 'Adam'; con"):
        check_same(owner, "the type", "Adam", "SGD")
    with pytest.raises(ValueError, match=r"the keys must be \['a'\], as in this Fraction, got \['a', 'b'\]"):
        check_keys(owner, "the keys", {"a": 1, "b": 2}, ("a",))
    with pytest.raises(ValueError, match=r"the keys must be \['a'\], as in this Fraction, got 'int 3'"):
        check_keys(owner, "the keys", 3, ("a",))
    with pytest.raises(ValueError, match=r"the length must be 3, as in this Fraction, got 2"):
        check_length(owner, "the length", [3, 4], 3)
