"""The report of gradcheck: its errors, its verdict and how it prints."""

import numpy as np
import pytest

from autograd import gradcheck
from autograd.checking import Fault, GradientCheck, InputCheck
from autograd.gates import GATES


def input_check(analytic, numeric, relative, *, kinks=(), name="x", note=""):
    analytic, numeric = np.array(analytic), np.array(numeric)
    at_kink = np.isin(np.arange(analytic.size), kinks).reshape(analytic.shape)
    return InputCheck(name, analytic, numeric, np.array(relative), np.abs(analytic - numeric), at_kink, note)


def test_small_gradients_are_printed_in_scientific_notation():
    report = gradcheck(lambda x: 1e-9 * x, 1.0)
    assert "1.0000000e-09" in str(report)
    assert repr(report) == str(report)


def test_both_errors_of_every_element_and_the_verdict():
    x = np.array([1.0, 100.0])
    report = gradcheck(lambda t: t * t + 1e-3 * np.array([1.0, 2.0]) * t.detach(), x)
    (check,) = report.inputs
    np.testing.assert_allclose(check.analytic, [2.0, 200.0] * np.random.default_rng(0).uniform(0.5, 1.5, 2))
    assert (check.element, check.absolute_element) == ((0,), (1,))
    assert check.absolute_error == report.absolute_error > 1e-3
    assert check.relative.shape == check.absolute.shape == check.numeric.shape == (2,)
    assert report.verdict == "doubtful"
    assert gradcheck(lambda t: t * 1.02 + t.detach() * 0.1, 1.0).verdict == "wrong"
    assert gradcheck(lambda t: t + t.detach() * 1e-6, 1.0, tolerance=1e-5).verdict.startswith(
        "fine where there are kinks"
    )
    assert gradcheck(lambda t: t * t, 1.0).verdict == "good"


def test_prints_the_worst_element_of_each_input_and_a_summary():
    x = input_check([[1.0, 2.0]], [[1.0, 2.5]], [[0.0, 0.2]])
    y = input_check(3.0, 3.0, 0.0, name="y")
    lines = str(GradientCheck((x, y), 1e-6)).splitlines()
    assert lines[:4] == [
        "input    chain rule   numerical  relative error  absolute",
        "x[0, 1]  2.00000000  2.50000000         2.0e-01   5.0e-01",
        "y        3.00000000  3.00000000         0.0e+00   0.0e+00",
        "FAILED: largest relative error 2.0e-01, allowed 1e-06 (wrong)",
    ]


def test_passes_if_every_error_is_below_the_tolerance():
    report = GradientCheck((input_check(1.0, 1.0, 1e-7), input_check(2.0, 2.0, 1e-9)), tolerance=1e-6)
    assert report
    assert report.relative_error == 1e-7
    assert not report._replace(tolerance=1e-7)
    assert GradientCheck((), 1e-6).verdict == "good"


def test_lists_faults_kinks_and_notes_below_the_table():
    fault = Fault(GATES["square"], "x", 5.0, 4.0, 0.2, "x = 2")
    check = input_check([1.0, 2.0], [1.0, 2.0], [0.0, 0.0], kinks=[1], note="widened from float32")
    lines = str(GradientCheck((check,), 0.0, faults=(fault,), corners=("gate 'relu'",))).splitlines()
    assert lines[-3:] == [
        "gate 'square' is at fault: its local gradient by x gives 5, numerically it is 4, at x = 2",
        "at a kink of gate 'relu': 1 element(s) of x, where the gradient lies between the derivatives from both sides",
        "x: widened from float32",
    ]


@pytest.mark.parametrize(("numeric", "text"), [(2.0, "look outside the gates"), (np.nan, "outside the domain")])
def test_explains_a_failure_without_a_fault(numeric, text):
    assert text in str(GradientCheck((input_check(1.0, numeric, np.inf),), 1e-6))


def test_an_element_is_hidden_if_only_rounding_explains_its_error():
    check = input_check([3.0, 1.0, 3.0, 0.0], [2.0, 1.0, 2.0, 1.0], [1e-9, 0.0, 0.5, 0.0])
    assert check.hidden.tolist() == [True, False, False, False]
    assert not check._replace(kinks=np.ones(4, dtype=bool)).hidden.any()


def test_an_empty_input_has_no_worst_element():
    check = input_check(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3)))
    assert (check.shape, check.element, check.relative_error, check.absolute_error) == ((0, 3), (), 0.0, 0.0)
    assert len(str(GradientCheck((check,), 1e-6)).splitlines()) == 2
