"""plots.gradient_flow: the mean absolute gradient of each layer, on a logarithmic scale."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots


def test_compares_networks_layer_by_layer():
    ax = plots.gradient_flow({"sigmoid": [1e-5, 1e-3, 0.1], "ReLU": np.float32([0.2, 0.1])}, title="flow")
    drawn = [line.get_xydata().tolist() for line in ax.lines]
    np.testing.assert_allclose(drawn[0], [(1, 1e-5), (2, 1e-3), (3, 0.1)])
    np.testing.assert_allclose(drawn[1], [(1, 0.2), (2, 0.1)])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["sigmoid", "ReLU"]
    assert len({(line.get_color(), line.get_marker()) for line in ax.lines}) == 2
    assert (ax.get_yscale(), ax.get_title()) == ("log", "flow")
    assert all(float(tick).is_integer() for tick in ax.get_xticks())


def test_one_network_on_the_given_axes():
    ax = Figure().subplots()
    assert plots.gradient_flow([0.0, 0.1], ax=ax) is ax
    assert ax.get_legend() is None


@pytest.mark.parametrize("got", [{}, [], [0.1, -0.1], [np.nan], {"a": [0.1], "b": [[0.1]]}, ["a"], 0.5])
def test_rejects_what_is_not_gradients(got):
    with pytest.raises(ValueError, match=r"mean \|gradient\| of each layer, .*; pass abs"):
        plots.gradient_flow(got)
