"""How pictures write names, numbers and arrays."""

import numpy as np
import pytest

from autograd import Tensor, Value
from autograd.drawing import format_number, number_formatter, parenthesize_negative
from autograd.drawing.labels import Labels, check_names


@pytest.mark.parametrize(
    ("x", "text"),
    [(-0.0, "0"), (np.float16(-1), "−1"), (0.0, "0"),
     (-2.0, "−2"), (0.36787944, "0.3679"), (12345.678, "12345.678"), (1e-5, "1e−05"), (-3e8, "−3e+08"),
     (float("nan"), "nan"), (float("inf"), "inf")],
)  # fmt: skip
def test_format_number(x, text):
    assert format_number(x) == text


@pytest.mark.parametrize(
    ("data", "lines", "small"),
    [
        (2.0, ["2"], ""),
        ([-1, 2], ["[−1, 2]"], ""),
        ([True, False], ["[True, False]"], ""),
        ([0.123456] * 6, ["[0.1235, 0.1235, 0.1235, 0.1235,", " 0.1235, 0.1235]"], ""),
        ([[1.0, 2.0], [3.0, 4.5]], ["[[1, 2],", " [3, 4.5]]"], ""),
        ([], ["[]"], ""),
        ([1.0, np.nan, 3.0, np.inf, -np.inf, 2.0, 2.0], ["(7,) float64"], "1 … 3, mean 2, 1 nan, 2 inf"),
        (np.linspace(-1, 1, 10), ["(10,) float64"], "−1 … 1, mean 0"),
        ([np.nan] * 7, ["(7,) float64"], "7 nan"),
        (np.arange(100).reshape(20, 5), ["(20, 5) int64"], "0 … 99, mean 49.5"),
        ([True] * 5 + [False] * 5, ["(10,) bool"], "5 of 10 true"),
        (np.full(9, 6e4, np.float16), ["(9,) float16"], "60000 … 60000, mean 60000"),
    ],
)
def test_text_of_arrays(data, lines, small):
    assert Labels().text(np.array(data)) == (lines, small)


@pytest.mark.parametrize(
    ("data", "text"),
    [(2.0, "2"), ([1.0, 2.0], "[1, 2]"), ([[1, -2]], "[[1, −2]]"), ([0.123456] * 6, "(6,)"), (np.ones(7), "(7,)")],
)
def test_brief_texts_have_one_line(data, text):
    assert Labels().brief(data if np.ndim(data) == 0 else np.array(data)) == text


def test_number_formatter():
    assert number_formatter(None) is format_number
    assert number_formatter(".1e")(-30.0) == "−3.0e+01"
    assert number_formatter(lambda x: type(x))(1.0) == "<class 'float'>"
    for wrong in (".2q", "d", 3):
        with pytest.raises((TypeError, ValueError), match=r"number= expected a format of floats such as '\.2f'"):
            number_formatter(wrong)


def test_a_number_format_applies_to_arrays_too():
    labels = Labels(number=number_formatter(".1f"))
    assert labels.brief(np.array([1.0, -2.0])) == "[1.0, −2.0]"
    assert Labels(number=repr).brief(np.array([0.5], np.float32)) == "[0.5]"


@pytest.mark.parametrize(("text", "written"), [("2", "2"), ("−2", "(−2)"), ("(3,)", "(3,)")])
def test_parenthesize_negative(text, written):
    assert parenthesize_negative(text) == written


def test_names():
    x, y = Value(1.0, label="x"), Tensor([1.0], label="two\nlines")
    assert [Labels().name(node) for node in (x, y, Value(1.0))] == ["x", "two lines", ""]
    assert Labels(names=False).name(x) == ""
    assert Labels(names={x: "mine"}).name(x) == "mine"
    assert Labels(names={x: "mine"}).name(y) == "two lines"


def test_check_names():
    assert check_names(False) is False
    with pytest.raises(TypeError, match=r"expected True, False or a mapping of nodes .* got str 'x'"):
        check_names("x")
