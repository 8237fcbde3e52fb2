"""Plots: the right lines, counts and images on the right axes."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.augmentation import Mirror
from classifiers.rate_range import RateRange
from classifiers.training import Epoch

HISTORY = [Epoch(1, 2.0, 0.3, 2.1, 0.25, {}, 0.1, 1.0), Epoch(2, 1.5, 0.4, 1.8, 0.35, {}, 0.1, 2.0)]


@pytest.mark.parametrize(
    ("plot", "training", "validation"),
    [(plots.loss_curves, [2.0, 1.5], [2.1, 1.8]), (plots.accuracy_curves, [0.3, 0.4], [0.25, 0.35])],
)
def test_both_lines(plot, training, validation):
    ax = plot(HISTORY, title="MLP")
    assert [list(line.get_ydata()) for line in ax.lines] == [training, validation]
    assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2], [1, 2]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training", "validation"]
    assert (ax.get_title(), ax.get_xlabel()) == ("MLP", "epoch")


def test_draws_on_the_axes_given_and_without_validation():
    ax = Figure().subplots()
    history = [epoch._replace(validation_loss=None, validation_accuracy=None) for epoch in HISTORY]
    assert plots.loss_curves(history, ax=ax) is ax
    assert len(ax.lines) == 1


def test_epochs_are_whole_numbers_even_if_there_is_but_one():
    for history in (HISTORY[:1], HISTORY):
        ticks = plots.loss_curves(history).get_xticks()
        assert all(float(tick).is_integer() for tick in ticks)


def test_rate_range_marks_the_suggestion_and_shows_what_was_before_the_end():
    rates, losses = np.geomspace(1e-4, 1, 5), np.array([2.0, 1.9, 1.0, 0.5, 500.0])
    ax = plots.rate_range(RateRange(rates, losses, losses), title="SGD")
    raw, smoothed, suggested = ax.lines
    assert (raw.get_ydata() == losses).all()
    assert (smoothed.get_xdata() == rates).all()
    assert suggested.get_xdata() == pytest.approx([0.01, 0.01])
    assert ax.get_legend().get_texts()[-1].get_text() == "suggested: 1.0e-02"
    assert ax.get_ylim()[0] < 0.5 < 2.0 < ax.get_ylim()[1] < 10
    assert (ax.get_xscale(), ax.get_title()) == ("log", "SGD")


def test_rate_range_without_a_suggestion():
    for losses in (np.array([1.0, 1.0, 1.0]), np.array([1.0, 2.0, 3.0])):
        ax = Figure().subplots()
        assert plots.rate_range(RateRange(np.geomspace(1e-4, 1, 3), losses, losses), ax=ax) is ax
        assert len(ax.lines) == 2


def test_confusion_matrix_has_counts_on_shares_of_the_row():
    ax = plots.confusion_matrix([[9, 1], [1500, 0]], ["cat", "a dog"])
    assert [text.get_text() for text in ax.texts] == ["9", "1", "1,500", "0"]
    assert [text.get_color() for text in ax.texts] == ["white", "black", "white", "black"]
    assert ax.texts[1].get_position() == (1, 0)
    np.testing.assert_allclose(ax.images[0].get_array(), [[0.9, 0.1], [1, 0]])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["cat", "a dog"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted class", "true class")


def test_confusion_matrix_of_many_classes_or_none_of_a_class():
    ax = Figure().subplots()
    assert plots.confusion_matrix(np.eye(21, dtype=int), ax=ax) is ax
    assert not ax.texts
    assert plots.confusion_matrix(np.zeros((2, 2), int)).images[0].get_array().max() == 0


@pytest.mark.parametrize("matrix", [np.eye(3), np.ones((2, 3)), np.ones(2)])
def test_confusion_matrix_with_other_names(matrix):
    with pytest.raises(ValueError, match=r"with a name for each class, but shape \(.*\) and 2 names came"):
        plots.confusion_matrix(matrix, ["cat", "dog"])


@pytest.mark.parametrize(("shape", "dtype"), [((3, 4, 5), np.uint8), ((1, 4, 5), np.uint8), ((1, 4, 5), np.float32)])
def test_augmentations_are_rows_of_one_image_the_original_first(shape, dtype):
    white = 255 if dtype == np.uint8 else 1
    images = (np.random.default_rng(0).random((2, *shape)) * white).astype(dtype)
    flat, mirror = images.reshape(2, -1), Mirror(shape=shape)
    ax = Figure().subplots()
    assert plots.augmentations(flat, mirror, 0, draws=3, shape=shape, ax=ax) is ax
    page = np.asarray(ax.images[0].get_array())
    assert page.shape[:2] == (2 * 6, 4 * 7)  # a white pixel around each image
    page = page.reshape(12, 28, shape[0])
    assert (page[0] == white).all()
    rng = np.random.default_rng(0)
    for column, expected in enumerate([flat, *(mirror(flat, rng) for _ in range(3))]):
        for row, image in enumerate(expected.reshape(2, *shape)):
            shown = page[6 * row + 1 : 6 * row + 5, 7 * column + 1 : 7 * column + 6]
            assert (shown == np.moveaxis(image, 0, -1)).all()
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["original", "changed at random"]


def test_a_history_without_an_epoch_is_refused():
    with pytest.raises(ValueError, match="there is no epoch to draw"):
        plots.loss_curves([])
