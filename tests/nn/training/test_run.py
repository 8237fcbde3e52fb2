"""The protocol that callbacks are annotated with, which `Training` implements; and the metrics of an epoch."""

import inspect

import numpy as np

from nn import CrossEntropyLoss, Linear, optim
from nn.training import Callback, Training
from nn.training.run import Epoch, Run


def test_training_has_every_attribute_and_method_during_a_run():
    seen = []

    class Look(Callback):
        def look(self, run):
            seen.append({name for name in (*Run.__annotations__, "running") if hasattr(run, name)})

        on_start = on_step = on_epoch = on_end = look

    X = np.random.default_rng(0).normal(size=(30, 3))
    model = Linear(3, 2, rng=0)
    optimizer = optim.SGD(model.parameters(), lr=0.5)
    training = Training(model, CrossEntropyLoss(), optimizer, batch_size=10, callbacks=[Look()], rng=0)
    training.run((X, (X[:, 0] > 0).astype(int)), epochs=1)
    assert len(seen) == 6
    assert all(names == {*Run.__annotations__, "running"} for names in seen)


def test_methods_have_the_signatures_of_training():
    for name in ("stop", "evaluate"):
        assert inspect.signature(getattr(Run, name)) == inspect.signature(getattr(Training, name))


def test_callbacks_are_annotated_with_run():
    for name in ("on_start", "on_step", "on_epoch", "on_end"):
        assert inspect.get_annotations(getattr(Callback, name), eval_str=True) == {"training": Run, "return": None}


def test_str_of_an_epoch():
    plain = Epoch(3, 1.5, 0.25, None, None, {}, 0.1, 2.0)
    assert str(plain) == "epoch   3  loss 1.5000  training  25.00%    2.0 s"
    held_out = plain._replace(validation_loss=1.0, validation_accuracy=0.5, metrics={"top_5": 0.75})
    assert "validation  50.00%  top_5 0.7500" in str(held_out)
    assert "validation loss 1.0000" in str(held_out._replace(accuracy=None, validation_accuracy=None))
