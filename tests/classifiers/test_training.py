"""The training loop: what an epoch's numbers mean, and that the loop leaves nothing behind."""

import numpy as np
import pytest

from classifiers.training import Epoch, evaluate, predict_scores, train
from nn import CrossEntropyLoss, Dropout, Linear, Sequential, optim
from nn.schedules import OneCycle

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)


def run(lr=0.1, epochs=3, **settings):
    model = Sequential(Linear(4, 2, rng=0, dtype=float), Dropout(0.0))
    optimizer = optim.SGD(model.parameters(), lr=lr)
    schedule = OneCycle(optimizer, total_steps=epochs * 4)
    seen = []

    def prepare(batch):
        seen.append(batch)
        return batch

    settings = {"prepare": prepare, "epochs": epochs, "batch_size": 16, "rng": np.random.default_rng(1), **settings}
    history = train(model, CrossEntropyLoss(), optimizer, schedule, (X, LABELS), **settings)
    return model, history, seen


def test_every_sample_is_seen_once_an_epoch_in_another_order_each_time():
    _, _, seen = run(epochs=2)
    assert [len(batch) for batch in seen] == [16, 16, 16, 2] * 2
    first, second = np.concatenate(seen[:4]), np.concatenate(seen[4:])
    assert (np.sort(first, axis=0) == np.sort(X, axis=0)).all()
    assert (np.sort(second, axis=0) == np.sort(X, axis=0)).all()
    assert (first != second).any()


def test_an_epochs_numbers_are_means_over_its_samples():
    model, history, _ = run(lr=1e-12, epochs=2)  # so slow that the model stays what it was
    loss, accuracy = evaluate(model, CrossEntropyLoss(), (X, LABELS), lambda batch: batch)
    for epoch in history:
        assert epoch.loss == pytest.approx(loss, rel=1e-6)
        assert epoch.accuracy == pytest.approx(accuracy)
    assert [epoch.number for epoch in history] == [1, 2]


def test_validation_is_measured_in_evaluation_mode():
    model, history, _ = run(epochs=2, validation=(X[:10], LABELS[:10]))
    assert evaluate(model, CrossEntropyLoss(), (X[:10], LABELS[:10]), lambda batch: batch) == (
        history[-1].validation_loss,
        history[-1].validation_accuracy,
    )
    assert not model.training


def test_scores_come_in_blocks_and_record_nothing(monkeypatch):
    model, _, _ = run(epochs=1)
    whole = predict_scores(model, X, lambda batch: batch)
    monkeypatch.setattr("classifiers.training.EVALUATED", 7)
    np.testing.assert_allclose(predict_scores(model, X, lambda batch: batch), whole, rtol=1e-12)
    assert whole.shape == (50, 2)


def test_a_line_for_each_epoch():
    assert str(Epoch(3, 1.5, 0.25, None, None, 2.0)) == "epoch   3  loss 1.5000  training  25.00%    2.0 s"
    assert "validation  50.00%" in str(Epoch(3, 1.5, 0.25, 1.0, 0.5, 2.0))
