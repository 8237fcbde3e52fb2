"""Memory: bytes per node, no leaks in training, and graphs that are released without the garbage collector."""

import gc
import tracemalloc

import numpy as np
import pytest

from autograd import Tensor, Value
from nn import CrossEntropyLoss, Linear, ReLU, Sequential, optim


@pytest.mark.slow
def test_a_node_takes_less_than_400_bytes_through_backward():
    count = 200_000  # the same for each of a million
    tracemalloc.start()
    try:
        x, a = Value(1.0), Value(1.000001)
        y = x
        for _ in range(count // 2):
            y = y * a + x
        y.backward()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak / count < 400


@pytest.fixture
def without_collector():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def scalar_step(parameters):
    loss = sum((p * 0.5 + 1.0).tanh() * p for p in parameters)
    for p in parameters:
        p.zero_grad()
    loss.backward()
    for p in parameters:
        p.data -= 0.01 * p.grad


def test_a_thousand_steps_on_values_leak_nothing_without_the_collector(without_collector):
    parameters = [Value(0.1 * i) for i in range(5)]
    for _ in range(10):
        scalar_step(parameters)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(1000):
            scalar_step(parameters)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 20_000  # a leak of one node per step would be 200,000


def test_a_thousand_steps_of_a_model_leak_nothing_without_the_collector(without_collector):
    model, loss = Sequential(Linear(4, 8, rng=0), ReLU(), Linear(8, 3, rng=1)), CrossEntropyLoss()
    optimizer = optim.AdamW(model.parameters(), lr=1e-3)
    X, y = np.ones((6, 4), np.float32), np.array([0, 1, 2, 0, 1, 2])

    def step():
        optimizer.zero_grad()
        loss(model(X), y).backward()
        optimizer.step()

    for _ in range(10):
        step()
    before = sum(type(thing) is Tensor for thing in gc.get_objects())
    for _ in range(1000):
        step()
    assert sum(type(thing) is Tensor for thing in gc.get_objects()) == before
