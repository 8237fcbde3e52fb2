"""plots.image_difference: two images, their differences and their distance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.figure import Figure

from classifiers import plots

TEST = [[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]]
TRAINING = [[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]]
DIFFERENCE = [[46, 12, 14, 1], [82, 13, 39, 33], [12, 10, 0, 30], [2, 32, 22, 108]]  # from the slide


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
@pytest.mark.parametrize(("metric", "distance"), [("l1", "L1 distance 456"), ("l2", "L2 distance 162.11")])
def test_the_example_of_cs231n(dtype, metric, distance):
    first, second = np.array(TEST, dtype), np.array(TRAINING, dtype)
    ax = plots.image_difference(first, second, metric=metric, title="slide")
    expected = np.array(DIFFERENCE) ** (1 if metric == "l1" else 2)
    np.testing.assert_allclose(ax.images[2].get_array(), expected / expected.max())
    assert texts(ax)[2].splitlines()[1] == distance
    assert texts(ax)[3:5] == ["−", "→"]
    cells = texts(ax)[5:]
    assert cells[:16] == [str(value) for row in TEST for value in row]
    assert cells[32:] == [f"{value:,}" for value in expected.flat]
    assert ax.get_title() == "slide"


def test_numbers_are_written_legibly_into_their_pixels():
    ax = plots.image_difference(TEST, TRAINING)
    left, right, bottom, top = ax.images[1].get_extent()
    cell = ax.texts[5 + 16 + 7]  # the second image's row 1, column 3
    assert cell.get_text() == "100"
    assert cell.get_position() == pytest.approx((left + (right - left) * 7 / 8, top + (bottom - top) * 3 / 8))
    assert cell.get_color() == "white"
    assert ax.texts[5 + 14].get_color() == "black"  # 255


@settings(max_examples=20)
@given(*[arrays(np.uint8, 3 * 9 * 9)] * 2, st.sampled_from(["l1", "l2"]))
def test_differences_of_bytes_do_not_wrap_around(first, second, metric):
    ax = plots.image_difference(first, second, metric=metric, ax=Figure().subplots())
    order = 1 if metric == "l1" else 2
    apart = [abs(int(a) - int(b)) ** order for a, b in zip(first, second, strict=True)]
    summed = np.reshape(apart, (3, 9, 9)).sum(axis=0)
    np.testing.assert_allclose(ax.images[2].get_array(), summed / max(summed.max(), 1))
    distance = sum(apart) ** (1 / order)
    assert float(texts(ax)[2].split()[-1].replace(",", "")) == pytest.approx(distance, rel=1e-3)
    assert len(texts(ax)) == 5  # no numbers in 9 × 9 pixels


def test_draws_on_the_given_axes():
    ax = Figure().subplots(2, 2)[1, 1]
    assert plots.image_difference(np.zeros(20), np.ones(20), shape=(1, 4, 5), ax=ax) is ax
    assert [image.get_array().shape for image in ax.images] == [(4, 5)] * 3
    assert max(text.get_fontsize() for text in ax.texts[5:]) < 9


@pytest.mark.parametrize(
    ("first", "second", "settings", "text"),
    [
        (TEST, TRAINING, {"metric": "cosine"}, "expected metric 'l1' or 'l2', got 'cosine'"),
        (TEST, TRAINING[:2], {}, r"two images of one shape .*\(1, 4, 4\) and \(1, 2, 4\)"),
        (range(7), range(7), {}, "7 features, which do not fit a square"),
        (TEST, np.full((4, 4), np.nan), {}, "finite numbers"),
    ],
)
def test_rejects_what_cannot_be_compared(first, second, settings, text):
    with pytest.raises(ValueError, match=text):
        plots.image_difference(first, second, **settings)


def test_writes_small_and_huge_differences():
    assert texts(plots.image_difference([[0.001, 0.002]] * 2, np.zeros((2, 2))))[-2:] == ["0.001", "0.002"]
    ax = plots.image_difference(np.full((2, 2), 2**62 + 1), np.full((2, 2), 2**62))
    assert texts(ax)[-1] == "1"
    ax = plots.image_difference([[1e200, 0], [1e300, 0]], np.zeros((2, 2)), metric="l2")
    assert texts(ax)[2].endswith("L2 distance 1e+300")
    assert texts(ax)[-4:] == ["∞", "0", "∞", "0"]
    assert ax.images[0].get_array().max() == ax.images[2].get_array().max() == 1
    ax.figure.draw_without_rendering()
