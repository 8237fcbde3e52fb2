"""Callbacks: when they are called, early stopping with the best weights, the progress bar, TensorBoard."""

import struct
import sys

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import CrossEntropyLoss, Linear, optim
from nn.training.callbacks import Callback, EarlyStopping, Progress, TensorBoard
from nn.training.history import Epoch, HistoryFile
from nn.training.loop import Training

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 20))
LABELS = RNG.integers(2, size=60)  # random, so that fitting the training samples harms the others
TRAIN, VALIDATION = (X[:20], LABELS[:20]), (X[20:], LABELS[20:])


def make(*callbacks, lr=0.5):
    model = Linear(20, 2, rng=0)
    return Training(
        model, CrossEntropyLoss(), optim.SGD(model.parameters(), lr=lr), batch_size=10, callbacks=callbacks, rng=0
    )


def test_callbacks_are_called_in_order_and_may_stop_the_run():
    class Recorder(Callback):
        def __init__(self):
            self.calls = []

        def on_start(self, training):
            self.calls.append("start")

        def on_step(self, training):
            self.calls.append(training.steps)

        def on_epoch(self, training):
            self.calls.append("epoch")
            if len(training.history) == 2:
                training.stop("enough")

        def on_end(self, training):
            self.calls.append("end")

    recorder = Recorder()
    training = make(recorder)
    assert len(training.run(TRAIN, epochs=9)) == 2
    assert training.stopped == "enough"
    assert recorder.calls == ["start", 1, 2, "epoch", 3, 4, "epoch", "end"]


def test_on_end_is_called_if_a_step_fails():
    class Fails(Callback):
        ended = False

        def on_step(self, training):
            raise RuntimeError("a user's own")

        def on_end(self, training):
            self.ended = True

    fails = Fails()
    with pytest.raises(RuntimeError, match="a user's own"):
        make(fails).run(TRAIN, epochs=1)
    assert fails.ended


def test_early_stopping_keeps_the_best_weights():
    stopping = EarlyStopping(3)
    training = make(stopping)
    history = training.run(TRAIN, epochs=100, validation=VALIDATION)
    losses = [epoch.validation_loss for epoch in history]
    assert stopping.best_epoch == 1 + int(np.argmin(losses))
    assert len(history) == stopping.best_epoch + 3
    assert training.evaluate(VALIDATION).loss == min(losses) < losses[-1]
    assert training.stopped.startswith("validation_loss has not improved on")


@pytest.mark.parametrize(("watch", "pick"), [("validation_accuracy", max), ("loss", min)])
def test_early_stopping_watches_any_measure(watch, pick):
    stopping = EarlyStopping(4, watch=watch)
    history = make(stopping).run(TRAIN, epochs=12, validation=VALIDATION)
    assert stopping.best == pick(getattr(epoch, watch) for epoch in history)


def test_early_stopping_resumes_with_its_best_weights(tmp_path):
    unbroken, first, again = make(EarlyStopping(6)), make(EarlyStopping(6)), make(EarlyStopping(6))
    unbroken.run(TRAIN, epochs=100, validation=VALIDATION)
    first.run(TRAIN, epochs=4, validation=VALIDATION, save_to=tmp_path / "c")
    again.resume(tmp_path / "c")
    again.run(TRAIN, epochs=100, validation=VALIDATION, save_to=tmp_path / "c")
    assert again.model.weight.data.tobytes() == unbroken.model.weight.data.tobytes()
    assert again.stopped == unbroken.stopped
    ended = make(EarlyStopping(6))
    ended.resume(tmp_path / "c")  # the run has ended: nothing is left to do
    assert len(ended.run(TRAIN, epochs=100, validation=VALIDATION)) == len(unbroken.history)
    assert ended.model.weight.data.tobytes() == unbroken.model.weight.data.tobytes()


def test_rejects_checkpoints_with_other_callbacks(tmp_path):
    make(EarlyStopping()).run(TRAIN, epochs=1, validation=VALIDATION, save_to=tmp_path / "c")
    with pytest.raises(ValueError, match=r"another training run: expected callbacks \[\], got \['EarlyStopping'\]"):
        make().resume(tmp_path / "c")


