"""The history file: a line of JSON for each epoch, read back unchanged."""

import numpy as np
import pytest

from nn import CrossEntropyLoss, Linear, optim
from nn.training.history import HistoryFile, read_history
from nn.training.loop import Training

X = np.random.default_rng(0).normal(size=(30, 3))
TRAIN = VALIDATION = X, (X[:, 0] > 0).astype(int)


def make(*callbacks):
    model = Linear(3, 2, rng=0)
    return Training(
        model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=0.5), batch_size=10, callbacks=callbacks, rng=0
    )


def test_file_grows_with_the_run_and_is_read_back(tmp_path):
    path = tmp_path / "new" / "history.jsonl"
    training = make(HistoryFile(path))
    training.run(TRAIN, epochs=1)
    assert read_history(path) == training.history
    training.run(TRAIN, epochs=3, validation=VALIDATION)
    assert read_history(path) == training.history
    assert len(path.read_text().splitlines()) == 3


def test_lines_of_a_killed_run_are_replaced(tmp_path):
    path = tmp_path / "history.jsonl"
    training = make(HistoryFile(path))
    training.run(TRAIN, epochs=1)
    complete = path.read_text()
    path.write_text(complete + complete.replace('"number": 1', '"number": 2') + complete[:20])
    assert [epoch.number for epoch in read_history(path)] == [1, 2]  # the incomplete line is left out
    training.run(TRAIN, epochs=2)
    assert read_history(path) == training.history


def test_names_the_line_that_is_not_an_epoch(tmp_path):
    path = tmp_path / "history.jsonl"
    for line in ("{}", "nonsense", "[1]", '{"number": 1}'):
        path.write_text(line + "\n")
        with pytest.raises(ValueError, match=r"history\.jsonl, line 1, is not an epoch"):
            read_history(path)


def test_a_full_disk_is_named(tmp_path):
    class Full(HistoryFile):
        def on_start(self, training):
            """The device cannot be replaced."""

    model = Linear(3, 2, rng=0)
    training = Training(
        model,
        CrossEntropyLoss(),
        optim.SGD(model.parameters(), lr=0.1),
        batch_size=4,
        callbacks=[Full("/dev/full")],
        rng=0,
    )
    with pytest.raises(OSError, match=r"epoch 1 to /dev/full: No space left on device\. Free some space") as caught:
        training.run((np.zeros((8, 3), np.float32), np.zeros(8, int)), epochs=1)
    assert caught.value.errno == 28
