"""plots.templates: weights as images in which grey is 0."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.exceptions import NotFittedError

from classifiers import LinearClassifier, plots

WEIGHTS = np.random.default_rng(0).normal(size=(10, 3 * 4 * 4)) * np.arange(10)[:, None]  # those of class 0 are 0


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_each_image_is_scaled_by_its_largest_weight():
    ax = plots.templates(WEIGHTS, title="W")
    for shown, row in zip(ax.images, WEIGHTS.reshape(10, 3, 4, 4), strict=True):
        picture = np.moveaxis(row, 0, -1)
        np.testing.assert_allclose(shown.get_array(), 0.5 + 0.5 * picture / (abs(row).max() or 1), atol=1e-6)
    assert texts(ax) == [str(label) for label in range(10)]
    assert ax.get_title() == "W"


def test_grey_is_0_if_all_weights_have_one_sign():
    shown = plots.templates([[0.0, 2.0, 4.0, 4.0]]).images[0].get_array()
    np.testing.assert_array_equal(shown, [[0.5, 0.75], [1, 1]])


def test_draws_an_estimator_with_its_classes_or_other_names():
    estimator = SimpleNamespace(coef_=WEIGHTS[:3], classes_=np.array(["cat", "dog", "ship"]))
    ax = Figure().subplots()
    assert plots.templates(estimator, ax=ax) is ax
    assert texts(ax) == ["cat", "dog", "ship"]
    assert texts(plots.templates(estimator, names=["a", "b", "c"], shape=(3, 2, 8))) == ["a", "b", "c"]
    assert texts(plots.templates(SimpleNamespace(coef_=WEIGHTS[:1], classes_=[0, 1]))) == ["1"]  # of two classes


@pytest.mark.parametrize(
    ("weights", "names", "text"),
    [
        (WEIGHTS, ["cat", "dog"], r"templates expected names of shape \(10,\), got shape \(2,\)"),
        (WEIGHTS[:, :5], None, "5 features, which do not fit a square"),
        (WEIGHTS[0], None, r"\(48,\)"),
    ],
)
def test_rejects_arguments_that_do_not_fit(weights, names, text):
    with pytest.raises(ValueError, match=text):
        plots.templates(weights, names=names)


def test_prefers_templates_to_coefficients_and_rejects_unfitted_estimators():
    estimator = SimpleNamespace(coef_=-WEIGHTS, templates_=WEIGHTS)
    expected = plots.templates(WEIGHTS).images[1].get_array()
    np.testing.assert_array_equal(plots.templates(estimator).images[1].get_array(), expected)
    with pytest.raises(NotFittedError, match="not fitted yet"):
        plots.templates(LinearClassifier())
