"""plots.function_and_derivative: the function, its derivative, and where it is flat."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots
from nn import ReLU, Sigmoid


def curves(ax):
    lines = {line.get_label(): line for line in ax.lines}
    return lines["f(x)"].get_xydata().T, lines["f′(x)"].get_xydata().T


@pytest.mark.parametrize(
    ("f", "value", "derivative"),
    [
        (np.tanh, np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        (Sigmoid(), lambda x: 1 / (1 + np.exp(-x)), lambda x: 0.25 / np.cosh(x / 2) ** 2),
        (ReLU(), lambda x: np.maximum(x, 0), lambda x: 1.0 * (x > 0)),
        (lambda x: x**3, lambda x: x**3, lambda x: 3 * x**2),
    ],
)
def test_draws_the_function_and_its_derivative(f, value, derivative):
    ax = plots.function_and_derivative(f, low=-3, high=2, title="f")
    (x, values), (same_x, derivatives) = curves(ax)
    np.testing.assert_array_equal(x, same_x)
    assert (x[0], x[-1], *ax.get_xlim()) == (-3, 2, -3, 2)
    np.testing.assert_allclose(values, value(x), atol=1e-12)
    np.testing.assert_allclose(derivatives, derivative(x), atol=1e-12)
    assert ax.get_title() == "f"


def test_is_grey_where_it_is_flat():
    ax = Figure().subplots()
    assert plots.function_and_derivative(np.tanh, ax=ax) is ax
    (shade,) = ax.collections
    edge = np.arccosh(np.sqrt(1 / 0.05))  # 1 − tanh² = 1 / cosh²
    inner = np.sort([abs(path.vertices[:, 0]).min() for path in shade.get_paths()])
    np.testing.assert_allclose(inner, [edge, edge], atol=12 / 400)
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["flat: |f′(x)| < 0.05", "f(x)", "f′(x)"]


@pytest.mark.parametrize("f", [np.sum, np.log, lambda x: "x", lambda x: x[:10]])
def test_rejects_functions_that_are_not_elementwise(f):
    with (
        np.errstate(all="ignore"),
        pytest.raises(ValueError, match=r"f to return a finite number for each element of a Tensor"),
    ):
        plots.function_and_derivative(f)


def test_rejects_ends_in_the_wrong_order():
    with pytest.raises(ValueError, match="low below high, got low=2 and high=-2"):
        plots.function_and_derivative(np.tanh, low=2, high=-2)
