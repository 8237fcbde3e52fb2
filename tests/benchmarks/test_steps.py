"""The training step of an MLP."""

import numpy as np

from benchmarks import sides, steps


def test_the_loss_decreases():
    step = steps.Step(steps.SMALL, "AdamW")
    losses = [step().item() for _ in range(5)]
    assert losses == sorted(losses, reverse=True)


def test_the_products_are_those_of_a_step(monkeypatch):
    timed = []
    monkeypatch.setattr(steps, "compare", lambda ours, peer: timed.append(peer))
    steps.products(steps.SMALL)
    shapes, matmul = [], np.matmul

    def note(x, y, out):
        shapes.append((x.shape, y.shape))
        return matmul(x, y, out=out)

    monkeypatch.setattr(np, "matmul", note)
    steps.products(steps.SMALL)
    timed[-1]()
    batch, hidden = steps.SHAPES[steps.SMALL]
    assert shapes == [
        ((batch, 3072), (3072, hidden)),
        ((batch, hidden), (hidden, 10)),
        ((10, batch), (batch, hidden)),
        ((batch, 10), (10, hidden)),
        ((hidden, batch), (batch, 3072)),
    ]
    assert sides.SPAN == steps.SPAN


def test_both_sides_warm_up(monkeypatch):
    monkeypatch.setattr(steps, "WARM", 3)
    calls = []
    steps.compare(lambda: calls.append("ours"), lambda: calls.append("peer"))
    assert calls == 3 * ["ours", "peer"]


def test_labels_name_the_sizes():
    assert steps.label(steps.SMALL) == "64×3072×32"
