"""The 4×4 example: sums without NumPy, and the same sums from the classifier, which accepts bytes."""

import math
import re

import distance
import pytest

from classifiers import KNeighborsClassifier

PAIRS = list(zip(distance.TEST_IMAGE.ravel().tolist(), distance.TRAINING_IMAGE.ravel().tolist(), strict=True))


def test_what_is_printed_adds_up(at_defaults):
    output, _ = at_defaults("distance")
    terms, total = re.search(r"Σ\|difference\| = ([\d +]+) = (\d+)", output).groups()
    assert list(map(int, terms.split(" + "))) == [abs(a - b) for a, b in PAIRS]
    assert int(total) == sum(abs(a - b) for a, b in PAIRS) == 456
    a, b, wrapped, negative, wrong = map(
        int, re.search(r"(\d+) − (\d+) is (\d+), not −(\d+), .* (\d+)$", output, re.M).groups()
    )
    assert (a, b) in PAIRS
    assert wrapped == (a - b) % 256
    assert negative == b - a > 0
    assert wrong == sum((a - b) % 256 for a, b in PAIRS) == 1128


@pytest.mark.parametrize(("metric", "expected"), [("l1", 456), ("l2", math.sqrt(sum((a - b) ** 2 for a, b in PAIRS)))])
def test_the_classifier_measures_bytes_without_wrapping(metric, expected):
    test, training = distance.TEST_IMAGE.reshape(1, -1), distance.TRAINING_IMAGE.reshape(1, -1)
    knn = KNeighborsClassifier(1, metric=metric).fit([training[0], 255 - test[0]], [0, 1])
    assert knn.kneighbors(test)[0] == pytest.approx(expected)
