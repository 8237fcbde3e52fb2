"""plots.neighbourhoods: each line encloses exactly the k nearest neighbours."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.path import Path

from classifiers import KNeighborsClassifier, plots

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(30, 2)), RNG.permutation(np.repeat(["triangle", "square"], 15))


def traces(*ks, metric="l2", sample=(0.1, -0.2)):
    return [KNeighborsClassifier(k, metric=metric).fit(X, Y).trace(np.array(sample)) for k in ks]


@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_each_line_encloses_k_samples(metric):
    got = traces(1, 3, 5, 29, metric=metric)
    ax = plots.neighbourhoods(got, X, Y, title="near")
    assert [Path(line.get_xydata()).contains_points(X).sum() for line in ax.lines] == [1, 3, 5, 29]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["square", "triangle", *(f"k = {len(one.neighbours)}: {one.answer}" for one in got)]
    assert ax.get_aspect() == 1  # or a circle would be an ellipse
    assert ax.get_title() == "near"
    assert len({line.get_linestyle() for line in ax.lines}) == 4


def test_uses_the_given_markers():
    ax = plots.neighbourhoods(traces(3), X, Y, markers={"triangle": "^"}, ax=Figure().subplots())
    squares, triangles = (np.unique(one.get_paths()[0].vertices, axis=0) for one in ax.collections)
    assert len(triangles) == 3
    assert len(squares) > 4  # a circle, the first of all markers
    np.testing.assert_array_equal(ax.collections[1].get_offsets(), X[Y == "triangle"])


def test_k_may_be_the_number_of_samples():
    line = plots.neighbourhoods(traces(30), X, Y).lines[0]
    farthest = np.linalg.norm(X - [0.1, -0.2], axis=1).max()
    np.testing.assert_allclose(np.linalg.norm(line.get_xydata() - [0.1, -0.2], axis=1), farthest)


@pytest.mark.parametrize(
    ("got", "X", "y", "text"),
    [
        ([], X, Y, r"at least one trace .* got .* and 0 traces"),
        (traces(3), X[:5], Y[:5], r"fitted to them, got ndarray of shape \(5, 2\)"),
        (traces(3), X[:, :1], Y, r"two features, shape \(n, 2\).* \(30, 1\)"),
        (traces(3), X, Y[:5], r"labels y of shape \(n,\).* shape \(5,\)"),
        (traces(3) + traces(5, sample=(0, 0)), X, Y, "one sample, for different k, got traces of several samples"),
    ],
)
def test_rejects_arguments_that_do_not_fit(got, X, y, text):
    with pytest.raises(ValueError, match=text):
        plots.neighbourhoods(got, X, y)
