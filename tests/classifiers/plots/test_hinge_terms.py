"""plots.hinge_terms: a bar for each term of the hinge loss, from the margin to the score."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from autograd import Tensor
from classifiers import plots
from nn import HingeLoss

SCORES = [[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]]
NAMES = ["cat", "car", "frog"]


def terms(ax):
    """The bars as (row, start, end)."""
    thick = [line for line in ax.lines if line.get_linewidth() == 5]
    return [(round(line.get_ydata()[0]), *np.round(line.get_xdata(), 6)) for line in thick]


def test_the_example_of_cs231n():
    ax = plots.hinge_terms(SCORES, [0, 1, 2], names=NAMES, title="hinge")
    assert sorted(terms(ax)) == [(0, 2.2, 5.1), (2, -4.1, 2.2), (2, -4.1, 2.5)]
    assert sorted(text.get_text() for text in ax.texts) == ["2.9", "6.3", "6.6"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat\nloss 2.9", "car\nloss 0", "frog\nloss 12.9"]
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["above s_y − 1", *NAMES, "large: the correct class"]
    assert ax.get_title() == "hinge"


@pytest.mark.parametrize("margin", [0.5, 3])
def test_bars_add_up_to_the_loss(margin):
    scores, labels = np.random.default_rng(0).normal(size=(6, 4)), np.array([0, 3, 1, 1, 2, 0])
    ax = Figure().subplots()
    assert plots.hinge_terms(scores, labels, margin=margin, ax=ax) is ax
    lengths = np.bincount([row for row, *_ in terms(ax)], [end - start for _, start, end in terms(ax)], minlength=6)
    losses = HingeLoss(margin, reduction="none")(Tensor(scores), labels).data
    np.testing.assert_allclose(lengths, losses, atol=1e-5)


@pytest.mark.parametrize(
    ("scores", "labels", "settings", "text"),
    [
        (SCORES[0], [0], {}, "pass one sample as scores"),
        (SCORES, [0, 1], {}, r"labels of shape \(n,\)"),
        (SCORES, [0, 1, 3], {}, "from 0 to classes - 1"),
        (SCORES, [0.0, 1.0, 2.0], {}, "whole numbers"),
        ([[np.nan, 1]], [0], {}, "finite scores"),
        (SCORES, [0, 1, 2], {"margin": 0}, "margin must be above 0"),
        (SCORES, [0, 1, 2], {"names": ["cat"]}, r"names of shape \(3,\), got shape \(1,\)"),
    ],
)
def test_rejects_what_has_no_hinge_loss(scores, labels, settings, text):
    with pytest.raises(ValueError, match=text):
        plots.hinge_terms(scores, labels, **settings)
