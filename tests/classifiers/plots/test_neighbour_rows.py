"""plots.neighbour_rows: samples with their neighbours, other classes marked."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import KNeighborsClassifier, plots
from classifiers.plots.shared.style import CORRECT, WRONG

RNG = np.random.default_rng(0)
X = RNG.integers(256, size=(12, 12), dtype=np.uint8)
KNN = KNeighborsClassifier(3, metric="l1").fit(X, np.arange(12) % 2)
NAMES = ["cat", "dog"]


def test_each_row_is_a_sample_and_its_neighbours():
    traces = [KNN.trace(x) for x in 255 - X[:4]]
    ax = plots.neighbour_rows(traces, [0, 0, 1, 1], names=NAMES, title="near")
    expected = [row for trace in traces for row in (trace.sample, *trace.neighbour_samples)]
    assert len(ax.images) == 16
    for shown, pixels in zip(ax.images, expected, strict=True):
        np.testing.assert_allclose(shown.get_array(), np.moveaxis(pixels.reshape(3, 2, 2), 0, -1) / 255, rtol=1e-6)
    lefts, tops = np.array([(shown.get_extent()[0], shown.get_extent()[3]) for shown in ax.images]).T
    assert len(set(lefts)) == len(set(tops)) == 4
    assert (np.diff(tops.reshape(4, 4), axis=0) > 1).all()
    assert ax.get_title() == "near"


def test_marks_other_classes():
    trace = KNN.trace(X[0])  # its nearest neighbour is itself, of class 0
    for truth in (0, 1):
        ax = plots.neighbour_rows([trace], [truth], names=NAMES, ax=Figure().subplots())
        labels = [trace.answer, *trace.neighbour_labels]
        marked = [("" if label == truth else "× ") + NAMES[label] for label in labels]
        marked[0] = f"{NAMES[truth]}\n→ {marked[0]}"
        assert [text.get_text() for text in ax.texts] == marked
        colours = [CORRECT if label == truth else WRONG for label in labels]
        assert [text.get_color() for text in ax.texts] == colours
        assert [to_hex(patch.get_edgecolor()) for patch in ax.patches] == colours
    assert "".join(marked).count("×") >= 1


def test_labels_may_be_names():
    knn = KNeighborsClassifier(1).fit(X, np.array(NAMES)[np.arange(12) % 2])
    ax = plots.neighbour_rows([knn.trace(X[1])], ["dog"])
    assert [text.get_text() for text in ax.texts] == ["dog\n→ dog", "dog"]


@pytest.mark.parametrize(
    ("traces", "labels", "settings", "text"),
    [
        ([], [], {}, "at least one trace, all of the same k, got k = none"),
        ([KNN.trace(X[0])], [0, 1], {}, r"expected labels of shape \(1,\), got shape \(2,\)"),
        (
            [KNN.trace(X[0]), KNeighborsClassifier(2).fit(X, X[:, 0]).trace(X[0])],
            [0, 1],
            {},
            r"the same k, got k = \[2, 3\]",
        ),
        ([KNN.trace(X[0])], [2], {"names": NAMES}, "labels that index the 2 names, got label 2"),
        ([KNN.trace(X[0])], [0], {"shape": (1, 2, 5)}, "do not fit shape"),
    ],
)
def test_rejects_arguments_that_do_not_fit(traces, labels, settings, text):
    with pytest.raises(ValueError, match=text):
        plots.neighbour_rows(traces, labels, **settings)