def test_early_stopping_rejects_measures_that_do_not_exist():
    with pytest.raises(ValueError, match="expected a value to watch among loss, accuracy, got 'validation_loss'"):
        make(EarlyStopping()).run(TRAIN, epochs=1)
    with pytest.raises(ValueError, match="patience must be a whole number, at least 1, got 0"):
        EarlyStopping(0)


def test_prints_a_line_for_each_epoch_and_no_bar_outside_a_terminal(capsys):
    make(EarlyStopping(1, least=10.0)).run(TRAIN, epochs=3, validation=VALIDATION, verbose=True)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line[:9] for line in lines] == ["epoch   1", "epoch   2", "stopped: "]
    assert "validation  " in lines[0]
    assert err == ""


def test_shows_a_bar_in_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    make(Progress()).run(TRAIN, epochs=40)
    err = capsys.readouterr().err
    for part in ("epoch 1/40", "loss ", "training ", "%", "rate 0.5", "0/80"):
        assert part in err


def test_tensorboard_names_the_package_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=r"pip install 'gatewise\[tensorboard\]'"):
        TensorBoard("anywhere")


def events(folder):
    """Read event files: tag, step and value. A record is length, checksum, bytes, checksum."""
    from tensorboardX.proto.event_pb2 import Event

    for path in sorted(folder.glob("events*")):
        content, place = path.read_bytes(), 0
        while place < len(content):
            (length,) = struct.unpack_from("<Q", content, place)
            event = Event.FromString(content[place + 12 : place + 12 + length])
            yield from ((value.tag, event.step, value.simple_value) for value in event.summary.value)
            place += length + 16


def test_tensorboard_files(tmp_path):
    pytest.importorskip("tensorboardX", reason="needs tensorboardX")
    history = make(TensorBoard(tmp_path)).run(TRAIN, epochs=2, validation=VALIDATION)
    found = {(tag, step): value for tag, step, value in events(tmp_path)}
    assert found["loss/validation", 2] == pytest.approx(history[1].validation_loss)
    assert found["accuracy/training", 1] == pytest.approx(history[0].accuracy)
    assert found["learning_rate", 1] == pytest.approx(0.5)


def test_earlier_callbacks_end_if_a_later_one_fails_at_the_start(tmp_path):
    (tmp_path / "file").write_text("")
    steps = []

    class Recorder(Callback):
        def on_end(self, training):
            steps.append(training.steps)

    with pytest.raises(OSError, match="cannot write"):
        make(Recorder(), HistoryFile(tmp_path / "file" / "history")).run(TRAIN, epochs=1, verbose=True)
    assert steps == [0]


def test_a_run_stopped_within_an_epoch_is_saved(tmp_path):
    class Stop(Callback):
        def on_step(self, training):
            if training.steps == 3:
                training.stop("enough")

    make(Stop()).run(TRAIN, epochs=3, save_to=tmp_path / "c")
    again = make()
    again.resume(tmp_path / "c")
    assert again.steps == 3
    assert len(again.run(TRAIN, epochs=3)) == 3  # another run continues


def test_a_run_continues_from_the_last_weights_not_the_best(tmp_path):
    unbroken, broken, again = make(EarlyStopping(90)), make(EarlyStopping(90)), make(EarlyStopping(90))
    unbroken.run(TRAIN, epochs=12, validation=VALIDATION)
    broken.run(TRAIN, epochs=6, validation=VALIDATION)
    broken.save(tmp_path / "c")  # the model has its best weights
    again.resume(tmp_path / "c")
    for training in (broken, again):
        assert [epoch.loss for epoch in training.run(TRAIN, epochs=12, validation=VALIDATION)] == [
            epoch.loss for epoch in unbroken.history
        ]


def test_a_measure_of_nan_is_never_the_best():
    def odd(scores, labels):
        return next(values)

    values = iter([np.nan, 0.5, 0.7, np.nan, 0.6, 0.6])
    stopping = EarlyStopping(3, watch="odd", maximize=True)
    training = make(stopping)
    training.metrics = [odd]
    training.run(TRAIN, epochs=9, validation=VALIDATION)
    assert (stopping.best_epoch, stopping.best, len(training.history)) == (3, 0.7, 6)


