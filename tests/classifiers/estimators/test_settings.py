"""The names that settings accept, and the parts of nn that they construct."""

from functools import partial

import numpy as np
import pytest

import nn
from autograd import Tensor
from classifiers.estimators import settings
from nn import optim, schedules

PARAMS = {"momentum": 0.5, "weight_decay": 0.25, "epochs": 3}


def parameters():
    return [Tensor(np.ones(2), requires_grad=True)]


@pytest.mark.parametrize(("name", "kind"), settings.ACTIVATIONS.items())
def test_activations_by_name(name, kind):
    assert isinstance(settings.activation_factory("E: activation", name)(), kind)


def test_activation_instances_are_copied_and_classes_instantiated():
    leaky = nn.LeakyReLU(0.2)
    make = settings.activation_factory("E: activation", leaky)
    first, second = make(), make()
    assert first is not leaky
    assert first is not second
    assert first.slope == second.slope == 0.2
    assert isinstance(settings.activation_factory("E: activation", nn.Tanh)(), nn.Tanh)


def test_rejects_activation_classes_that_need_arguments():
    with pytest.raises(ValueError, match=r"E: activation must be a class .* got Linear .*pass an instance, Linear"):
        settings.activation_factory("E: activation", nn.Linear)


@pytest.mark.parametrize("name", settings.LOSSES)
def test_losses_by_name(name):
    assert isinstance(settings.loss_factory("E: loss", name)(), nn.CrossEntropyLoss | nn.HingeLoss)


def test_losses_accept_keywords_by_name_and_are_copied_as_instances():
    assert settings.loss_factory("E: loss", "softmax")(label_smoothing=0.1).label_smoothing == 0.1
    assert settings.loss_factory("E: loss", "squared_hinge")().squared
    loss = nn.HingeLoss(0.5)
    copy = settings.loss_factory("E: loss", loss)()
    assert copy is not loss
    assert copy.margin == 0.5


@pytest.mark.parametrize(
    ("name", "kind", "momentum"),
    [
        ("sgd", optim.SGD, 0.5),
        ("rmsprop", optim.RMSProp, 0.5),
        ("adam", optim.Adam, None),
        ("adamw", optim.AdamW, None),
    ],
)
def test_optimisers_get_the_settings_that_they_accept(name, kind, momentum):
    optimizer = settings.optimizer_factory("E: optimizer", name, PARAMS)(parameters(), lr=0.1)
    assert type(optimizer) is kind
    (group,) = optimizer.param_groups
    assert (group["lr"], group["weight_decay"], group.get("momentum")) == (0.1, 0.25, momentum)


def test_optimiser_functions_are_returned_unchanged():
    make = partial(optim.SGD, momentum=0.9)
    assert settings.optimizer_factory("E: optimizer", make, PARAMS) is make


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("constant", schedules.Constant),
        ("cosine", schedules.Cosine),
        ("one_cycle", schedules.OneCycle),
        ("plateau", schedules.Plateau),
        ("step", schedules.Step),
    ],
)
def test_schedules_by_name(name, kind):
    optimizer = optim.SGD(parameters(), lr=1.0)
    assert type(settings.schedule_factory("E: schedule", name)(optimizer, 30)) is kind


def test_schedule_functions_are_returned_unchanged():
    def make(optimizer, total_steps):
        return schedules.Constant(optimizer)

    assert settings.schedule_factory("E: schedule", make) is make


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: settings.activation_factory("E: activation", "gelu"),
            "E: activation must be one of relu, .* a module of nn, got 'g",
        ),
        (
            lambda: settings.loss_factory("E: loss", 3),
            "E: loss must be one of cross_entropy, .* or a loss of nn, got 3",
        ),
        (
            lambda: settings.optimizer_factory("E: optimizer", "lion", {}),
            r"E: optimizer must be one of adamw, .* got 'lion'",
        ),
        (lambda: settings.schedule_factory("E: schedule", None), r"E: schedule must be one of constant, .* got None"),
    ],
)
def test_rejects_unknown_names(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_penalties():
    model = nn.Linear(2, 1, init="zeros", dtype=float)
    model.weight.data = np.array([[1.0, -3.0]])
    assert settings.penalty_function("E: penalty", "l1")(model).item() == 4.0
    assert settings.penalty_function("E: penalty", "l2")(model).item() == 10.0
    assert settings.penalty_function("E: penalty", None) is None
    with pytest.raises(ValueError, match="E: penalty must be one of l1, l2, or None, got 'l3'"):
        settings.penalty_function("E: penalty", "l3")
