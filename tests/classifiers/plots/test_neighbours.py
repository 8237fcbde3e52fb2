"""plots.neighbours: a sample and its nearest neighbours."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from classifiers import plots


def texts(ax):
    return [text.get_text() for text in ax.texts]


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
def test_draws_a_sample_and_then_its_neighbours(k):
    given = trace(k)
    ax = plots.neighbours(given, names=["cat", "dog"], title="near")
    for shown, pixels in zip(ax.images, [given.sample, *given.neighbour_samples], strict=True):
        np.testing.assert_allclose(shown.get_array(), np.moveaxis(pixels.reshape(3, 4, 4), 0, -1) / 255, rtol=1e-6)
    assert texts(ax)[0] == f"sample\n→ cat\nvotes: {(k + 1) // 2 / k:.0%}"
    assert texts(ax)[1:] == [f"{['cat', 'dog'][i % 2]}\nL1 {100 + i}" for i in range(k)]
    assert min(image.get_extent()[0] for image in ax.images[1:]) > ax.images[0].get_extent()[1]
    assert ax.get_title() == "near"


def test_frames_neighbours_of_the_predicted_class():
    ax = plots.neighbours(trace(5))
    framed = {patch.get_x(): to_hex(patch.get_edgecolor()) for patch in ax.patches}
    lefts = [image.get_extent()[0] for image in ax.images]
    assert framed == {lefts[0]: "#000000", lefts[1]: "#0072b2", lefts[3]: "#0072b2", lefts[5]: "#0072b2"}
    assert [text.get_color() for text in ax.texts[1:4]] == ["#0072b2", "0.35", "#0072b2"]


def test_weighted_votes_and_labels_that_are_names():
    labels = np.array(["dog", "cat", "dog"])
    given = trace(3, neighbour_labels=labels, votes={"dog": 0.3, "cat": 0.1}, answer="dog", metric="l2")
    ax = Figure().subplots()
    assert plots.neighbours(given, ax=ax) is ax
    assert texts(ax)[:2] == ["sample\n→ dog\nvotes: 75%", "dog\nL2 100"]


def test_rejects_samples_that_are_not_images():
    with pytest.raises(
        ValueError,
        match=r"neighbours expected images, got 2 features, which do not fit a square .* or use another plot",
    ):
        plots.neighbours(trace(3, features=2))


def test_measurements_are_not_images_and_distances_may_be_infinite():
    given = trace(2, features=4, neighbour_distances=np.array([1, np.inf]))
    assert texts(plots.neighbours(given))[-1].endswith("L1 ∞")
    given.sample, given.neighbour_samples = given.sample / 2, given.neighbour_samples / 2
    with pytest.raises(
        ValueError, match="4 features, which do not fit an image for certain, as they are fewer than 64 and not uint8"
    ):
        plots.neighbours(given)
    assert plots.neighbours(given, shape=(1, 2, 2))
