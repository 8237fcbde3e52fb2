"""Choices: what an estimator's settings may name, and the things of nn that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from typing import Any, TypeVar

from autograd import Tensor
from classifiers import errors
from nn import CrossEntropyLoss, HingeLoss, LeakyReLU, Module, ReLU, Sigmoid, Tanh, optim, schedules
from nn.optim import Optimizer
from nn.penalties import l1, l2
from nn.schedules import Schedule
from nn.validation import check_choice

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "logistic": Sigmoid,
}
LOSSES: dict[str, Callable[..., Module]] = {
    "cross_entropy": CrossEntropyLoss,
    "softmax": CrossEntropyLoss,  # as the slides call it
    "hinge": HingeLoss,
    "squared_hinge": partial(HingeLoss, squared=True),
}
OPTIMIZERS: dict[str, tuple[type[Optimizer], tuple[str, ...]]] = {  # and which of an estimator's settings each takes
    "adamw": (optim.AdamW, ("weight_decay",)),
    "adam": (optim.Adam, ("weight_decay",)),
    "rmsprop": (optim.RMSProp, ("momentum", "weight_decay")),
    "sgd": (optim.SGD, ("momentum", "weight_decay")),
}
SCHEDULES: dict[str, Callable[[Optimizer, int], Schedule]] = {
    "constant": lambda optimizer, total_steps: schedules.Constant(optimizer),
    "cosine": lambda optimizer, total_steps: schedules.Cosine(optimizer, total_steps=total_steps),
    "one_cycle": lambda optimizer, total_steps: schedules.OneCycle(optimizer, total_steps=total_steps),
    "plateau": lambda optimizer, total_steps: schedules.Plateau(optimizer),
    "step": lambda optimizer, total_steps: schedules.Step(optimizer, every=-(-total_steps // 3)),  # by 0.1, twice
}
PENALTIES: dict[str, Callable[[Module], Tensor]] = {"l1": l1, "l2": l2}

Entry = TypeVar("Entry")


def named(estimator: str, what: str, got: Any, known: Mapping[str, Entry], other: str) -> Entry:
    """The entry that a setting names."""
    return known[check_choice(f"{estimator}: {what}", got, known, other=other)]


def activation(estimator: str, got: Any) -> Callable[[], Module]:
    """What makes the module that a name or a class says, or copies of the module given: each layer has its own."""
    if isinstance(got, Module):
        return partial(deepcopy, got)
    if isinstance(got, type) and issubclass(got, Module):
        try:
            got()
        except TypeError as error:
            raise ValueError(errors.ACTIVATION.format(estimator=estimator, got=got.__name__, why=error)) from error
        return got
    return named(estimator, "activation", got, ACTIVATIONS, "a module of nn")


def loss(estimator: str, got: Any) -> Callable[..., Module]:
    """What makes the loss that a name says, with settings of its own, or a copy of the one given, which has its."""
    if isinstance(got, Module):
        return partial(deepcopy, got)
    return named(estimator, "loss", got, LOSSES, "a loss of nn")


def optimizer(estimator: str, got: Any, settings: Mapping[str, Any]) -> Callable[..., Optimizer]:
    """What makes, of (parameters, lr=), the optimiser that a name says, with those settings that it takes."""
    if callable(got):
        return got
    kind, takes = named(estimator, "optimizer", got, OPTIMIZERS, "a function of (parameters, lr=)")
    return partial(kind, **{name: settings[name] for name in takes if name in settings})


def schedule(estimator: str, got: Any) -> Callable[[Optimizer, int], Schedule]:
    """What makes, of (optimizer, total_steps), the schedule that a name says."""
    return (
        got if callable(got) else named(estimator, "schedule", got, SCHEDULES, "a function of (optimizer, total_steps)")
    )
