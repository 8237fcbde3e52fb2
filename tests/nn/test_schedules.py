"""Schedules: they agree with PyTorch's, in every group, and continue from a saved state."""

import json
from math import cos, inf, nan, pi

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import optim
from nn.schedules import Constant, Cosine, OneCycle, Plateau, Schedule, Step, WarmUp

try:
    import torch
except ImportError:
    torch = None

RATES = [0.1, 0.02]
few = hypothesis.settings(max_examples=20)


def made(rates=RATES):
    return optim.SGD([{"params": [Tensor([1.0], requires_grad=True)], "lr": rate} for rate in rates], lr=1.0)


def rates(optimizer):
    return [group["lr"] for group in optimizer.param_groups]


def path(schedule, steps):
    """The rates of each step."""
    seen = [rates(schedule.optimizer)]
    for _ in range(steps):
        schedule.step()
        seen.append(rates(schedule.optimizer))
    return seen


def torch_path(make, steps):
    groups = [{"params": [torch.ones(1, requires_grad=True)], "lr": rate} for rate in RATES]
    optimizer = torch.optim.SGD(groups, lr=1.0)
    schedule = make(torch.optim.lr_scheduler, optimizer)
    seen = [rates(optimizer)]
    for _ in range(steps):
        optimizer.step()
        schedule.step()
        seen.append(rates(optimizer))
    return seen


def assert_same(ours, theirs):
    assert len(ours) == len(theirs)
    for our, their in zip(ours, theirs, strict=True):
        assert our == pytest.approx(their, rel=1e-9, abs=1e-14)


def assert_path(ours, factors, theirs):
    """Check the rates of each step: the factors times the base rates, and those of torch, if it is installed."""
    assert_same(ours, [[factor * rate for rate in RATES] for factor in factors])
    if torch is not None:
        assert_same(ours, torch_path(theirs, len(ours) - 1))


def half_cosine(start, end, steps):
    """From start to end in this number of steps, both included."""
    return [end + (start - end) * (1 + cos(pi * step / steps)) / 2 for step in range(steps + 1)]


@few
@given(every=st.integers(1, 7), by=st.sampled_from([0.1, 0.5, 0.97, 1.0]))
def test_step_equals_its_formula_and_torch(every, by):
    factors = [1.0]
    for step in range(1, 31):
        factors.append(factors[-1] * (by if step % every == 0 else 1))
    theirs = lambda peers, optimizer: peers.StepLR(optimizer, every, by)
    assert_path(path(Step(made(), every=every, by=by), 30), factors, theirs)


@few
@given(total=st.integers(1, 30))
def test_cosine_equals_its_formula_and_torch(total):
    theirs = lambda peers, optimizer: peers.CosineAnnealingLR(optimizer, total)
    assert_path(path(Cosine(made(), total_steps=total), total), half_cosine(1.0, 0.0, total), theirs)


def test_cosine_ends_at_a_share_of_each_rate():
    seen = path(Cosine(made(), total_steps=10, end=0.2), 10)
    assert seen[0] == RATES
    assert seen[5] == pytest.approx([0.06, 0.012])
    assert seen[-1] == pytest.approx([0.02, 0.004])


@few
@given(total=st.integers(5, 60), warm_up=st.floats(0.1, 0.9))
def test_one_cycle_equals_its_formula_and_torch(total, warm_up):
    def factor(step):
        """Up along half a cosine from 1/25 to 1, and down along another one to 1e-5."""
        top = warm_up * total
        start, share = (1 / 25, step / top) if step < top else (1e-5, (total - step) / (total - top))
        return start + (1 - start) * (1 - cos(pi * share)) / 2

    def theirs(peers, optimizer):  # its phases end a step earlier, and its end is relative to its start
        up = (warm_up * total + 1) / (total + 1)
        settings = {"div_factor": 25.0, "final_div_factor": 1 / 25 / 1e-5, "cycle_momentum": False, "pct_start": up}
        return peers.OneCycleLR(optimizer, RATES, total_steps=total + 1, **settings)

    ours = path(OneCycle(made(), total_steps=total, warm_up=warm_up), total)
    assert_path(ours, list(map(factor, range(total + 1))), theirs)


@few
@given(steps=st.integers(2, 10), total=st.integers(1, 20))
def test_warm_up_equals_its_formula_and_torch(steps, total):
    def theirs(peers, optimizer):
        up = peers.LinearLR(optimizer, start_factor=1 / steps, total_iters=steps - 1)
        return peers.SequentialLR(optimizer, [up, peers.CosineAnnealingLR(optimizer, total)], milestones=[steps])

    ours = WarmUp(Cosine(made(), total_steps=total), steps=steps)
    with pytest.MonkeyPatch.context() as patch:  # PyTorch warns of its own SequentialLR
        patch.setattr("warnings.warn", lambda *_, **__: None)
        factors = [(step + 1) / steps for step in range(steps)] + half_cosine(1.0, 0.0, total)
        assert_path(path(ours, steps + total), factors, theirs)
    assert ours.after.taken == total
    with pytest.raises(ValueError, match=f"has {total} steps, all of which have been taken"):
        ours.step()
    assert (ours.taken, ours.after.taken) == (steps + total, total)