def test_rejects_misspelt_methods_and_repr_shows_the_settings():
    with pytest.raises(TypeError, match=r"Wrong defines on_epoch_end, .* never called; a training run calls on_start"):
        type("Wrong", (Callback,), {"on_epoch_end": lambda self, training: None})
    assert repr(EarlyStopping(2)) == "EarlyStopping(patience=2, watch='validation_loss', least=0.0, maximize=False)"


@pytest.mark.parametrize(
    "watch", ["error_rate", "validation_error_rate", "neg_log_loss", "top_1_error", "f1", "perplexity"]
)
def test_a_direction_is_stated_where_the_name_does_not_say_it(watch):
    with pytest.raises(ValueError, match=f"'{watch}'.* pass maximize=True, or maximize=False"):
        EarlyStopping(3, watch=watch)
    assert EarlyStopping(3, watch=watch, maximize=False).maximize is False
    for name, maximize in (("loss", False), ("validation_loss", False), ("accuracy", True), ("validation_top_5", True)):
        assert EarlyStopping(3, watch=name).maximize is maximize


def test_an_error_rate_is_driven_down():
    def error_rate(scores, labels):
        return float((np.asarray(scores).argmax(axis=1) != labels).mean())

    stopping = EarlyStopping(3, watch="error_rate", maximize=False)
    training = make(stopping)
    training.metrics = [error_rate]
    training.run(TRAIN, epochs=9, validation=VALIDATION)
    rates = [epoch.metrics["error_rate"] for epoch in training.history]
    assert stopping.best == min(rates) == rates[stopping.best_epoch - 1]


class Losses:
    """A training run whose validation losses are given."""

    def __init__(self, losses):
        self.measures, self.history, self.stopped = ("validation_loss",), [], None
        self.model, self.losses = Linear(2, 2, rng=0), losses

    def run(self, stopping):
        stopping.on_start(self)
        for number, loss in enumerate(self.losses, start=1):
            self.history = [*self.history, Epoch(number, 0.0, None, loss, None, {}, 0.1, 0.0)]
            stopping.on_epoch(self)
            if self.stopped:
                break
        return stopping.best_epoch, len(self.history)

    def stop(self, why):
        self.stopped = why


@pytest.mark.parametrize(
    ("losses", "least", "best", "epochs"),
    [
        ([1, 1, 1], 0.0, 1, 3),  # the same again is no improvement
        ([1, 1 - 1e-12, 1], 0.0, 2, 3),
        ([1, 0.75, 0.5, 0.25], 0.25, 3, 4),  # 0.75 is not better than 1 by more than 0.25; 0.5 is; 0.25 is not
        ([2, 1, np.nan, 1, 0.5], 0.0, 2, 4),
        ([np.nan, np.inf, 3, 2], 0.0, 4, 4),
    ],
)
def test_early_stopping_takes_the_first_of_equal_epochs(losses, least, best, epochs):
    assert Losses(losses).run(EarlyStopping(2, least=least)) == (best, epochs)


@pytest.mark.parametrize("least", [0.0, 0.25])
@hypothesis.settings(max_examples=50, deadline=None)
@given(losses=st.lists(st.sampled_from([-np.inf, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, np.inf, np.nan]), min_size=1))
def test_maximising_equals_minimising_the_negative(least, losses):
    up = Losses([-loss for loss in losses]).run(EarlyStopping(2, least=least, maximize=True))
    assert Losses(losses).run(EarlyStopping(2, least=least)) == up


class FullWriter:
    """A writer of tensorboardX whose disk is full from one of its calls on."""

    def __init__(self, fails):
        self.fails = fails

    def __getattr__(self, name):
        def call(*args):
            if name == self.fails:
                raise OSError(28, "No space left on device")

        return call


@pytest.mark.parametrize("fails", ["open", "add_scalar", "flush", "close"])
def test_tensorboard_names_the_folder_on_a_full_disk(monkeypatch, fails):
    def writer(*args, **options):
        (made := FullWriter(fails)).open()
        return made

    monkeypatch.setattr(TensorBoard, "_writer", staticmethod(lambda: writer))
    with pytest.raises(OSError, match=r"files to runs/1: No space left on device\. Free some space") as caught:
        make(TensorBoard("runs/1")).run(TRAIN, epochs=1)
    assert caught.value.errno == 28
