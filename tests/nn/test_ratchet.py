"""A ratchet: counts the calls and allocations of a training step, so that neither grows unnoticed. Nothing is timed."""

import gc
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import Tensor
from autograd.graph.hooks import hooks
from nn import CrossEntropyLoss, Linear, ReLU, Sequential, optim
from nn.optim import base

OURS = tuple(str(Path(package.__file__).parent) for package in (autograd, nn))
INLINED = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}  # Python 3.12 inlines most of these


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Remove the hooks of other tests, which each backward pass looks up; compile the optimiser at its second step."""
    monkeypatch.setattr(hooks, "_entries", {})
    monkeypatch.setattr(base, "WARM", 1)


class Count:
    """Within `with Count() as count:`, counts the `calls` of our functions and the `kib` they allocate, by function.

    The memory of a line is its peak above what was allocated before, in whole KiB, if at least 2. So an array counts
    even if it lives for one line only, and Python's own small objects do not count.
    """

    def __init__(self):
        self.calls, self.kib, self._code, self._before = Counter(), Counter(), None, 0

    def __enter__(self):
        gc.collect()
        gc.disable()
        tracemalloc.start()
        self._others = sys.gettrace()
        self._before = tracemalloc.get_traced_memory()[0]
        sys.settrace(self._trace)
        return self

    def __exit__(self, *_):
        sys.settrace(self._others)
        tracemalloc.stop()
        gc.enable()

    def _trace(self, frame, event, _):
        code = frame.f_code
        if not code.co_filename.startswith(OURS):
            return None
        grown = (tracemalloc.get_traced_memory()[1] - self._before) // 1024
        if grown >= 2:
            self.kib[self._code] += grown
        if event == "call" and code.co_name not in INLINED:
            self.calls[code] += 1
        self._code = frame.f_back.f_code if event == "return" else code
        tracemalloc.reset_peak()
        self._before = tracemalloc.get_traced_memory()[0]
        return self._trace


def _table(counted):
    """The functions, sorted by their number, largest first."""
    names = {code: f"{Path(code.co_filename).name}:{code.co_firstlineno} {code.co_qualname}" for code in counted}
    return "".join(f"\n{number:7} {names[code]}" for code, number in counted.most_common())


def counted(step):
    """The second of two counts: in the first, the counters themselves allocate memory."""
    for _ in range(2):
        with Count() as count:
            step()
    return count


def training_step(n, hidden, make, change=lambda scores: scores):
    rng = np.random.default_rng(0)
    X, labels = Tensor(rng.normal(size=(n, 3072)).astype(np.float32)), rng.integers(10, size=n)
    model, loss = Sequential(Linear(3072, hidden, rng=0), ReLU(), Linear(hidden, 10, rng=1)), CrossEntropyLoss()
    optimizer = make(model.parameters())

    def step():
        optimizer.zero_grad()
        loss(change(model(X)), labels).backward()
        optimizer.step()

    for _ in range(2):  # the first allocates the state of the optimiser, the second compiles its loop
        step()
    return step


def sgd(parameters):
    return optim.SGD(parameters, lr=0.01, momentum=0.9, weight_decay=1e-4)


@pytest.mark.parametrize(
    ("make", "n", "hidden", "calls", "kib"),
    [
        (sgd, 64, 32, 222, 669),
        (optim.AdamW, 64, 32, 222, 669),
        (sgd, 256, 512, 224, 9693),
    ],
)
def test_calls_and_allocations_of_a_training_step(make, n, hidden, calls, kib):
    count = counted(training_step(n, hidden, make))
    for what, found, known in (("calls", count.calls, calls), ("KiB", count.kib, kib)):
        total = found.total()
        advice = "is the change worth it?" if total > known else "lower the number here to keep it."
        assert total == known, f"expected {known} {what} in a training step, got {total}; {advice}{_table(found)}"


def test_one_more_gate_is_noticed():
    counts = [counted(training_step(64, 32, sgd, change)) for change in (lambda scores: scores, lambda scores: -scores)]
    assert counts[1].calls.total() > counts[0].calls.total()
    assert counts[1].kib.total() == counts[0].kib.total() + 2 + 2  # of an array (64, 10), forward and backward
