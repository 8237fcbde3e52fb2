"""Losses reproduce the numbers on the slides, are stable, and reject wrong inputs."""

import numpy as np
import pytest

from autograd import Tensor
from nn import CrossEntropyLoss, HingeLoss, Linear, MSELoss

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
    rng = np.random.default_rng(0)
    scores = Linear(50, 10, init="normal", rng=rng)(rng.normal(size=(1000, 50)))
    labels = np.arange(1000) % 10
    assert HingeLoss()(scores, labels).item() == pytest.approx(9, abs=0.1)
    assert CrossEntropyLoss()(scores, labels).item() == pytest.approx(2.3026, abs=0.01)


@pytest.mark.parametrize("loss", [CrossEntropyLoss(), HingeLoss()])
@pytest.mark.parametrize(
    ("scores", "labels", "error", "match"),
    [
        (SCORES, [0, 1, 3], ValueError, r"between 0 and 2 for scores of 3 classes, got label 3 at row 2"),
        (SCORES, [0, -1, 1], ValueError, r"label -1 at row 1"),
        (SCORES, [0.0, 1.0, 2.0], TypeError, r"integers of shape \(3,\).*dtype float64"),
        (SCORES, ["a", "b", "c"], TypeError, r"integers of shape \(3,\)"),
        (SCORES, [0, 1], ValueError, r"of shape \(3,\).*of shape \(2,\)"),
        (SCORES, [[0, 1, 2]], ValueError, r"of shape \(1, 3\)"),
        (SCORES[0], [0, 1, 2], ValueError, r"shape \(n, classes\).*shape \(3,\)"),
        (SCORES[:0], [], ValueError, r"n and classes at least 1"),
        (SCORES.astype(int), [0, 1, 2], ValueError, r"floats.*int64"),
    ],
)
def test_rejects_wrong_scores_and_labels(loss, scores, labels, error, match):
    with pytest.raises(error, match=match) as caught:
        loss(Tensor(scores), labels)
    assert type(loss).__name__ in str(caught.value)


def test_labels_are_a_tensor_a_list_or_of_any_integer_dtype():
    for labels in (Tensor(LABELS), LABELS.astype(np.uint8), LABELS.tolist()):
        assert CrossEntropyLoss()(Tensor(SCORES), labels).item() == pytest.approx(2.7587, abs=1e-4)


def test_margin_must_be_positive():
    assert repr(HingeLoss(2)) == "HingeLoss(margin=2.0)"
    with pytest.raises(ValueError, match=r"margin must be above 0, got 0"):
        HingeLoss(0)


def test_labels_are_copied():
    labels, scores = LABELS.copy(), Tensor(SCORES, requires_grad=True)
    out = CrossEntropyLoss()(scores, labels)
    labels[:] = 0
    out.backward()
    assert (scores.grad.argmin(axis=1) == LABELS).all()


# Reductions


@pytest.mark.parametrize("kind", [CrossEntropyLoss, HingeLoss, MSELoss])
def test_reductions(kind):
    targets = SCORES[::-1] if kind is MSELoss else LABELS
    each, total, mean = (kind(reduction=how)(Tensor(SCORES), targets).data for how in ("none", "sum", "mean"))
    assert each.shape == (SCORES.shape if kind is MSELoss else LABELS.shape)
    assert total == pytest.approx(each.sum())
    assert mean == pytest.approx(each.mean())
    assert repr(kind(reduction="sum")) == f"{kind.__name__}(reduction='sum')"
    with pytest.raises(ValueError, match=r"reduction must be one of mean, sum, none, got 'average'"):
        kind(reduction="average")


# Squared hinge


def test_squared_hinge_of_the_slides():
    assert HingeLoss(squared=True)(Tensor(SCORES[[0]]), [0]).item() == pytest.approx(2.9**2)
    assert HingeLoss(squared=True)(Tensor(SCORES[[2]]), [2]).item() == pytest.approx(6.3**2 + 6.6**2)
    assert repr(HingeLoss(squared=True)) == "HingeLoss(squared=True)"


# Cross-entropy of distributions, smoothed and weighted


def test_one_hot_targets_equal_labels():
    onehot = np.eye(3)[LABELS]
    for options in ({}, {"label_smoothing": 0.1}):
        loss = CrossEntropyLoss(reduction="sum", **options)
        assert loss(Tensor(SCORES), onehot).item() == pytest.approx(loss(Tensor(SCORES), LABELS).item())


