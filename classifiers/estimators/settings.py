"""The names that estimators' settings accept, and the parts of nn that they stand for.

Each `*_factory` function turns a setting, a name or an object, into a function that constructs the part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from autograd import Tensor
from autograd.extend import describe
from nn import CrossEntropyLoss, HingeLoss, LeakyReLU, Module, ReLU, Sigmoid, Tanh, optim, schedules
from nn.optim import Optimizer
from nn.penalties import l1, l2
from nn.schedules import Schedule
from nn.training.callbacks import Callback
from nn.validation import check_choice

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "leaky_relu": LeakyReLU,
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "logistic": Sigmoid,  # scikit-learn's name
}
LOSSES: dict[str, Callable[..., Module]] = {
    "cross_entropy": CrossEntropyLoss,
    "softmax": CrossEntropyLoss,  # the name on the slides
    "hinge": HingeLoss,
    "squared_hinge": partial(HingeLoss, squared=True),
}
OPTIMIZERS: dict[str, tuple[type[Optimizer], tuple[str, ...]]] = {  # with the estimator's settings that each accepts
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
    # multiplied by 0.1 after one third and after two thirds of the steps
    "step": lambda optimizer, total_steps: schedules.Step(optimizer, every=-(-total_steps // 3)),
}
PENALTIES: dict[str, Callable[[Module], Tensor]] = {"l1": l1, "l2": l2}

Entry = TypeVar("Entry")


def activation_factory(name: str, setting: str | Module | type[Module]) -> Callable[[], Module]:
    """Return a function that constructs the activation of one layer.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "MLPClassifier: loss".
    setting : str, Module or type
        A key of `ACTIVATIONS`, a module to copy for each layer, or a class of modules.

    Returns
    -------
    callable
        A function of no arguments that returns a new Module.

    Raises
    ------
    ValueError
        If the setting is none of these, or a class that needs arguments.
    """
    if isinstance(setting, Module):
        return partial(deepcopy, setting)
    if isinstance(setting, type) and issubclass(setting, Module):
        try:
            setting()
        except TypeError as error:
            kind = setting.__name__
            raise ValueError(
                f"{name} must be a class whose constructor needs no arguments, got {kind} ({error}); pass an instance, "
                f"{kind}(...)"
            ) from error
        return setting
    return _lookup(name, setting, ACTIVATIONS, "a module of nn")


def loss_factory(name: str, setting: str | Module) -> Callable[..., Module]:
    """Return a function that constructs the loss.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "MLPClassifier: loss".
    setting : str or Module
        A key of `LOSSES`, or a loss to copy.

    Returns
    -------
    callable
        A function that returns a new loss. It passes keyword arguments on to a loss given by name.

    Raises
    ------
    ValueError
        If the setting is neither.
    """
    if isinstance(setting, Module):
        return partial(deepcopy, setting)
    return _lookup(name, setting, LOSSES, "a loss of nn")


def optimizer_factory(
    name: str, setting: str | Callable[..., Optimizer], params: Mapping[str, Any] = MappingProxyType({})
) -> Callable[..., Optimizer]:
    """Return a function of (parameters, lr=) that constructs the optimiser.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "MLPClassifier: loss".
    setting : str or callable
        A key of `OPTIMIZERS`, or a function of (parameters, lr=), which is returned unchanged.
    params : mapping, default empty
        The estimator's parameters, of which an optimiser given by name gets those it accepts.

    Returns
    -------
    callable
        A function of (parameters, lr=) that returns an Optimizer.

    Raises
    ------
    ValueError
        If the setting is neither.
    """
    if callable(setting):
        return setting
    kind, accepted = _lookup(name, setting, OPTIMIZERS, "a function of (parameters, lr=)")
    return partial(kind, **{key: params[key] for key in accepted if key in params})


def schedule_factory(
    name: str, setting: str | Callable[[Optimizer, int], Schedule]
) -> Callable[[Optimizer, int], Schedule]:
    """Return a function of (optimizer, total_steps) that constructs the learning-rate schedule.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "MLPClassifier: loss".
    setting : str or callable
        A key of `SCHEDULES`, or a function of (optimizer, total_steps), which is returned unchanged.

    Returns
    -------
    callable
        A function of (optimizer, total_steps) that returns a Schedule.

    Raises
    ------
    ValueError
        If the setting is neither.
    """
    if callable(setting):
        return setting
    return _lookup(name, setting, SCHEDULES, "a function of (optimizer, total_steps)")


def penalty_function(name: str, setting: str | None) -> Callable[[Module], Tensor] | None:
    """Return the function that computes the penalty R(W) of a model.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "LinearClassifier: penalty".
    setting : str or None
        A key of `PENALTIES`, or None for no penalty.

    Returns
    -------
    callable or None
        A function of a Module that returns a scalar Tensor.

    Raises
    ------
    ValueError
        If the setting is neither.
    """
    return None if setting is None else _lookup(name, setting, PENALTIES, "None")


def check_callbacks(name: str, setting: object) -> None:
    """Raise TypeError unless a setting is a list of callbacks.

    Parameters
    ----------
    name : str
        What the error message calls the setting, such as "MLPClassifier: callbacks".
    setting : list or tuple of Callback
        The setting.

    Raises
    ------
    TypeError
        If it is something else.
    """
    if not isinstance(setting, (list, tuple)) or not all(isinstance(entry, Callback) for entry in setting):
        raise TypeError(
            f"{name} must be a list of callbacks, such as [EarlyStopping(5)], or () for none, got {describe(setting)}"
        )


def _lookup(name: str, setting: object, known: Mapping[str, Entry], other: str) -> Entry:
    """The entry that a setting names, or a ValueError that lists the names."""
    return known[check_choice(name, setting, known, other=other)]
