"""Checks of the parts of a training run: the type of each, and that they belong together."""

import pytest

from autograd import Tensor
from nn import CrossEntropyLoss, Linear, optim
from nn.schedules import Plateau
from nn.training.callbacks import Callback
from nn.training.loop import Training
from nn.training.parts import PARTS


def other():
    return Linear(4, 2, rng=0)


def _one(scores, labels):
    return 1.0


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"optimizer": optim.SGD(other().parameters(), lr=1)}, "this optimizer belongs to another model"),
        ({"schedule": Plateau(optim.SGD(other().parameters(), lr=1))}, "this schedule belongs to another optimizer"),
        ({"loss": CrossEntropyLoss}, "Training: loss must be a loss of one number .* got type"),
        ({"loss": CrossEntropyLoss(reduction="sum")}, "loss must be a loss of one number"),
        ({"schedule": Plateau}, "schedule must be a schedule of nn.schedules, or None.* got type"),
        ({"penalty": Tensor(1.0)}, "penalty must be a function of the model"),
        ({"callbacks": Callback()}, "callbacks must be a list of Callbacks"),
        ({"callbacks": [Callback]}, "callbacks must be a list of Callbacks"),
        ({"metrics": "accuracy"}, "metrics must be a list of functions"),
        ({"metrics": [_one, _one]}, r"expected metrics whose names differ .* got _one, _one"),
        ({"clip_norm": 0}, "clip_norm must be above 0"),
    ],
)
def test_rejects_parts_of_the_wrong_type_or_of_another_run(change, text):
    model = other()
    parts = {"loss": CrossEntropyLoss(), "optimizer": optim.SGD(model.parameters(), lr=0.1), **change}
    with pytest.raises((TypeError, ValueError), match=text):
        Training(model, **parts)


def test_every_part_is_checked():
    model = other()
    training = Training(model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.1))
    assert all(hasattr(training, name) for name in PARTS)
    with pytest.raises(TypeError, match="Training: model must be a module of nn with parameters, got str"):
        Training("model", CrossEntropyLoss(), training.optimizer)
