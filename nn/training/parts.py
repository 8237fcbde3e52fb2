"""Checks of the parts of a training run: the type of each, and that they belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograd.extend import describe
from nn import errors
from nn.module import Module
from nn.optim import Optimizer
from nn.schedules import Schedule
from nn.training.callbacks import Callback
from nn.training.run import Epoch

PARTS: dict[str, tuple[str, Callable[[object], bool]]] = {  # what each must be: a description and a check
    "model": (
        "a module of nn with parameters",
        lambda part: isinstance(part, Module) and bool(list(part.parameters())),
    ),
    "loss": (
        "a loss of one number for a batch, such as CrossEntropyLoss()",
        lambda part: isinstance(part, Module) and getattr(part, "reduction", "mean") == "mean",
    ),
    "optimizer": ("an optimiser of nn.optim", lambda part: isinstance(part, Optimizer)),
    "schedule": ("a schedule of nn.schedules, or None", lambda part: isinstance(part, Schedule | None)),
    "augment": ("a function of (X, rng), or None", lambda part: part is None or _is_function(part)),
    "penalty": ("a function of the model, or None", lambda part: part is None or _is_function(part)),
    "metrics": ("a list of functions of (scores, labels)", lambda part: _all(part, _is_function)),
    "callbacks": ("a list of Callbacks", lambda part: _all(part, lambda entry: isinstance(entry, Callback))),
}


def check_parts(parts: Mapping[str, Any]) -> None:
    """Check that the parts have the right types and belong together.

    Parameters
    ----------
    parts : mapping of str to object
        The parts by name: those of `PARTS`.

    Raises
    ------
    TypeError
        If a part has the wrong type.
    ValueError
        If the optimiser or the schedule belongs to another run, or two metrics have the same name.
    """
    for name, (expected, holds) in PARTS.items():
        if not holds(parts[name]):
            raise TypeError(f"Training: {name} must be {expected}, got {describe(parts[name])}")
    optimizer, schedule = parts["optimizer"], parts["schedule"]
    if not {*parts["model"].parameters(), *parts["loss"].parameters()}.issuperset(optimizer.parameters):
        raise ValueError(errors.OF_ANOTHER.format(part="optimizer", other="model"))
    if schedule is not None and schedule.optimizer is not optimizer:
        raise ValueError(errors.OF_ANOTHER.format(part="schedule", other="optimizer"))
    names, taken = [metric.__name__ for metric in parts["metrics"]], Epoch._fields
    if len({*names, *taken}) < len(names) + len(taken):
        raise ValueError(
            f"Training expected metrics whose names differ from each other and from those of an epoch "
            f"({', '.join(taken)}), got {', '.join(names)}; set __name__ of the functions"
        )


def _is_function(thing: object) -> bool:
    return callable(thing) and not isinstance(thing, type)


def _all(things: object, holds: Callable[[object], bool]) -> bool:
    return isinstance(things, (list, tuple)) and all(map(holds, things))
