"""A ratchet that counts instead of timing: what one eager step on Values costs for each gate may not grow unnoticed.

The numbers are those of CPython 3.11; later versions call less. Whoever makes the engine leaner writes lower ones down.
"""

import gc
import sys
from typing import NamedTuple

import numpy as np
import pytest

from autograd import Value
from autograd.graph import backward as graph
from autograd.graph.order import topological_order
from autograd.graph.weak_identity_map import WeakIdentityMap

SAMPLES = 20


@pytest.fixture(autouse=True)
def as_in_a_program(monkeypatch):
    """The gates compiled, and without hooks that other tests have left on nodes that still live."""
    monkeypatch.setattr(graph, "hooks", WeakIdentityMap())
    forward, backward = training_step()
    backward(forward())


class Cost(NamedTuple):
    """For each gate of the step."""

    calls: float  # of Python functions, those of this file apart
    tracked: float  # objects left behind that the garbage collector walks
    blocks: float  # of memory left behind


ALLOWED = {
    "forward": Cost(calls=1.82, tracked=1.31, blocks=2.19),
    "backward": Cost(calls=1.18, tracked=0.0, blocks=1.05),  # 0.05: inputs that were not chosen add 0.0, a new float
}


def training_step():
    """Two closures, the forward and the backward pass of an MLP 2-4-1 with hinge loss and L2: together one step."""
    rng = np.random.default_rng(0)
    hidden = [[Value(w) for w in row] for row in rng.normal(size=(4, 3)).tolist()]
    out = [Value(w) for w in rng.normal(size=5).tolist()]
    parameters = [*(w for row in hidden for w in row), *out]
    X, y = rng.normal(size=(SAMPLES, 2)).tolist(), rng.choice([-1.0, 1.0], SAMPLES).tolist()

    def neuron(weights, x):
        total = weights[-1]
        for w, source in zip(weights, x, strict=False):
            total = total + w * source
        return total

    def forward():
        scores = (neuron(out, [neuron(weights, x).relu() for weights in hidden]) for x in X)
        losses = [(1.0 - sign * score).relu() for sign, score in zip(y, scores, strict=True)]
        return sum(losses) / SAMPLES + 1e-4 * sum(p * p for p in parameters)

    return forward, Value.backward


def cost_of(work, *arguments):
    """What `work(*arguments)` returns, and how many calls it made, tracked objects and blocks of memory it left."""
    calls = 0

    def count(frame, event, _):
        nonlocal calls
        calls += event == "call" and frame.f_code.co_filename != __file__

    gc.collect()
    others = sys.getprofile()
    blocks, tracked = sys.getallocatedblocks(), len(gc.get_objects())
    sys.setprofile(count)
    try:
        result = work(*arguments)
    finally:
        sys.setprofile(others)
    return result, Cost(calls, len(gc.get_objects()) - tracked, sys.getallocatedblocks() - blocks)


def step_costs():
    """The cost of the forward and of the backward pass, for each gate; the least of some, as others use memory too."""
    forward, backward = training_step()
    passes = {"forward": [], "backward": []}
    gc.disable()
    try:
        for _ in range(3):
            loss, ahead = cost_of(forward)
            _, back = cost_of(backward, loss)
            gates = sum(node.gate is not None for node in topological_order(loss))
            for name, cost in (("forward", ahead), ("backward", back)):
                passes[name].append([count / gates for count in cost])
    finally:
        gc.enable()
    return {name: Cost(*np.min(costs, axis=0).tolist()) for name, costs in passes.items()}


def grown(costs):
    """A line for each number that is above what is allowed."""
    return [
        f"{name}: {getattr(cost, what):.2f} {what} for each gate, where {getattr(ALLOWED[name], what)} were enough"
        for name, cost in costs.items()
        for what in Cost._fields
        if getattr(cost, what) > getattr(ALLOWED[name], what)
    ]


def test_a_step_costs_no_more_than_it_did():
    found = grown(step_costs())
    assert not found, "\n".join([*found, "Find what was added; if it must be, say why beside the higher number here"])


def slower(function):
    def another_call(*arguments):
        return function(*arguments)

    # its frames seem to be of another file: the engine's
    return type(function)(another_call.__code__.replace(co_filename="engine"), {}, closure=another_call.__closure__)


def test_it_notices_one_more_call(monkeypatch):
    original = Value.__mul__
    monkeypatch.setattr(Value, "__mul__", slower(original))
    assert "calls" in "".join(grown(step_costs()))
    monkeypatch.setattr(Value, "__mul__", original)
    monkeypatch.setattr(Value, "generated_rules", {gate: slower(rule) for gate, rule in Value.generated_rules.items()})
    (line,) = grown(step_costs())
    assert line.startswith("backward: ")
    assert "calls for each gate" in line


def test_it_notices_one_more_object(monkeypatch):
    def multiply(x, y, original=Value.__mul__):
        out = original(x, y)
        out.label = [out]
        return out

    monkeypatch.setattr(Value, "__mul__", multiply)
    lines = grown(step_costs())
    assert [line.split(" for each")[0].split()[-1] for line in lines] == ["tracked", "blocks"]
    gc.collect()