def test_warm_up_reaches_the_base_rate_of_any_schedule():
    optimizer = made([1.0])
    schedule = WarmUp(OneCycle(optimizer, total_steps=10), steps=4)
    assert [rate for (rate,) in path(schedule, 5)] == pytest.approx([0.25, 0.5, 0.75, 1.0, 1 / 25, schedule.factor(5)])
    nested = WarmUp(WarmUp(Constant(made([1.0])), steps=2), steps=2)
    assert [rate for (rate,) in path(nested, 5)] == [0.5, 1.0, 0.5, 1.0, 1.0, 1.0]
    assert (nested.after.taken, nested.after.after.taken) == (3, 1)


@given(
    losses=st.lists(st.sampled_from([1.0, 0.5, 0.50001, 0.4999, 0.2, 2.0, -1.0, nan, inf]), max_size=25),
    by=st.sampled_from([0.1, 0.5]), patience=st.integers(0, 3), threshold=st.sampled_from([0.0, 1e-4, 0.1]),
    lowest=st.sampled_from([0.0, 0.05]),
)  # fmt: skip
def test_plateau_equals_its_formula_and_torch(losses, by, patience, threshold, lowest):
    optimizer = made()
    schedule = Plateau(optimizer, by=by, patience=patience, threshold=threshold, lowest=lowest)
    best, waited, factor = inf, 0, 1.0
    for loss in losses:
        schedule.step()
        schedule.measured(loss)
        improved = loss < best - (threshold * abs(best) if best < inf else 0)
        best, waited = (loss, 0) if improved else (best, waited + 1)
        if waited > patience:
            waited, factor = 0, factor * by
        assert rates(optimizer) == pytest.approx([rate * max(factor, lowest) for rate in RATES], rel=1e-12)
    if torch is not None and not any(loss < 0 for loss in losses):  # it takes the same negative loss for an improvement
        check_plateau_of_torch(losses, by, patience, threshold, lowest)


def check_plateau_of_torch(losses, by, patience, threshold, lowest):
    optimizer = made()
    groups = [{"params": [torch.ones(1, requires_grad=True)], "lr": rate} for rate in RATES]
    peer = torch.optim.SGD(groups, lr=1.0)
    schedule = Plateau(optimizer, by=by, patience=patience, threshold=threshold, lowest=lowest)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        peer, factor=by, patience=patience, threshold=threshold, min_lr=[lowest * rate for rate in RATES], eps=0.0
    )
    for loss in losses:
        schedule.step()
        schedule.measured(loss)
        theirs.step(loss)
        assert rates(optimizer) == pytest.approx(rates(peer), rel=1e-12)


def test_warm_up_passes_losses_to_the_other_schedule():
    schedule = WarmUp(Plateau(made([1.0]), by=0.5, patience=0), steps=2)
    schedule.measured(1.0)
    schedule.measured(1.0)  # the plateau records it, and the warm-up continues
    assert rates(schedule.optimizer) == [0.5]
    assert path(schedule, 2) == [[0.5], [1.0], [0.5]]
    schedule.measured(1.0)
    assert rates(schedule.optimizer) == [0.25]


def test_one_cycle_rises_to_the_optimisers_rate_and_falls_to_almost_0():
    schedule = OneCycle(made([0.1]), total_steps=100)
    seen = [rate for (rate,) in path(schedule, 100)]
    assert seen[0] == pytest.approx(0.1 / 25)
    assert max(seen) == seen[30] == 0.1
    assert seen[:31] == sorted(seen[:31])
    assert seen[30:] == sorted(seen[30:], reverse=True)
    assert seen[-1] == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="has 100 steps, all of which have been taken"):
        schedule.step()
    assert schedule.taken == 100
    assert schedule.optimizer.lr == seen[-1]


@pytest.mark.parametrize("warm_up", [0.0, 1.0])
def test_one_cycle_may_only_fall_or_only_rise(warm_up):
    schedule = OneCycle(made(), total_steps=100, warm_up=warm_up)
    assert schedule.factor(0 if warm_up == 0 else 100) == pytest.approx(1.0)


def test_constant_ignores_losses():
    schedule = Constant(made())
    schedule.measured(3.0)
    assert path(schedule, 5) == [RATES] * 6


