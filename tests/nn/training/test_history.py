"""The history: a line of JSON for each epoch as it ends, read back as it was."""

import numpy as np
import pytest

from nn import CrossEntropyLoss, Linear, optim
from nn.training.history import Epoch, HistoryFile, read_history
from nn.training.loop import Training

X = np.random.default_rng(0).normal(size=(30, 3))
TRAIN = VALIDATION = X, (X[:, 0] > 0).astype(int)


def make(*callbacks):
    model = Linear(3, 2, rng=0)
    return Training(
        model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.5), batch_size=10, callbacks=callbacks, rng=0
    )


def test_it_grows_with_the_training_and_is_read_back(tmp_path):
    path = tmp_path / "new" / "history.jsonl"
    training = make(HistoryFile(path))
    training.run(TRAIN, epochs=1)
    assert read_history(path) == training.history
    training.run(TRAIN, epochs=3, validation=VALIDATION)
    assert read_history(path) == training.history
    assert len(path.read_text().splitlines()) == 3


def test_what_a_kill_left_is_replaced(tmp_path):
    path = tmp_path / "history.jsonl"
    training = make(HistoryFile(path))
    training.run(TRAIN, epochs=1)
    whole = path.read_text()
    path.write_text(whole + whole.replace('"number": 1', '"number": 2') + whole[:20])
    assert [epoch.number for epoch in read_history(path)] == [1, 2]  # the half line is left out
    training.run(TRAIN, epochs=2)
    assert read_history(path) == training.history


def test_a_line_that_is_no_epoch_is_named(tmp_path):
    path = tmp_path / "history.jsonl"
    for line in ("{}", "nonsense", "[1]", '{"number": 1}'):
        path.write_text(line + "\n")
        with pytest.raises(ValueError, match=r"history\.jsonl, line 1, is no epoch"):
            read_history(path)


def test_a_line_for_people():
    plain = Epoch(3, 1.5, 0.25, None, None, {}, 0.1, 2.0)
    assert str(plain) == "epoch   3  loss 1.5000  training  25.00%    2.0 s"
    held_out = plain._replace(validation_loss=1.0, validation_accuracy=0.5, metrics={"top_5": 0.75})
    assert "validation  50.00%  top_5 0.7500" in str(held_out)
    assert "validation loss 1.0000" in str(held_out._replace(accuracy=None, validation_accuracy=None))
