"""Schedules: how the learning rate changes over the steps of a training."""

from __future__ import annotations

import math
from copy import copy
from math import inf
from typing import Any

from autograd.extend import describe
from nn import errors
from nn.optim import Optimizer
from nn.validation import check_keys, check_length, check_number, check_same


class Schedule:
    """The base of the schedules: each group's rate is what it was when the schedule was made, × `factor(step)`.

    Sets the rate of the first step at once; call `step()` after each `optimizer.step()`, and `measured(loss)` after
    each epoch. A schedule of your own defines `factor`, and names in `settings` the attributes it was made with and in
    `progress` those that change, so that `state_dict` has them; it sets them before `super().__init__(optimizer)`.
    """

    settings: tuple[str, ...] = ()
    progress: tuple[str, ...] = ("taken", "base")

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise self._refused("an optimiser", "(optim.SGD(model.parameters(), lr=0.1), ...)", optimizer)
        self.optimizer = optimizer
        self.base = [group["lr"] for group in optimizer.param_groups]
        self._go(0)

    def _refused(self, expected: str, example: str, got: Any) -> TypeError:
        name = type(self).__name__
        text = errors.SCHEDULE_OF.format(schedule=name, expected=expected, example=name + example, got=describe(got))
        return TypeError(text)

    def factor(self, step: int) -> float:
        """What the base rates are multiplied by in a step, counted from 0."""
        raise NotImplementedError(f"{type(self).__name__} must define factor")

    def step(self) -> None:
        """Go on to the next step's rates."""
        self._go(self.taken + 1)

    def measured(self, loss: float) -> None:
        """Take note of an epoch's loss on the validation set (or, for want of one, on the training set)."""

    def _go(self, step: int) -> None:
        factor = self.factor(step)  # first, as it may refuse
        self.taken = step
        self._set_rates(factor)

    def _set_rates(self, factor: float) -> None:
        for group, base in zip(self.optimizer.param_groups, self.base, strict=True):
            group["lr"] = base * factor

    def state_dict(self) -> dict[str, Any]:
        """All that the schedule goes on from, as JSON takes it."""
        settings = {name: getattr(self, name) for name in self.settings}
        progress = {name: copy(getattr(self, name)) for name in self.progress}
        return {"type": type(self).__name__, "settings": settings, **progress}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave, and set the optimiser's rates accordingly.

        ValueError, and nothing is changed, where it is that of another schedule, or of one with other settings.
        """
        self._refuse_other(state)
        self._restore(state)
        self._go(self.taken)

    def _refuse_other(self, state: dict[str, Any]) -> None:
        own = self.state_dict()
        check_keys(self, "the parts of the state", state, own)
        check_same(self, "the type", state["type"], own["type"])
        check_keys(self, "the settings", state["settings"], self.settings)
        for name in self.settings:
            check_same(self, name, state["settings"][name], own["settings"][name])
        check_length(self, "the number of groups", state["base"], len(self.base))

    def _restore(self, state: dict[str, Any]) -> None:
        for name in self.progress:
            setattr(self, name, copy(state[name]))


class Constant(Schedule):
    """The same rate all along: factor 1."""

    def factor(self, step: int) -> float:
        return 1.0


class Step(Schedule):
    """Times `by` after every `every` steps: factor by^⌊step / every⌋ (PyTorch's StepLR)."""

    settings = ("every", "by")

    def __init__(self, optimizer: Optimizer, *, every: int, by: float = 0.1) -> None:
        self.every = check_number(int, "every", every, at_least=1)
        self.by = check_number(float, "by", by, above=0, below=inf)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return self.by ** (step // self.every)


class Cosine(Schedule):
    """Down along half a cosine: factor end + (1 − end) · (1 + cos(π · step / total_steps)) / 2.

    Loshchilov and Hutter 2017, "SGDR", without restarts (PyTorch's CosineAnnealingLR).

    total_steps  epochs × batches of an epoch
    end          the factor after the last step
    """

    settings = ("total_steps", "end")

    def __init__(self, optimizer: Optimizer, *, total_steps: int, end: float = 0.0) -> None:
        self.total_steps = check_number(int, "total_steps", total_steps, at_least=1)
        self.end = check_number(float, "end", end, at_least=0, at_most=1)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return _cosine(1.0, self.end, _done(step, self.total_steps))


class OneCycle(Schedule):
    """Up from 1 / 25 of the rate to the whole over the first 30 % of the steps, then down to almost 0, both along a
    cosine: the optimiser's own rate is the peak.

    Smith and Topin 2018, "Super-convergence". PyTorch's OneCycleLR has the same shape over one step less, so that its
    last step is the smallest; here that is where the next one would be.

    total_steps  epochs × batches of an epoch
    warm_up      the share of the steps on the way up
    """

    START, END = 1 / 25, 1e-5  # the factors at the first and after the last step
    settings = ("total_steps", "warm_up")

    def __init__(self, optimizer: Optimizer, *, total_steps: int, warm_up: float = 0.3) -> None:
        self.total_steps = check_number(int, "total_steps", total_steps, at_least=1)
        self.warm_up = check_number(float, "warm_up", warm_up, at_least=0, at_most=1)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        done = _done(step, self.total_steps)
        if done < self.warm_up:
            return _cosine(self.START, 1.0, done / self.warm_up)
        return _cosine(1.0, self.END, (done - self.warm_up) / max(1 - self.warm_up, 1e-12))


class Plateau(Schedule):
    """Times `by` whenever the measured loss has not improved for more than `patience` epochs on end.

    A loss is an improvement where it is below (1 − threshold) × the best so far; factor max(lowest, by^reductions)
    (PyTorch's ReduceLROnPlateau). Call `measured(loss)` once an epoch.

    lowest  the smallest factor
    """

    settings = ("by", "patience", "threshold", "lowest")
    progress = (*Schedule.progress, "best", "waited", "reductions")

    def __init__(
        self,
        optimizer: Optimizer,
        *,
        by: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        lowest: float = 0.0,
    ) -> None:
        self.by = check_number(float, "by", by, above=0, below=1)
        self.patience = check_number(int, "patience", patience, at_least=0)
        self.threshold = check_number(float, "threshold", threshold, at_least=0, below=1)
        self.lowest = check_number(float, "lowest", lowest, at_least=0, at_most=1)
        self.best: float | None = None  # no loss measured yet
        self.waited = self.reductions = 0  # epochs since the best, or since the last reduction
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return max(self.lowest, self.by**self.reductions)

    def measured(self, loss: float) -> None:
        loss = float(loss)
        if loss < (inf if self.best is None else self.best * (1 - self.threshold)):
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.reductions, self.waited = self.reductions + 1, 0
        self._go(self.taken)


class WarmUp(Schedule):
    """Up along a line to the whole rate, then another schedule: factor (step + 1) / steps in the first `steps` steps,
    then that of `after`, whose steps count from there.

    Goyal and others 2017, "Accurate, large minibatch SGD". As in
    WarmUp(Cosine(optimizer, total_steps=900), steps=100), step this schedule and not `after`.
    """

    settings = ("steps",)

    def __init__(self, after: Schedule, *, steps: int) -> None:
        if not isinstance(after, Schedule):
            raise self._refused("a schedule", "(Constant(optimizer), steps=100)", after)
        self.after = after
        self.steps = check_number(int, "steps", steps, at_least=1)
        after._set_rates(1.0)  # back to the base rates, which become this schedule's
        super().__init__(after.optimizer)

    def factor(self, step: int) -> float:
        return (step + 1) / self.steps if step < self.steps else self.after.factor(step - self.steps)

    def _go(self, step: int) -> None:
        super()._go(step)
        if step >= self.steps:
            self.after._go(step - self.steps)

    def measured(self, loss: float) -> None:
        self.after.measured(loss)
        self._go(self.taken)

    def state_dict(self) -> dict[str, Any]:
        return {**super().state_dict(), "after": self.after.state_dict()}

    def _refuse_other(self, state: dict[str, Any]) -> None:
        super()._refuse_other(state)
        self.after._refuse_other(state["after"])

    def _restore(self, state: dict[str, Any]) -> None:
        super()._restore(state)
        self.after._restore(state["after"])


def _done(step: int, total_steps: int) -> float:
    """The share of the steps that are done; an error where there are no more."""
    if step > total_steps:
        raise ValueError(errors.TOTAL_STEPS.format(total=total_steps))
    return step / total_steps


def _cosine(start: float, end: float, share: float) -> float:
    """From start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
