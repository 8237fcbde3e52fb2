"""The range test: rates grow until the loss diverges, and the arguments are not changed."""

import pickle

import numpy as np
import pytest

from nn import CrossEntropyLoss, Dropout, Linear, ReLU, Sequential, optim
from nn.training.rate_range import RateRange, rate_range_test

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 4)).astype(np.float32)
LABELS = (X[:, 0] > X[:, 1]).astype(int)


def parts():
    model = Sequential(Linear(4, 8, rng=0), ReLU(), Dropout(0.2, rng=1), Linear(8, 2, rng=2))
    return model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.1, momentum=0.5)


def run(given=None, **settings):
    return rate_range_test(*(given or parts()), (X, LABELS), **{"batch_size": 32, "steps": 60, "rng": 0, **settings})


def test_rates_grow_exponentially_until_the_loss_diverges():
    result = run(highest=1e6, steps=120)
    assert len(result.rates) == len(result.losses) == len(result.smoothed) < 120
    np.testing.assert_allclose(result.rates[1:] / result.rates[:-1], 1e12 ** (1 / 119))
    assert result.rates[0] == pytest.approx(1e-6)
    assert result.smoothed[-1] > 4 * result.smoothed.min()
    assert (result.smoothed[:-1] <= 4 * np.minimum.accumulate(result.smoothed[:-1])).all()
    assert np.isfinite(result.losses).all()


def test_takes_all_steps_if_the_loss_does_not_diverge():
    result = run(highest=1e-3)
    assert len(result.rates) == 60
    assert result.rates[-1] == pytest.approx(1e-3)
    expected = result.losses[0]
    for loss, smoothed in zip(result.losses, result.smoothed, strict=True):
        expected = 0.9 * expected + 0.1 * loss
        assert smoothed == pytest.approx(expected)


@pytest.mark.parametrize("share", [False, True])
def test_changes_none_of_its_arguments(share):
    """Weights, gradients, the optimiser's state and generators are unchanged, even a generator that two parts share."""
    model, loss, optimizer = given = parts()
    loss(model(X), LABELS).backward()
    optimizer.step()
    model.eval()
    rng = model[2].rng if share else np.random.default_rng(3)
    before, gradients = pickle.dumps((given, rng)), [parameter.grad.copy() for parameter in model.parameters()]
    first = run(given, rng=rng)
    assert pickle.dumps((given, rng)) == before
    assert all((p.grad == was).all() for p, was in zip(model.parameters(), gradients, strict=True))
    assert not model.training
    assert (run(given, rng=rng).losses == first.losses).all()
    assert (run(given, rng=4).losses != first.losses).any()


def test_a_model_in_evaluation_mode_is_tested_in_training_mode():
    model, loss, optimizer = parts()
    model.eval()
    assert (run((model, loss, optimizer)).losses == run().losses).all()


def test_each_step_trains_a_copy_at_its_rate():
    """On a linear model without dropout, the losses of each step are those computed by hand."""
    model = Sequential(Linear(4, 2, rng=0))
    optimizer = optim.SGD(model.parameters(), lr=1)
    result = run((model, CrossEntropyLoss(), optimizer), batch_size=len(X), lowest=1e-3, highest=1.0, steps=10)
    for rate, expected in zip(result.rates, result.losses, strict=True):
        loss = CrossEntropyLoss()(model(X), LABELS)
        assert loss.item() == pytest.approx(expected, rel=1e-5)
        optimizer.lr = rate
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert result.losses[-1] < result.losses[0]


def test_samples_are_augmented_in_each_step():
    seen = []

    def augment(batch, rng):
        assert batch.shape == (32, 4)
        seen.append(batch + rng.normal())
        return seen[-1]

    run(augment=augment, steps=5)
    assert len(seen) == 5
    assert not any((row == X).all(axis=1).any() for batch in seen for row in batch)


def test_rejects_an_optimiser_of_another_model():
    model, loss, _ = parts()
    with pytest.raises(ValueError, match="this optimizer belongs to another model"):
        run((model, loss, parts()[2]))


def test_accepts_fewer_samples_than_a_batch():
    assert len(run(batch_size=1000, steps=3, highest=1e-5).losses) == 3


def test_suggests_the_rate_at_which_the_smoothed_loss_falls_fastest():
    rates, smoothed = np.geomspace(1e-3, 1e3, 7), np.array([2.0, 2.0, 1.9, 1.0, 0.5, 0.4, 3.0])
    assert RateRange(rates, smoothed, smoothed).suggested == pytest.approx(1.0)
    assert RateRange(rates, smoothed, np.arange(7.0)).suggested is None
    result = run()
    assert result.rates[0] < result.suggested < result.rates[result.smoothed.argmin()]


@pytest.mark.parametrize("make", [optim.SGD, optim.AdamW])
def test_a_run_at_the_suggested_rate_learns(make):
    model = Sequential(Linear(4, 8, rng=0), ReLU(), Linear(8, 2, rng=1))
    loss, optimizer = CrossEntropyLoss(), make(model.parameters(), lr=1)
    optimizer.lr = run((model, loss, optimizer)).suggested
    for _ in range(100):
        value = loss(model(X), LABELS)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    assert value.item() < 0.2


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"lowest": 0}, "lowest must be above 0, got 0"),
        ({"lowest": 1.0, "highest": 1.0}, "highest must be above 1.0 and finite, got 1.0"),
        ({"highest": float("inf")}, "highest must be above 1e-06 and finite"),
        ({"steps": 1}, "steps must be a whole number, at least 2, got 1"),
        ({"batch_size": 2.5}, "batch_size must be a whole number, at least 1, got 2.5"),
        (
            {"augment": lambda batch, rng: batch * np.float32(np.inf)},
            "the loss was not finite after 0 steps, at .* 1e-06",
        ),
    ],
)
def test_rejects_settings_out_of_range(settings, match):
    with pytest.raises(ValueError, match=match):
        run(**settings)
