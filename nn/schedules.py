"""Schedules: how the learning rate changes over the steps of a run.

A schedule sets the rate of the first step at once. Call its `step()` after each ``optimizer.step()``, and its
`measured(loss)` after each epoch; `nn.training.Training` does both.
"""

from __future__ import annotations

import math
from copy import copy
from math import copysign, inf

from autograd.extend import describe
from nn.optim import Optimizer
from nn.validation import SavedState, check_keys, check_length, check_number, check_same


class Schedule:
    """Base class of the schedules: each group's rate is its base rate times `factor(step)`.

    A custom schedule defines `factor`. For `state_dict`, `settings` names the attributes it was constructed
    with, and `progress` those that change. Set them before calling ``super().__init__(optimizer)``.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser. The current rates of its groups become the base rates.

    Attributes
    ----------
    optimizer : Optimizer
        The optimiser.
    base : list of float
        The base rate of each group.
    taken : int
        The number of steps taken.
    settings, progress : tuple of str
        The names of the attributes that `state_dict` saves.

    Raises
    ------
    TypeError
        If `optimizer` is not an optimiser.
    """

    settings: tuple[str, ...] = ()
    progress: tuple[str, ...] = ("taken", "base")

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise self._error("an optimiser", "optim.SGD(model.parameters(), lr=0.1), ...", optimizer)
        self.optimizer = optimizer
        self.base = [group["lr"] for group in optimizer.param_groups]
        self._move_to(0)

    def _error(self, expected: str, example: str, value: object) -> TypeError:
        name = type(self).__name__
        return TypeError(f"{name} expected {expected} first, as in {name}({example}), got {describe(value)}")

    def factor(self, step: int) -> float:
        """Compute the factor of the base rates in a step.

        Parameters
        ----------
        step : int
            The number of the step, from 0.

        Returns
        -------
        float
            The factor.

        Raises
        ------
        ValueError
            If the schedule has no such step.
        """
        raise NotImplementedError(f"{type(self).__name__} must define factor")

    def step(self) -> None:
        """Set the rates of the next step."""
        self._move_to(self.taken + 1)

    def measured(self, loss: float) -> None:
        """Receive the loss of an epoch; only `Plateau` uses it.

        Parameters
        ----------
        loss : float
            The loss on the validation samples or, without any, on the training samples.
        """

    def _move_to(self, step: int) -> None:
        factor = self.factor(step)  # first, as it may raise
        self.taken = step
        self._set_rates(factor)

    def _set_rates(self, factor: float) -> None:
        for group, base in zip(self.optimizer.param_groups, self.base, strict=True):
            group["lr"] = base * factor

    def state_dict(self) -> SavedState:
        """Return the settings and progress that the schedule needs to continue.

        Returns
        -------
        dict
            Numbers, strings and lists, which JSON can hold.
        """
        settings = {name: getattr(self, name) for name in self.settings}
        progress = {name: copy(getattr(self, name)) for name in self.progress}
        return {"type": type(self).__name__, "settings": settings, **progress}

    def load_state_dict(self, state: SavedState) -> None:
        """Continue from a saved state, and set the optimiser's rates accordingly.

        Parameters
        ----------
        state : dict
            The result of `state_dict`.

        Raises
        ------
        ValueError
            If the state belongs to another kind of schedule, or to other settings. The schedule is then unchanged.
        """
        self._check_state(state)
        self._restore(state)
        self._move_to(self.taken)

    def _check_state(self, state: SavedState) -> None:
        own = self.state_dict()
        check_keys(self, "the parts of the state", state, own)
        check_same(self, "the type", state["type"], own["type"])
        check_keys(self, "the settings", state["settings"], self.settings)
        for name in self.settings:
            check_same(self, name, state["settings"][name], own["settings"][name])
        check_length(self, "the number of groups", state["base"], len(self.base))

    def _restore(self, state: SavedState) -> None:
        for name in self.progress:
            setattr(self, name, copy(state[name]))


class Constant(Schedule):
    """A constant rate: factor 1.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser.
    """

    def factor(self, step: int) -> float:
        return 1.0


