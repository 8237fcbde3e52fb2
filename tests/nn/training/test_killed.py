"""A run killed at any moment, even while it writes a checkpoint, can be resumed and ends with the same weights."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nn.saving import files

ROOT = Path(__file__).parents[3]
TRAIN = """
import os, signal, stat, sys, time
import numpy as np
from nn.training.callbacks import Callback, EarlyStopping
from nn.training.loop import Training
from nn import BatchNorm1d, CrossEntropyLoss, Dropout, Linear, ReLU, Sequential, optim, schedules

path, die_in_write = sys.argv[1], int(sys.argv[2])
data = np.random.default_rng(0)
X = data.normal(size=(200, 20)).astype(np.float32)
labels = data.integers(3, size=200)

class Slow(Callback):
    def on_step(self, training):
        time.sleep(0.004)

rng = np.random.default_rng(1)
model = Sequential(
    Linear(20, 64, rng=rng), BatchNorm1d(64), ReLU(), Dropout(0.3, rng=rng), Linear(64, 3, rng=rng)
)
optimizer = optim.AdamW(model.parameters(), lr=0.01)
training = Training(
    model, CrossEntropyLoss(label_smoothing=0.1), optimizer, batch_size=32, rng=rng,
    schedule=schedules.WarmUp(schedules.Cosine(optimizer, total_steps=400), steps=20),
    augment=lambda batch, rng: batch + 0.1 * rng.normal(size=batch.shape).astype(np.float32),
    callbacks=[EarlyStopping(60), Slow()],
)
if os.path.exists(path):
    training.resume(path)
if die_in_write:
    real, calls = os.fsync, 0
    def fsync(handle):
        global calls
        calls += 1
        if calls == die_in_write:  # with half of the file written, or everything renamed
            if stat.S_ISREG(os.fstat(handle).st_mode):
                os.truncate(handle, os.fstat(handle).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)
        real(handle)
    os.fsync = fsync
print("going", flush=True)
training.run((X, labels), epochs=60, validation=(X[:50], labels[:50]), save_to=path, save_every=1)
print(training.steps, training.history[-1].loss)
"""


def start(path, die_in_write=0):
    command = [sys.executable, "-c", TRAIN, str(path), str(die_in_write)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def end(path):
    """Train to the end; the output and the weights."""
    child = start(path)
    out, _ = child.communicate()
    assert child.returncode == 0
    arrays = files.read(path).arrays
    return out, {name: array.tobytes() for name, array in arrays.items()}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.campaign)])
def test_kills_do_not_change_the_result(kills, tmp_path):
    draw = random.Random(0)
    whole, path = end(tmp_path / "whole"), tmp_path / "killed"
    reached = []
    for i in range(kills):
        child = start(path, die_in_write=draw.randint(1, 12) if i % 3 == 0 else 0)
        child.stdout.readline()
        if i % 3:
            time.sleep(draw.uniform(0, 0.1))
            child.kill()
        child.communicate()
        assert child.returncode == -9, "the run ended before it was killed"
        if path.exists():
            reached.append(files.read(path).metadata["training"]["steps"])  # readable after every kill
    assert reached == sorted(reached)
    assert len(set(reached)) > kills // 2 or kills < 20  # a few may all come before the first checkpoint
    assert end(path) == whole
    assert [one.name for one in tmp_path.iterdir() if "unfinished" in one.name] == []
