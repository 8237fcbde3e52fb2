"""plots.image_grid: each tile shows its image with its label below."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots

RNG = np.random.default_rng(0)
X = RNG.integers(256, size=(6, 3 * 4 * 4), dtype=np.uint8)
NAMES = ["cat", "dog", "a very long name of a class"]


def labels(ax):
    return [text.get_text() for text in ax.texts]


def test_tiles_hold_their_images():
    ax = plots.image_grid(X, title="six")
    for shown, expected in zip(ax.images, X.reshape(6, 3, 4, 4), strict=True):
        np.testing.assert_allclose(shown.get_array(), np.moveaxis(expected, 0, -1) / 255, rtol=1e-6)
    assert not any(labels(ax))
    assert ax.get_title() == "six"


def test_tiles_lie_row_by_row():
    extents = [image.get_extent() for image in plots.image_grid(X, columns=4).images]
    lefts, tops = ([extent[side] for extent in extents] for side in (0, 3))
    assert lefts[:4] == sorted(set(lefts))
    assert lefts[4:] == lefts[:2]
    assert len(set(tops[:4])) == 1
    assert tops[4] == tops[5] > tops[0]
    assert len({image.get_extent()[0] for image in plots.image_grid(X, columns=99).images}) == 6


def test_shows_names_or_labels():
    assert labels(plots.image_grid(X[:3], [1, 0, 2], names=NAMES)) == ["dog", "cat", "a very long name\nof a class"]
    assert labels(plots.image_grid(X[:2], ["a", "b"])) == ["a", "b"]
    assert labels(plots.image_grid(X[:1], [7])) == ["7"]


def test_wrong_predictions_are_framed_and_marked():
    ax = plots.image_grid(X[:3], [0, 1, 2], predicted=[0, 2, 2], names=["cat", "dog", "ship"])
    assert labels(ax) == ["cat", "× ship\nis dog", "ship"]
    (frame,) = ax.patches
    left, right, bottom, top = ax.images[1].get_extent()
    assert frame.get_bbox().extents == pytest.approx([left, top, right, bottom])
    assert to_hex(frame.get_edgecolor()) == ax.texts[1].get_color() == "#d55e00"
    assert ax.texts[0].get_color() == "black"


def test_draws_on_the_given_axes():
    ax = Figure(figsize=(3, 3)).subplots()
    assert plots.image_grid(X, range(6), shape=(3, 2, 8), ax=ax) is ax
    assert ax.images[0].get_array().shape == (2, 8, 3)


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"labels": [0]}, r"expected labels of shape \(6,\), got shape \(1,\)"),
        ({"labels": range(6), "predicted": [0]}, r"expected predicted of shape \(6,\)"),
        ({"predicted": range(6)}, "got none; pass labels"),
        ({"labels": range(6), "names": NAMES}, "labels that index the 3 names, got label 3"),
        ({"labels": ["cat"] * 6, "names": NAMES}, "labels that index the 3 names, got label cat"),
        ({"labels": [-1] * 6, "names": NAMES}, "index the 3 names, got label -1"),
        ({"columns": 0}, "columns must be a whole number, at least 1, got 0"),
        ({"shape": (3, 5, 5)}, r"48 features, which do not fit shape \(3, 5, 5\)"),
    ],
)
def test_rejects_arguments_that_do_not_fit(settings, text):
    with pytest.raises(ValueError, match=text):
        plots.image_grid(X, **settings)


def test_labels_are_compared_as_values():
    ax = plots.image_grid(X[:3], [1, 0, 1], predicted=[1.0, 0.0, 2.0], names=["a", "b", "b"])
    assert labels(ax) == ["b", "a", "× b\nis b"]
    for wrong in (0.7, np.nan, "1"):
        with pytest.raises(
            ValueError, match=r"index the 3 names, got label .*; pass a name for each of the labels 0, 1"
        ):
            plots.image_grid(X[:1], [wrong], names=NAMES)