MAKERS = {
    "Constant": Constant,
    "Step": lambda optimizer: Step(optimizer, every=3),
    "Cosine": lambda optimizer: Cosine(optimizer, total_steps=20, end=0.1),
    "OneCycle": lambda optimizer: OneCycle(optimizer, total_steps=20),
    "Plateau": lambda optimizer: Plateau(optimizer, patience=1),
    "WarmUp": lambda optimizer: WarmUp(Plateau(optimizer, patience=1), steps=4),
    "WarmUp of WarmUp": lambda optimizer: WarmUp(WarmUp(Cosine(optimizer, total_steps=9), steps=2), steps=3),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("steps", [0, 3, 7])
def test_a_schedule_continues_from_its_state_exactly(make, steps):
    schedule, other = make(made()), make(made([0.5, 0.7]))
    for _ in range(steps):
        schedule.step()
        schedule.measured(1.0)
    state = json.loads(json.dumps(schedule.state_dict(), allow_nan=False))
    other.load_state_dict(state)
    assert other.state_dict() == state
    for _ in range(4):
        assert rates(other.optimizer) == rates(schedule.optimizer)
        for each in (schedule, other):
            each.step()
            each.measured(1.0)
    assert state == json.loads(json.dumps(state))  # and the state is a copy
    assert other.state_dict() == schedule.state_dict() != state


@pytest.mark.parametrize(
    ("other", "match"),
    [
        (Constant(made()), r"the parts of the state must be \['after', "),
        (WarmUp(Constant(made()), steps=3), r"WarmUp.load_state_dict: steps must be 2, as in this WarmUp, got 3"),
        (WarmUp(Constant(made()), steps=2), r"Step.load_state_dict: the type must be 'Step', .* got 'Constant'"),
        (WarmUp(Step(made(), every=4), steps=2), r"Step.load_state_dict: every must be 3, as in this Step, got 4"),
        (WarmUp(Step(made([1.0]), every=3), steps=2), r"the number of groups must be 2, as in this WarmUp, got 1"),
    ],
)
def test_rejects_states_of_another_schedule_and_changes_nothing(other, match):
    schedule = WarmUp(Step(made(), every=3), steps=2)
    schedule.step()
    before = schedule.state_dict(), rates(schedule.optimizer)
    with pytest.raises(ValueError, match=match):
        schedule.load_state_dict(other.state_dict())
    assert (schedule.state_dict(), rates(schedule.optimizer)) == before


def test_a_custom_schedule_defines_its_factor():
    class Halving(Schedule):
        def factor(self, step):
            return 0.5**step

    assert path(Halving(made([1.0])), 2) == [[1.0], [0.5], [0.25]]
    with pytest.raises(NotImplementedError, match="Schedule must define factor"):
        Schedule(made())


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        (OneCycle, {"total_steps": 0}), (OneCycle, {"total_steps": 2.5}), (OneCycle, {"total_steps": 9, "warm_up": 2}),
        (Cosine, {"total_steps": None}), (Cosine, {"total_steps": 9, "end": -0.1}), (Step, {"every": 0}),
        (Step, {"every": 3, "by": nan}), (Step, {"every": 3, "by": 0}), (Plateau, {"by": 1.0}),
        (Plateau, {"patience": -1}), (Plateau, {"threshold": "1e-4"}), (Plateau, {"lowest": 2}),
    ],
)  # fmt: skip
def test_rejects_settings_out_of_range(kind, settings):
    optimizer = made()
    with pytest.raises(ValueError, match=f"{list(settings)[-1]} must be .*"):
        kind(optimizer, **settings)
    assert rates(optimizer) == RATES


def test_rejects_objects_that_are_not_optimisers_or_schedules():
    optimizer = made()
    with pytest.raises(ValueError, match="steps must be a whole number, at least 1, got 0"):
        WarmUp(Constant(optimizer), steps=0)
    with pytest.raises(TypeError, match=r"WarmUp expected a schedule first, as in WarmUp\(Constant\(.*got SGD <"):
        WarmUp(optimizer, steps=3)
    with pytest.raises(TypeError, match=r"Constant expected an optimiser first, as in Constant\(.*got float 0.1"):
        Constant(0.1)


@given(st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=1, max_size=30), st.sampled_from([1.0, -1.0]))
def test_plateau_counts_improvements_of_losses_of_any_sign(losses, sign):
    optimizer = optim.SGD([Tensor([0.0], requires_grad=True)], lr=1.0)
    plateau = Plateau(optimizer, patience=2, threshold=1e-3)
    best, waited, reductions = None, 0, 0
    for loss in losses:
        plateau.measured(sign * loss)
        if best is None or sign * loss < best * (1 - 1e-3 if best > 0 else 1 + 1e-3):
            best, waited = sign * loss, 0
        else:
            waited += 1
        if waited > 2:
            reductions, waited = reductions + 1, 0
        assert plateau.reductions == reductions


@pytest.mark.parametrize("level", [1.0, 0.0, -1.0])
@pytest.mark.parametrize("slope", [0.0, 1e-6])
def test_plateau_reduces_the_rate_of_a_loss_that_stands_still(level, slope):
    optimizer = optim.SGD([Tensor([0.0], requires_grad=True)], lr=1.0)
    plateau = Plateau(optimizer, patience=2)
    for epoch in range(8):
        plateau.measured(level + slope * epoch)
    assert optimizer.lr < 1.0


def test_step_multiplies_after_a_number_of_steps():
    seen = [rate for (rate,) in path(Step(made([1.0]), every=3, by=0.1), 6)]
    assert seen == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1, 0.01], rel=1e-15)
    assert [rate for (rate,) in path(Step(made([2.0]), every=1, by=0.5), 3)] == [2.0, 1.0, 0.5, 0.25]
