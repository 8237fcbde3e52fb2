"""One-cycle: up, down, and the last step."""

import pytest

from autograd import Tensor
from nn import optim
from nn.schedules import OneCycle


def made(**settings):
    optimizer = optim.SGD([Tensor([1.0], requires_grad=True)], lr=1.0)
    return optimizer, OneCycle(optimizer, **{"max_lr": 0.1, "total_steps": 100, **settings})


def test_up_to_the_peak_and_down_to_almost_nothing():
    optimizer, schedule = made()
    rates = [optimizer.lr]
    for _ in range(100):
        schedule.step()
        rates.append(optimizer.lr)
    assert rates[0] == pytest.approx(0.1 / 25)
    assert max(rates) == rates[30] == 0.1
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)
    assert rates[-1] == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="made for 100 steps and has taken them all"):
        schedule.step()


@pytest.mark.parametrize("warm_up", [0.0, 1.0])
def test_all_the_way_down_or_up(warm_up):
    _, schedule = made(warm_up=warm_up)
    assert schedule.rate(0 if warm_up == 0 else 100) == pytest.approx(0.1)


@pytest.mark.parametrize("settings", [{"max_lr": 0}, {"total_steps": 0}, {"warm_up": 1.5}])
def test_settings_out_of_range_are_refused(settings):
    (what,) = settings
    with pytest.raises(ValueError, match=f"{what} must be"):
        made(**settings)
