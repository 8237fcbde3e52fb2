"""Ctrl-C: a run ends gracefully, and can be resumed."""

import os
import signal
import threading

import numpy as np
import pytest

from nn import CrossEntropyLoss, Linear, optim
from nn.training.callbacks import Callback
from nn.training.interruption import interruptible
from nn.training.loop import Training

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4))
LABELS = (X[:, 0] > 0).astype(int)
DATA = X, LABELS


def make(**settings):
    model = Linear(4, 2, rng=0, dtype=float)
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    return Training(model, CrossEntropyLoss(), optimizer, batch_size=16, rng=1, **settings)


def weights(training):
    return np.concatenate([array.ravel() for array in training.model.state_dict().values()]).tobytes()


class PressCtrlC(Callback):
    def __init__(self, step, times=1):
        self.step, self.times = step, times

    def on_step(self, training):
        if training.steps == self.step:
            for _ in range(self.times):
                os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize("step", [3, 4, 6])
def test_ctrl_c_ends_the_run_after_the_step_and_can_be_resumed(step, tmp_path, capsys):
    unbroken, broken, again = make(), make(callbacks=[PressCtrlC(step)]), make()
    unbroken.run(DATA, epochs=3)
    history = broken.run(DATA, epochs=3, save_to=tmp_path / "c")
    assert broken.steps == step
    assert len(history) == step // 4
    assert f"interrupted at step {step}: the weights are kept" in capsys.readouterr().err
    assert not broken.model.training
    again.resume(tmp_path / "c")
    again.run(DATA, epochs=3)
    assert weights(again) == weights(unbroken)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_ctrl_c_ends_the_run_at_once():
    training = make(callbacks=[PressCtrlC(2, times=2)])
    with pytest.raises(KeyboardInterrupt):
        training.run(DATA, epochs=3)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_leaves_signals_alone_in_other_threads_and_if_the_program_handles_them():
    seen = []

    def look():
        with interruptible() as interruption:
            seen.append((interruption.requested, signal.getsignal(signal.SIGINT)))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [(False, signal.default_int_handler)]

    def own(number, frame):
        pass

    before = signal.signal(signal.SIGINT, own)
    try:
        look()
        assert seen[1] == (False, own)
    finally:
        signal.signal(signal.SIGINT, before)