def test_label_smoothing():
    loss, smooth = CrossEntropyLoss(), CrossEntropyLoss(label_smoothing=0.3)
    for n in (1, 2, 3):  # also with another number of samples than of classes
        scores, labels = Tensor(SCORES[:n]), LABELS[:n]
        everywhere = np.mean([loss(scores, [label] * n).item() for label in range(3)])
        expected = 0.7 * loss(scores, labels).item() + 0.3 * everywhere
        assert smooth(scores, labels).item() == pytest.approx(expected)


def test_class_weights_equal_repeated_samples():
    weighted = CrossEntropyLoss(weight=[1, 2, 3])(Tensor(SCORES), LABELS).item()
    often = np.repeat([0, 1, 2], [1, 2, 3])
    assert weighted == pytest.approx(CrossEntropyLoss()(Tensor(SCORES[often]), LABELS[often]).item())


def test_class_weights_with_scores_of_minus_infinity():
    scores = Tensor([[0.0, -np.inf, 1.0], [0.0, 1.0, -np.inf]], requires_grad=True)
    loss = CrossEntropyLoss(weight=[1.0, 1.0, 2.0])(scores, [0, 1])
    loss.backward()
    assert np.isfinite(loss.data)
    assert np.isfinite(scores.grad).all()


def test_gradient_of_targets():
    loss = CrossEntropyLoss(label_smoothing=0.2, weight=[1.0, 2.0, 0.5], reduction="sum")
    targets = np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0], [0.1, 0.8, 0.1]])
    q = Tensor(targets, requires_grad=True)
    loss(Tensor(SCORES), q).backward()
    log_softmax = SCORES - np.log(np.exp(SCORES).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(q.grad, -0.8 * np.array([1.0, 2.0, 0.5]) * log_softmax)


def test_targets_are_copied():
    targets, scores = np.eye(3), Tensor(SCORES, requires_grad=True)
    out = CrossEntropyLoss()(scores, targets)
    targets[:] = 0
    out.backward()
    assert (scores.grad.argmin(axis=1) == [0, 1, 2]).all()


def test_arguments_and_repr():
    loss = CrossEntropyLoss(label_smoothing=0.1, weight=np.array([1, 2, 3], np.float32))
    assert loss.arguments() == {"label_smoothing": 0.1, "weight": [1.0, 2.0, 3.0], "reduction": "mean"}
    assert repr(loss) == "CrossEntropyLoss(label_smoothing=0.1, weight=[1.0, 2.0, 3.0])"
    assert repr(CrossEntropyLoss()) == "CrossEntropyLoss()"


@pytest.mark.parametrize(
    ("targets", "match"),
    [
        ([[0.5, 0.5, 0.1], [1, 0, 0], [1, 0, 0]], r"got \[0\.5, 0\.5, 0\.1\] in row 0"),
        ([[1, 0, 0], [1.5, -0.5, 0], [1, 0, 0]], r"got \[1\.5, -0\.5, 0\.0\] in row 1"),
        ([[1, 0, 0], [1, 0, 0], [np.nan, 0, 0]], r"got \[nan, 0\.0, 0\.0\] in row 2"),
        ([[0.5, 0.5]], r"floats of shape \(3, 3\) .* got ndarray of shape \(1, 2\) and dtype float64"),
    ],
)
def test_rejects_targets_that_are_not_distributions(targets, match):
    with pytest.raises(ValueError, match=match):
        CrossEntropyLoss()(Tensor(SCORES), np.array(targets, float))


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"label_smoothing": 1.5}, "label_smoothing must be from 0 to 1, got 1.5"),
        ({"weight": [1.0, -1.0]}, "finite numbers of at least 0 in a flat list"),
        ({"weight": [[1.0, 2.0]]}, "finite numbers of at least 0 in a flat list"),
        ({"weight": [np.nan]}, "finite numbers of at least 0 in a flat list"),
    ],
)
def test_settings_of_cross_entropy_are_checked(options, match):
    with pytest.raises(ValueError, match=match):
        CrossEntropyLoss(**options)


def test_rejects_class_weights_of_another_length():
    with pytest.raises(ValueError, match=r"expected scores of 2 classes, one for each class weight, got 3 classes"):
        CrossEntropyLoss(weight=[1.0, 2.0])(Tensor(SCORES), LABELS)


# Mean squared error


def test_mean_squared_error():
    out = MSELoss()(Tensor([[1.0], [2.0]], dtype=np.float32), np.array([[0.0], [4.0]]))
    assert out.item() == 2.5
    assert out.dtype == np.float32
    assert MSELoss()(Tensor([1.0, 2.0]), [0, 4]).item() == 2.5