class Step(Schedule):
    """Multiply the rate by `by` after every `every` steps, as PyTorch's StepLR does.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser.
    every : int
        The number of steps at one rate.
    by : float, default 0.1
        The factor, above 0.

    Notes
    -----
    The factor is by^⌊step / every⌋.

    Examples
    --------
    >>> from autograd import Tensor
    >>> from nn import optim
    >>> schedule = Step(optim.SGD([Tensor([1.0], requires_grad=True)], lr=0.1), every=2, by=0.5)
    >>> [schedule.factor(step) for step in range(5)]
    [1.0, 1.0, 0.5, 0.5, 0.25]
    """

    settings = ("every", "by")

    def __init__(self, optimizer: Optimizer, *, every: int, by: float = 0.1) -> None:
        self.every = check_number(int, "every", every, at_least=1)
        self.by = check_number(float, "by", by, above=0, below=inf)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return self.by ** (step // self.every)


class Cosine(Schedule):
    """Lower the rate along half a cosine, as PyTorch's CosineAnnealingLR does.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser.
    total_steps : int
        The number of steps of the run: epochs × batches per epoch.
    end : float, default 0.0
        The factor after the last step, from 0 to 1.

    Notes
    -----
    The factor is end + (1 − end) · (1 + cos(π · step / total_steps)) / 2. Loshchilov and Hutter 2017, "SGDR", without
    restarts.
    """

    settings = ("total_steps", "end")

    def __init__(self, optimizer: Optimizer, *, total_steps: int, end: float = 0.0) -> None:
        self.total_steps = check_number(int, "total_steps", total_steps, at_least=1)
        self.end = check_number(float, "end", end, at_least=0, at_most=1)
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return _cosine(1.0, self.end, _done(step, self.total_steps))


class OneCycle(Schedule):
    """Raise the rate from 1 / 25 of its peak to the peak, then lower it to almost 0, both along half a cosine.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser. Its rate is the peak.
    total_steps : int
        The number of steps of the run: epochs × batches per epoch.
    warm_up : float, default 0.3
        The share of the steps in which the rate grows, from 0 to 1.

    Notes
    -----
    Smith and Topin 2018, "Super-convergence". PyTorch's OneCycleLR has the same curve over one step less, so that its
    last step has the smallest rate.
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
    """Lower the rate when the loss has stopped improving, as PyTorch's ReduceLROnPlateau does for positive losses.

    Call `measured(loss)` once an epoch.

    Parameters
    ----------
    optimizer : Optimizer
        The optimiser.
    by : float, default 0.1
        The factor, above 0 and below 1.
    patience : int, default 10
        The number of consecutive epochs without an improvement to tolerate.
    threshold : float, default 1e-4
        A loss improves if it is below the best so far by more than threshold × |best|.
    lowest : float, default 0.0
        The smallest factor of the base rates, from 0 to 1.

    Attributes
    ----------
    best : float or None
        The best loss so far.
    waited : int
        The number of epochs since the best loss, or since the last reduction.
    reductions : int
        How often the rate was reduced.

    Notes
    -----
    The factor is max(lowest, by^reductions).
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
        self.best: float | None = None
        self.waited = self.reductions = 0
        super().__init__(optimizer)

    def factor(self, step: int) -> float:
        return max(self.lowest, self.by**self.reductions)

    def measured(self, loss: float) -> None:
        loss = float(loss)
        if loss < (inf if self.best is None else self.best * (1 - copysign(self.threshold, self.best))):
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.waited > self.patience:
            self.reductions, self.waited = self.reductions + 1, 0
        self._move_to(self.taken)


class WarmUp(Schedule):
    """Raise the rate linearly, then follow another schedule.

    Parameters
    ----------
    after : Schedule
        The schedule to follow, whose steps count from the end of the warm-up. Call `step` of the `WarmUp` only.
    steps : int
        The number of steps of the warm-up.

    Notes
    -----
    The factor is (step + 1) / steps in the first `steps` steps. Goyal et al. 2017, "Accurate, large minibatch SGD".

    Examples
    --------
    >>> from autograd import Tensor
    >>> from nn import optim
    >>> optimizer = optim.SGD([Tensor([1.0], requires_grad=True)], lr=0.1)
    >>> schedule = WarmUp(Cosine(optimizer, total_steps=900), steps=4)
    >>> [schedule.factor(step) for step in range(5)]
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    settings = ("steps",)

    def __init__(self, after: Schedule, *, steps: int) -> None:
        if not isinstance(after, Schedule):
            raise self._error("a schedule", "Constant(optimizer), steps=100", after)
        self.after = after
        self.steps = check_number(int, "steps", steps, at_least=1)
        after._set_rates(1.0)  # back to the base rates, which become this schedule's
        super().__init__(after.optimizer)

    def factor(self, step: int) -> float:
        return (step + 1) / self.steps if step < self.steps else self.after.factor(step - self.steps)

    def _move_to(self, step: int) -> None:
        super()._move_to(step)
        if step >= self.steps:
            self.after._move_to(step - self.steps)

    def measured(self, loss: float) -> None:
        self.after.measured(loss)
        self._move_to(self.taken)

    def state_dict(self) -> SavedState:
        return {**super().state_dict(), "after": self.after.state_dict()}

    def _check_state(self, state: SavedState) -> None:
        super()._check_state(state)
        self.after._check_state(state["after"])

    def _restore(self, state: SavedState) -> None:
        super()._restore(state)
        self.after._restore(state["after"])


def _done(step: int, total_steps: int) -> float:
    """The fraction of the steps taken, or a ValueError after the last step."""
    if step > total_steps:
        raise ValueError(
            f"the schedule has {total_steps} steps, all of which have been taken; "
            f"pass total_steps = epochs × batches per epoch"
        )
    return step / total_steps


def _cosine(start: float, end: float, share: float) -> float:
    """Interpolate from start to end along half a cosine."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
