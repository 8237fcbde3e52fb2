"""plots.activation_histograms: the outputs of each layer, and warnings about them."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots
from nn import Dropout, Linear, ReLU, Sequential, Tanh

RNG = np.random.default_rng(0)
GOOD = RNG.normal(size=(100, 5))


def texts(ax):
    return [label.get_text().splitlines() for label in ax.get_xticklabels()]


def test_a_mapping_is_drawn_layer_by_layer():
    ax = plots.activation_histograms({"a": GOOD, "b": np.tanh(GOOD)}, title="two")
    for patch, values, place in zip(ax.patches, (GOOD, np.tanh(GOOD)), (0, 1), strict=True):
        counts, edges = np.histogram(values, 40)
        drawn = patch.get_data()
        np.testing.assert_allclose(drawn.edges, edges, atol=1e-6)
        np.testing.assert_allclose((drawn.values - drawn.baseline) / 0.85, counts / counts.max(), atol=1e-12)
        assert drawn.baseline == place - 0.425
    assert texts(ax)[0] == ["a", f"mean {GOOD.mean():.2g}", f"σ {GOOD.std():.2g}"]
    assert ax.get_title() == "two"
    assert ax.get_ylim()[0] < GOOD.min() < GOOD.max() < ax.get_ylim()[1]


def test_runs_a_model_layer_by_layer_in_evaluation_mode():
    model = Sequential({"hidden": Linear(5, 8, rng=0), "relu": ReLU(), "drop": Dropout(0.5, rng=0)})
    ax = Figure().subplots()
    assert plots.activation_histograms(model, GOOD.astype(np.float32), ax=ax) is ax
    assert [lines[0] for lines in texts(ax)] == ["hidden Linear", "relu", "drop Dropout"]
    assert texts(ax)[1][1:] == texts(ax)[2][1:]  # dropout does nothing in evaluation mode
    assert model.training
    assert all(parameter.grad is None for parameter in model.parameters())


def test_zeros_have_a_bar_as_long_as_their_share():
    values = np.array([0.0] * 75 + [1.0] * 5 + [2.0] * 20)
    ax = plots.activation_histograms({"a": values})
    zeros = ax.lines[-1]
    assert np.ptp(zeros.get_xdata()) == pytest.approx(0.75 * 0.85)
    assert not np.any(zeros.get_ydata())
    assert max(ax.patches[0].get_data().values) == pytest.approx(0.425)  # of 2, not of 0
    assert texts(ax)[0][3:] == ["75% zero"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["exactly 0"]


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        (np.zeros(10), ["100% zero", "DEAD"]),
        (np.ones(10), ["CONSTANT"]),
        (np.tanh(10 * GOOD), ["87% at the limits:", "SATURATED"]),
        (1 / (1 + np.exp(-10 * GOOD)), ["79% at the limits:", "SATURATED"]),
        (1 / (1 + np.exp(-GOOD)), []),
        (np.where(GOOD > 0, GOOD, 0.01 * GOOD), []),  # LeakyReLU
        (0.2 * np.where(GOOD > 0, GOOD, 0.01 * GOOD), []),
        (0.01 * abs(GOOD), []),
        (np.maximum(0.3 * GOOD, 0), ["52% zero"]),
        (2 * GOOD * (np.arange(5) % 2), ["60% zero"]),  # Dropout
        (np.array([1.0, 2.0, 1.0]), []),
        (np.array([0.0, 1.0, 1.0]), ["33% zero"]),
        (np.tanh(GOOD), []),
        (np.maximum(GOOD, 0), ["52% zero"]),
        (1e-12 * GOOD, []),
        (1e-305 * GOOD, []),
        (1 - 1e-16 * abs(GOOD), ["CONSTANT"]),
    ],
)
def test_writes_what_is_wrong(values, warning):
    ax = plots.activation_histograms({"layer": values})
    assert texts(ax)[0][3:] == warning
    ax.figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("model", "X", "text"),
    [
        (Tanh(), GOOD, "expected an nn.Sequential of at least one layer and samples X, or a mapping .*, got Tanh"),
        (Sequential(Tanh()), None, "Sequential without X"),
        ({}, None, "dict without X"),
        (Sequential(), GOOD, "of at least one layer"),
        (
            {"fc": np.array([1.0, np.nan])},
            None,
            "'fc' returned ndarray of shape .*, which is empty or has NaN or infinity",
        ),
        ({"fc": []}, None, "'fc' returned"),
    ],
)
def test_rejects_what_cannot_be_drawn(model, X, text):
    with pytest.raises(ValueError, match=text):
        plots.activation_histograms(model, X)


def test_layers_with_equal_names_are_two_layers():
    assert [lines[0] for lines in texts(plots.activation_histograms({1: GOOD, "1": GOOD}))] == ["1", "1"]
