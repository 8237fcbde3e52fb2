"""Comparisons: differences and distances as the slides have them, neighbours with their labels."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.plots.shared.texts import number

TEST = [[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]]
TRAINING = [[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]]
DIFFERENCE = [[46, 12, 14, 1], [82, 13, 39, 33], [12, 10, 0, 30], [2, 32, 22, 108]]  # the slide's


def texts(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
@pytest.mark.parametrize(("metric", "distance"), [("l1", "L1 distance 456"), ("l2", "L2 distance 162.11")])
def test_the_example_of_the_slides(dtype, metric, distance):
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


def test_numbers_are_written_where_their_pixels_are_and_told_from_them():
    ax = plots.image_difference(TEST, TRAINING)
    left, right, bottom, top = ax.images[1].get_extent()
    cell = ax.texts[5 + 16 + 7]  # the second image's row 1, column 3
    assert cell.get_text() == "100"
    assert cell.get_position() == pytest.approx((left + (right - left) * 7 / 8, top + (bottom - top) * 3 / 8))
    assert cell.get_color() == "white"
    assert ax.texts[5 + 14].get_color() == "black"  # 255


@settings(max_examples=20)
@given(*[arrays(np.uint8, 3 * 9 * 9)] * 2, st.sampled_from(["l1", "l2"]))
def test_distances_of_colours_never_wrap(first, second, metric):
    ax = plots.image_difference(first, second, metric=metric, ax=Figure().subplots())
    order = 1 if metric == "l1" else 2
    apart = [abs(int(a) - int(b)) ** order for a, b in zip(first, second, strict=True)]
    summed = np.reshape(apart, (3, 9, 9)).sum(axis=0)
    np.testing.assert_allclose(ax.images[2].get_array(), summed / max(summed.max(), 1))
    distance = sum(apart) ** (1 / order)
    assert float(texts(ax)[2].split()[-1].replace(",", "")) == pytest.approx(distance, rel=1e-3)
    assert len(texts(ax)) == 5  # no numbers in 9 × 9 pixels


def test_a_difference_on_the_axes_given():
    ax = Figure().subplots(2, 2)[1, 1]
    assert plots.image_difference(np.zeros(20), np.ones(20), shape=(1, 4, 5), ax=ax) is ax
    assert [image.get_array().shape for image in ax.images] == [(4, 5)] * 3
    assert max(text.get_fontsize() for text in ax.texts[5:]) < 9


@pytest.mark.parametrize(
    ("first", "second", "settings", "text"),
    [
        (TEST, TRAINING, {"metric": "cosine"}, "unknown metric 'cosine'; choose 'l1' or 'l2'"),
        (TEST, TRAINING[:2], {}, r"two images of one shape .*\(1, 4, 4\) and \(1, 2, 4\)"),
        (range(7), range(7), {}, "7 features make no square"),
        (TEST, np.full((4, 4), np.nan), {}, "finite numbers"),
    ],
)
def test_differences_that_there_are_not(first, second, settings, text):
    with pytest.raises(ValueError, match=text):
        plots.image_difference(first, second, **settings)


def test_numbers_are_short():
    got = [0, 456.0, 371942, 162.1111, 1234.567, 12.345678, 0.0012345]
    assert list(map(number, got)) == ["0", "456", "371,942", "162.11", "1,234.57", "12.35", "0.001234"]


def trace(k, features=48, **changes):
    rng = np.random.default_rng(0)
    fields = {
        "sample": rng.integers(256, size=features, dtype=np.uint8),
        "neighbour_samples": rng.integers(256, size=(k, features), dtype=np.uint8),
        "neighbour_labels": np.arange(k) % 2,
        "neighbour_distances": np.arange(k) + 100.0,
        "votes": {0: (k + 1) // 2, 1: k // 2},
        "answer": 0,
        "metric": "l1",
    }
    return SimpleNamespace(**{**fields, **changes})


@pytest.mark.parametrize("k", [1, 3, 20])
def test_neighbours_follow_their_sample(k):
    told = trace(k)
    ax = plots.neighbours(told, names=["cat", "dog"], title="near")
    for shown, pixels in zip(ax.images, [told.sample, *told.neighbour_samples], strict=True):
        np.testing.assert_allclose(shown.get_array(), np.moveaxis(pixels.reshape(3, 4, 4), 0, -1) / 255, rtol=1e-6)
    assert texts(ax)[0] == f"sample\n→ cat\nvotes: {(k + 1) // 2 / k:.0%}"
    assert texts(ax)[1:] == [f"{['cat', 'dog'][i % 2]}\nL1 {100 + i}" for i in range(k)]
    assert min(image.get_extent()[0] for image in ax.images[1:]) > ax.images[0].get_extent()[1]
    assert ax.get_title() == "near"


def test_neighbours_of_the_answers_class_are_framed():
    ax = plots.neighbours(trace(5))
    framed = {patch.get_x(): to_hex(patch.get_edgecolor()) for patch in ax.patches}
    lefts = [image.get_extent()[0] for image in ax.images]
    assert framed == {lefts[0]: "#000000", lefts[1]: "#0072b2", lefts[3]: "#0072b2", lefts[5]: "#0072b2"}
    assert [text.get_color() for text in ax.texts[1:4]] == ["#0072b2", "0.35", "#0072b2"]


def test_neighbours_by_weighted_votes_and_labels_of_any_kind():
    labels = np.array(["dog", "cat", "dog"])
    told = trace(3, neighbour_labels=labels, votes={"dog": 0.3, "cat": 0.1}, answer="dog", metric="l2")
    ax = Figure().subplots()
    assert plots.neighbours(told, ax=ax) is ax
    assert texts(ax)[:2] == ["sample\n→ dog\nvotes: 75%", "dog\nL2 100"]


def test_neighbours_that_are_no_images():
    with pytest.raises(ValueError, match=r"neighbours draws images, but 2 features make no square .* or another plot"):
        plots.neighbours(trace(3, features=2))


def test_small_and_huge_differences_are_told():
    assert texts(plots.image_difference([[0.001, 0.002]] * 2, np.zeros((2, 2))))[-2:] == ["0.001", "0.002"]
    ax = plots.image_difference(np.full((2, 2), 2**62 + 1), np.full((2, 2), 2**62))
    assert texts(ax)[-1] == "1"
    ax = plots.image_difference([[1e200, 0], [1e300, 0]], np.zeros((2, 2)), metric="l2")
    assert texts(ax)[2].endswith("L2 distance 1e+300")
    assert texts(ax)[-4:] == ["∞", "0", "∞", "0"]
    assert ax.images[0].get_array().max() == ax.images[2].get_array().max() == 1
    ax.figure.draw_without_rendering()


def test_measurements_are_no_images_and_distances_may_be_infinite():
    told = trace(2, features=4, neighbour_distances=np.array([1, np.inf]))
    assert texts(plots.neighbours(told))[-1].endswith("L1 ∞")
    told.sample, told.neighbour_samples = told.sample / 2, told.neighbour_samples / 2
    with pytest.raises(ValueError, match="4 features make no image by themselves, fewer than 64 and not uint8"):
        plots.neighbours(told)
    assert plots.neighbours(told, shape=(1, 2, 2))
