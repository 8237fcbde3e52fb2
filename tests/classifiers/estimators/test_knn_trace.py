"""Trace: the five steps of a prediction, in numbers and in words."""

import numpy as np
import pytest

from classifiers import KNeighborsClassifier, Trace

IMAGE = np.array([[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]], np.uint8)
KNOWN = np.array([[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]], np.uint8)
SAMPLES = np.stack([255 - IMAGE, KNOWN, IMAGE, KNOWN]).reshape(4, 16)
NAMES = ["dog", "dog", "cat", "cat"]


@pytest.mark.parametrize(("metric", "expected"), [("l1", 456), ("l2", 162.11)])
def test_every_step_has_its_numbers(metric, expected):
    trace = KNeighborsClassifier(3, metric=metric).fit(SAMPLES, NAMES).trace(IMAGE.ravel())
    assert isinstance(trace, Trace)
    assert (trace.sample == IMAGE.ravel()).all()
    assert trace.distances[1:].round(2).tolist() == [expected, 0, expected]
    assert trace.order.tolist() == [2, 3, 1, 0]  # at the same distance, cat precedes dog
    assert trace.neighbours.tolist() == [2, 3, 1]
    assert trace.neighbour_distances.round(2).tolist() == [0, expected, expected]
    assert trace.neighbour_labels.tolist() == ["cat", "cat", "dog"]
    assert (trace.neighbour_samples == SAMPLES[[2, 3, 1]]).all()
    assert trace.neighbour_samples.dtype == np.uint8
    assert list(trace.votes.items()) == [("cat", 2), ("dog", 1)]
    assert (trace.answer, trace.metric) == ("cat", metric)


def test_str_describes_the_five_steps():
    trace = KNeighborsClassifier(3, metric="l1").fit(SAMPLES, NAMES).trace(IMAGE.ravel())
    assert str(trace) == (
        "1. distances Σ|x − known| from x to all 4 known samples\n"
        f"   {int(trace.distances[0])}, 456, 0, 456\n"
        "2. sorted, the nearest first\n"
        f"   0 (sample 2), 456 (sample 3), 456 (sample 1), {int(trace.distances[0])} (sample 0)\n"
        "3. the 3 nearest\n"
        "   sample 2: distance 0, class cat\n"
        "   sample 3: distance 456, class cat\n"
        "   sample 1: distance 456, class dog\n"
        "4. votes\n"
        "   class cat: 2\n"
        "   class dog: 1\n"
        "5. answer: class cat"
    )


def test_str_says_how_a_tie_is_broken():
    model = KNeighborsClassifier(2).fit([[0.0], [1.0], [3.0]], [7, 5, 5])
    assert str(model.trace([0.4])).endswith("class 7 (of those with the most votes, it has the nearest sample)")
    weighted = model.set_params(weights="distance").trace([0.25])
    assert list(weighted.votes.items()) == [(7, 1.0), (5, pytest.approx(1 / 3))]
    assert "√Σ(x − known)²" in str(weighted)


def test_str_shortens_long_lists():
    points = np.arange(1000.0)[:, None]
    first, second = str(KNeighborsClassifier(1).fit(points, points[:, 0] > 5).trace([0.0])).splitlines()[:2]
    assert first.endswith("all 1,000 known samples")
    assert second.strip() == "0, 1, 2, 3, 4, ..."


def test_accepts_a_single_sample_only():
    model = KNeighborsClassifier(1).fit(SAMPLES, NAMES)
    for sample in (IMAGE.ravel(), IMAGE.reshape(1, 16), IMAGE.ravel().tolist()):
        assert model.trace(sample).answer == "cat"
    with pytest.raises(ValueError, match=r"trace expected one sample .* ndarray of shape \(4, 16\) and dtype uint8"):
        model.trace(SAMPLES)
    with pytest.raises(ValueError, match="X has 3 features"):
        model.trace([1, 2, 3])