@pytest.mark.parametrize(
    ("predictions", "targets"),
    [(np.ones((3, 1)), np.ones(3)), (np.ones(3), 1.0), (np.ones(3, int), np.ones(3)), (np.ones(0), np.ones(0))],
)
def test_rejects_targets_of_another_shape(predictions, targets):
    with pytest.raises(ValueError, match=r"predictions, a Tensor of floats, and targets of the same shape"):
        MSELoss()(Tensor(predictions), targets)


@pytest.mark.parametrize(
    "loss",
    [CrossEntropyLoss(), CrossEntropyLoss(label_smoothing=0.1), HingeLoss(), HingeLoss(squared=True), MSELoss()],
    ids=repr,
)
def test_sample_weights_equal_repeated_samples(loss):
    rng = np.random.default_rng(0)
    outputs, counts = rng.normal(size=(6, 3)), np.array([1, 2, 0, 3, 1, 5])
    targets = rng.normal(size=(6, 3)) if isinstance(loss, MSELoss) else rng.integers(3, size=6)
    weighted = Tensor(outputs, requires_grad=True)
    value = loss(weighted, targets, counts / counts.mean())
    value.backward()
    repeated = Tensor(np.repeat(outputs, counts, axis=0), requires_grad=True)
    again = loss(repeated, np.repeat(targets, counts, axis=0))
    again.backward()
    assert value.item() == pytest.approx(again.item(), rel=1e-12)
    places = np.repeat(np.arange(6), counts)
    summed = np.zeros_like(outputs)
    np.add.at(summed, places, repeated.grad)
    np.testing.assert_allclose(weighted.grad, summed, rtol=1e-12, atol=1e-15)
    assert loss(Tensor(outputs, dtype=np.float32), targets, counts).dtype == np.float32


@pytest.mark.parametrize(
    "wrong", [[1.0, 2.0], [1.0, -1.0, 1.0], [1.0, np.nan, 1.0], ["a", "b", "c"], [[1.0], [1], [1]]]
)
def test_rejects_wrong_sample_weights(wrong):
    with pytest.raises(ValueError, match="HingeLoss expected sample_weight as 3 finite numbers of at least 0"):
        HingeLoss()(Tensor(np.zeros((3, 2))), [0, 1, 0], wrong)


@pytest.mark.parametrize("dtype", [int, np.uint8, bool])
@pytest.mark.parametrize("loss", [CrossEntropyLoss(), HingeLoss()])
def test_one_hot_labels_are_told_the_way_out(loss, dtype):
    with pytest.raises((TypeError, ValueError), match=r"labels\.argmax\(axis=1\)") as caught:
        loss(Tensor([[1.0, 2.0], [1.0, 2.0]]), np.eye(2, dtype=dtype))
    assert ("class probabilities" in str(caught.value)) == isinstance(loss, CrossEntropyLoss)


def test_labels_in_a_column_are_told_the_way_out():
    for loss in (CrossEntropyLoss(), HingeLoss()):
        with pytest.raises(ValueError, match=r"pass labels\.ravel\(\)"):
            loss(Tensor([[1.0, 2.0], [1.0, 2.0]]), np.array([[0], [1]]))
    with pytest.raises(TypeError, match=r"labels\.argmax\(axis=1\)$"):
        HingeLoss()(Tensor([[1.0, 2.0], [1.0, 2.0]]), np.eye(2))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("class_weights", [None, [0.5, 2.0, 3.0]])
def test_sample_weights_count_as_repeated_samples(class_weights, smoothing, reduction):
    """With class weights the mean divides by the weights of the samples, so that it is that of the repeated ones."""
    rng = np.random.default_rng(0)
    logits, labels, counts = rng.normal(size=(5, 3)), np.array([0, 2, 1, 2, 0]), np.array([3, 1, 0, 2, 4])
    loss = CrossEntropyLoss(weight=class_weights, label_smoothing=smoothing, reduction=reduction)
    x, repeated = (Tensor(array, requires_grad=True) for array in (logits, logits.repeat(counts, axis=0)))
    # without class weights the mean divides by the number of samples, so sample weights have the mean 1
    weights = counts / counts.mean() if class_weights is None and reduction == "mean" else counts
    weighted, expected = loss(x, labels, weights), loss(repeated, labels.repeat(counts))
    assert weighted.item() == pytest.approx(expected.item(), rel=1e-12)
    weighted.backward()
    expected.backward()
    of_rows = np.zeros_like(logits)
    np.add.at(of_rows, np.arange(5).repeat(counts), repeated.grad)
    np.testing.assert_allclose(x.grad, of_rows, rtol=1e-12, atol=1e-15)
