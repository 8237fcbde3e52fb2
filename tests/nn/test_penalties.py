"""Penalties R(W) of the slides, and how weight decay relates to them."""

import numpy as np
import pytest

from autograd import Tensor, gradcheck
from nn import BatchNorm1d, Linear, MSELoss, Sequential, Tanh, l1, l2, optim

X, Y = np.random.default_rng(0).normal(size=(2, 8, 3))


def model():
    layers = [Linear(3, 4, bias=False, rng=0, dtype=float), Tanh(), Linear(4, 3, bias=False, rng=1, dtype=float)]
    return Sequential(*layers)


def test_penalises_weights_only():
    net = Sequential(Linear(3, 4, rng=0), BatchNorm1d(4), Linear(4, 2, rng=1))
    weights = [net[0].weight.data, net[2].weight.data]
    assert l2(net).item() == pytest.approx(sum((w**2).sum() for w in weights))
    assert l1(net).item() == pytest.approx(sum(np.abs(w).sum() for w in weights))
    assert l2(net.parameters()).item() == l2(net).item()
    assert l2(net[0].weight).item() == l2(net[0]).item()
    assert (0.001 * l2(net)).dtype == np.float32


@pytest.mark.parametrize("penalty", [l1, l2])
def test_gradients(penalty):
    assert gradcheck(lambda w: penalty([w]), np.array([[1.0, -2.0], [0.5, -0.1]]))


def test_weights_of_the_slides_that_only_l2_distinguishes():
    x = np.ones(4)
    w1, w2 = Tensor([[1.0, 0, 0, 0]]), Tensor([[0.25, 0.25, 0.25, 0.25]])
    assert (w1 @ x).item() == (w2 @ x).item() == 1
    assert [l2([w]).item() for w in (w1, w2)] == [1, 0.25]
    assert [l1([w]).item() for w in (w1, w2)] == [1, 1]


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_weight_decay_equals_twice_the_factor_of_l2(momentum):
    by_loss, by_decay = model(), model()
    penalised = optim.SGD(by_loss.parameters(), lr=0.1, momentum=momentum)
    decayed = optim.SGD(by_decay.parameters(), lr=0.1, momentum=momentum, weight_decay=0.02)
    for _ in range(5):
        for optimizer, loss in (
            (penalised, MSELoss()(by_loss(X), Y) + 0.01 * l2(by_loss)),
            (decayed, MSELoss()(by_decay(X), Y)),
        ):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    for a, b in zip(by_loss.parameters(), by_decay.parameters(), strict=True):
        np.testing.assert_allclose(a.data, b.data, rtol=1e-12)


def test_rejects_models_without_weights():
    with pytest.raises(ValueError, match="no weights to penalise"):
        l2(Tanh())
