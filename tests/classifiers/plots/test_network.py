"""plots.network: the layers of a network, fully connected."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure

from classifiers import plots


def drawn(ax):
    """The numbers of circles and of lines in each collection."""
    circles = [len(part.get_offsets()) for part in ax.collections if isinstance(part, PathCollection)]
    lines = [len(part.get_segments()) for part in ax.collections if isinstance(part, LineCollection)]
    return circles, lines


def labels(ax):
    return [label.get_text() for label in ax.get_xticklabels()]


def test_every_neuron_is_connected_with_all_of_the_previous_layer():
    ax = plots.network((3, 4, 4, 1), title="three layers")
    assert drawn(ax) == ([3, 4, 4, 1], [12, 16, 4])
    assert labels(ax) == [
        "input layer\n3 inputs", "hidden layer 1\n4 neurons", "hidden layer 2\n4 neurons", "output layer\n1 neuron",
    ]  # fmt: skip
    assert ax.get_title() == "three layers"
    lines = [tuple(map(tuple, segment)) for segment in ax.collections[0].get_segments()]
    assert len(set(lines)) == 12
    assert {start[0] for start, _ in lines} == {0}
    assert {end[0] for _, end in lines} == {1}


def test_draws_only_the_ends_of_a_large_layer():
    ax = plots.network(np.array([3072, 8, 9]))
    assert drawn(ax)[0] == [6, 3, 8, 6, 3]  # three dots between six circles
    assert drawn(ax)[1] == [6 * 8, 8 * 6]
    assert labels(ax) == ["input layer\n3,072 inputs", "hidden layer\n8 neurons", "output layer\n9 neurons"]


def test_uses_names_and_the_given_axes():
    ax = Figure().subplots()
    assert plots.network([2, 1], names=["pixels", "a rather long name"], ax=ax) is ax
    assert labels(ax) == ["pixels\n2 inputs", "a rather long\nname\n1 neuron"]
    with pytest.raises(ValueError, match=r"network expected names of shape \(2,\), got shape \(1,\)"):
        plots.network([2, 1], names=["pixels"])


@pytest.mark.parametrize("got", [[3], [], [3, 0], [3, 2.5], [[3, 4]], "34", None, [3, [4]], [True, True]])
def test_rejects_what_is_not_sizes_of_layers(got):
    with pytest.raises(
        ValueError, match="network expected the sizes of two or more layers, whole numbers of at least 1"
    ):
        plots.network(got)


def test_dropped_neurons_are_crossed_out_and_have_no_lines():
    ax = plots.network((2, 3, 2), kept=[[True, True], [True, False, True], np.array([False, True])])
    assert drawn(ax) == ([2, 3, 1, 2, 1], [2 * 2, 2 * 1])
    crosses = [part for part in ax.collections[2:] if len(part.get_offsets()) == 1]
    assert [part.get_offsets().tolist() for part in crosses] == [[[1, 0]], [[2, 0.5]]]
    ends = {tuple(segment[1]) for segment in ax.collections[0].get_segments()}
    assert ends == {(1, 1), (1, -1)}
    assert drawn(plots.network((2, 3), kept=[[True] * 2, [False] * 3])) == ([2, 3, 3], [0])
    kept = np.arange(9) > 0  # the first neuron, which is drawn, is dropped
    assert drawn(plots.network((1, 9), kept=[[True], kept]))[1] == [5]


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ([[True] * 2], r"network expected kept of shape \(2,\), got shape \(1,\)"),
        (
            [[True] * 2, [True]],
            r"True or False for each neuron of each layer, here of shape \(3,\), got ndarray of shape \(1,\)",
        ),
        ([[True] * 2, [1, 0, 1]], "True or False for each neuron of each layer"),
    ],
)
def test_rejects_kept_that_does_not_fit(kept, text):
    with pytest.raises(ValueError, match=text):
        plots.network((2, 3), kept=kept)
