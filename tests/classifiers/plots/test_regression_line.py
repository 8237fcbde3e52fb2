"""plots.regression_line: the predictions of a regressor over one feature."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots


def test_draws_samples_and_predictions():
    X, y = np.array([[3.0], [1], [2]], np.float32), np.array([7.0, 3, 5.5])
    regressor = SimpleNamespace(predict=lambda X: 2 * X[:, 0] + 1)
    ax = Figure().subplots()
    assert plots.regression_line(regressor, X, y, title="line", ax=ax) is ax
    np.testing.assert_array_equal(ax.collections[0].get_offsets(), np.column_stack([X, y]))
    across, predicted = ax.lines[0].get_data()
    assert (across.min(), across.max()) == (1, 3)
    np.testing.assert_allclose(predicted, 2 * across + 1)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["samples", "prediction"]
    assert ax.get_title() == "line"


@pytest.mark.parametrize(("X", "y"), [((3, 2), 3), ((3,), 3), ((0, 1), 0), ((3, 1), 2)])
def test_rejects_other_than_one_feature(X, y):
    with pytest.raises(ValueError, match=r"X of shape \(n, 1\) and y of shape \(n,\)"):
        plots.regression_line(None, np.zeros(X), np.zeros(y))


@pytest.mark.parametrize(("X", "y"), [([[np.nan]], [1]), ([[1]], [np.nan]), ([["a"]], [1]), ([[1]], ["a"])])
def test_rejects_what_is_not_numbers(X, y):
    with pytest.raises(ValueError, match="regression_line expected finite numbers"):
        plots.regression_line(None, X, y)
