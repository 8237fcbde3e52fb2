"""plots.decision_boundary: the regions of the classifier, and samples."""

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from classifiers import plots


class Nearest:
    """Predicts the class whose point is nearest."""

    def __init__(self, points, classes):
        self.points, self.classes_ = np.asarray(points, float), np.asarray(classes)

    def predict(self, X):
        return self.classes_[((X[:, None] - self.points) ** 2).sum(axis=-1).argmin(axis=1)]


def example(n, classes=None):
    rng = np.random.default_rng(0)
    points = rng.normal(size=(n, 2)) * 3
    y = np.arange(60) % n
    X = points[y] + rng.normal(size=(60, 2))
    classifier = Nearest(points, range(n) if classes is None else classes)
    return classifier, X, classifier.classes_[y]


@pytest.mark.parametrize("n", [2, 3, 10])
def test_regions_and_points(n):
    classifier, X, y = example(n)
    ax = plots.decision_boundary(classifier, X, y, steps=50, title="regions")
    scattered = ax.collections[-n:]
    for label, points in enumerate(scattered):
        np.testing.assert_array_equal(points.get_offsets(), X[y == label])
    colours = {to_hex(points.get_facecolor()[0]) for points in scattered}
    shapes = {points.get_paths()[0].vertices.tobytes() for points in scattered}
    assert len(colours) == len(shapes) == n

    region = ax.images[0]
    left, right, bottom, top = region.get_extent()
    pixel = (right - left) / 50, (top - bottom) / 50
    across, up = left + (np.arange(50) + 0.5) * pixel[0], bottom + (np.arange(50) + 0.5) * pixel[1]
    expected = classifier.predict(np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)).reshape(50, 50)
    light = np.array([1 - 0.28 * (1 - np.array(to_rgb(points.get_facecolor()[0][:3]))) for points in scattered])
    np.testing.assert_allclose(region.get_array(), light[expected], atol=1e-12)

    inside = (ax.get_xlim()[0] < X[:, 0]) & (X[:, 0] < ax.get_xlim()[1])
    assert (inside & (ax.get_ylim()[0] < X[:, 1]) & (X[:, 1] < ax.get_ylim()[1])).all()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [str(label) for label in range(n)]
    assert ax.get_title() == "regions"


def test_a_line_separates_two_regions():
    classifier = Nearest([[-1, 0], [1, 0]], ["left", "right"])
    X = np.array([[-1.0, 0], [1, 0], [-1, 1], [1, 1]], np.float32)
    ax = plots.decision_boundary(classifier, X, ["left", "right"] * 2, steps=40)
    (path,) = ax.collections[0].get_paths()
    assert abs(path.vertices[:, 0]).max() < 0.05
    assert np.ptp(path.vertices[:, 1]) > 1


def test_uses_names_and_the_given_axes():
    classifier, X, y = example(3, ["a", "b", "c"])
    ax = Figure().subplots()
    names = ["first", "second", "third"]
    features = ("length", "width")
    assert plots.decision_boundary(classifier, X, y, names=names, feature_names=features, steps=10, ax=ax) is ax
    assert [text.get_text() for text in ax.get_legend().get_texts()] == names
    assert (ax.get_xlabel(), ax.get_ylabel()) == features


def test_a_constant_feature():
    classifier, X, y = example(2)
    X[:, 1] = 5
    low, high = plots.decision_boundary(classifier, X, y, steps=10).get_ylim()
    assert low < 5 < high


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            {"X": np.zeros((60, 3))},
            r"of two features, of shape \(n, 2\), n at least 1, got ndarray of shape \(60, 3\) .*",
        ),
        ({"X": np.zeros((0, 2))}, r"\(0, 2\)"),
        ({"y": np.zeros(3, int)}, r"expected y of shape \(60,\), got shape \(3,\)"),
        ({"y": np.full(60, 7)}, r"labels y among the classes of the classifier, \['0', '1'\], got \['7'\]"),
        ({"names": ["a"]}, r"expected names of shape \(2,\), got shape \(1,\)"),
        ({"steps": 1}, "steps must be a whole number, at least 2, got 1"),
        ({"feature_names": ["a"]}, r"expected feature_names of shape \(2,\)"),
        ({"feature_names": []}, r"expected feature_names of shape \(2,\)"),
    ],
)
def test_rejects_arguments_that_do_not_fit(change, text):
    classifier, X, y = example(2)
    with pytest.raises(ValueError, match=text):
        plots.decision_boundary(classifier, **{"X": X, "y": y, **change})
