"""Losses: the slides' numbers, stability, and what they refuse."""

import numpy as np
import pytest

from autograd import Tensor, gradcheck
from nn import CrossEntropyLoss, HingeLoss, Linear

# The slides' three images (cat, car, frog) and their scores for the classes cat, car, frog.
SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
LABELS = np.array([0, 1, 2])


def test_hinge_of_the_slides():
    each = [HingeLoss()(Tensor(SCORES[[i]]), LABELS[[i]]).item() for i in range(3)]
    assert each == pytest.approx([2.9, 0, 12.9])  # the slide's 10.9 drops the +1 of 2.2 + 3.1 + 1 and 2.5 + 3.1 + 1
    assert HingeLoss()(Tensor(SCORES), LABELS).item() == pytest.approx(5.27, abs=0.005)


def test_softmax_and_cross_entropy_of_the_slides():
    each = [CrossEntropyLoss()(Tensor(SCORES[[i]]), LABELS[[i]]).item() for i in range(3)]
    assert np.round(each, 4).tolist() == [2.0404, 0.0791, 6.1565]
    probabilities = [np.exp(-CrossEntropyLoss()(Tensor(SCORES[[0]]), [label]).item()) for label in range(3)]
    assert np.round(probabilities, 3).tolist() == [0.130, 0.869, 0.001]
    assert CrossEntropyLoss()(Tensor(SCORES), LABELS).item() == pytest.approx(np.mean(each))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_a_thousand(dtype):
    scores = Tensor([[1000, -1000, 0], [-1000, 1000, 0]], dtype=dtype, requires_grad=True)
    for loss, expected in ((CrossEntropyLoss(), 1000.0), (HingeLoss(), 1501.0)):
        scores.zero_grad()
        out = loss(scores, [0, 0])
        out.backward()
        assert out.item() == expected
        assert np.isfinite(scores.grad).all()


def test_losses_at_the_start_of_training():
    scores = Linear(50, 10, init=lambda shape, rng: rng.normal(0, 1e-4, shape), rng=0)(np.ones((100, 50)))
    labels = np.arange(100) % 10
    assert HingeLoss()(scores, labels).item() == pytest.approx(9, abs=0.01)
    assert CrossEntropyLoss()(scores, labels).item() == pytest.approx(2.3026, abs=0.001)


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), HingeLoss(), HingeLoss(margin=0.3)])
def test_gradients(loss):
    assert gradcheck(lambda scores: loss(scores, LABELS), SCORES)


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), HingeLoss()])
@pytest.mark.parametrize(
    ("scores", "labels", "error", "match"),
    [
        (SCORES, [0, 1, 3], ValueError, r"between 0 and 2 for scores of 3 classes, but label 3 came at row 2"),
        (SCORES, [0, -1, 1], ValueError, r"label -1 came at row 1"),
        (SCORES, [0.0, 1.0, 2.0], TypeError, r"integers of shape \(3,\).*dtype float64"),
        (SCORES, ["a", "b", "c"], TypeError, r"integers of shape \(3,\)"),
        (SCORES, [0, 1], ValueError, r"of shape \(3,\).*of shape \(2,\)"),
        (SCORES, [[0, 1, 2]], ValueError, r"of shape \(1, 3\)"),
        (SCORES[0], [0, 1, 2], ValueError, r"shape \(n, classes\).*shape \(3,\)"),
        (SCORES[:0], [], ValueError, r"n and classes at least 1"),
        (SCORES.astype(int), [0, 1, 2], ValueError, r"floats.*int64"),
    ],
)
def test_what_does_not_fit_is_refused(loss, scores, labels, error, match):
    with pytest.raises(error, match=match) as caught:
        loss(Tensor(scores), labels)
    assert type(loss).__name__ in str(caught.value)


def test_labels_may_be_a_tensor_or_of_any_integer_kind():
    for labels in (Tensor(LABELS), LABELS.astype(np.uint8), LABELS.tolist()):
        assert CrossEntropyLoss()(Tensor(SCORES), labels).item() == pytest.approx(2.7587, abs=1e-4)


def test_margin_must_be_positive():
    assert repr(HingeLoss(2)) == "HingeLoss(margin=2.0)"
    with pytest.raises(ValueError, match=r"margin must be above 0, but 0 came"):
        HingeLoss(0)


def test_labels_that_change_later_do_not_reach_the_walk():
    labels, scores = LABELS.copy(), Tensor(SCORES, requires_grad=True)
    out = CrossEntropyLoss()(scores, labels)
    labels[:] = 0
    out.backward()
    assert (scores.grad.argmin(axis=1) == LABELS).all()
