"""A training step of an MLP on Tensors, against torch, jax, and the matrix products it consists of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograd import Tensor
from benchmarks.benchmark import SHARE, Benchmark, at_least, at_most
from benchmarks.peers import load
from benchmarks.sides import SPAN, Sides, agree, timed
from nn import CrossEntropyLoss, Linear, ReLU, Sequential, optim
from nn.optim.base import WARM

FEATURES, CLASSES = 3072, 10
BATCHES = ((64, 32), (128, 100), (256, 512), (256, 1024))  # samples, and neurons of the hidden layer
SHAPES = {FEATURES * batch * hidden: (batch, hidden) for batch, hidden in BATCHES}
SMALL, MIDDLE, LARGE, LARGEST = SHAPES  # multiply-adds of the first product, a measure of the work
SETTINGS: dict[str, dict[str, float]] = {
    "SGD": {"lr": 1e-3, "momentum": 0.9, "weight_decay": 5e-4},
    "AdamW": {"lr": 1e-4, "weight_decay": 1e-2},
}
TOLERANCE = 1e-4  # for float32
Array = Any  # of torch or jax, which may not be installed


class Step:
    """Our training step: forward, cross-entropy, backward and the optimiser's update, always on the same batch.

    Parameters
    ----------
    size : int
        The work, a key of `SHAPES`.
    optimizer : {"SGD", "AdamW"}
        The optimiser.

    Attributes
    ----------
    model : Sequential
        The network.
    images : ndarray, shape (batch, 3072), float32
        The inputs.
    inputs : Tensor, shape (batch, 3072)
        The same as a Tensor, as the peers get theirs.
    labels : ndarray, shape (batch,), int64
        The classes.
    loss : CrossEntropyLoss
        The loss.
    optimizer : Optimizer
        The optimiser.
    """

    def __init__(self, size: int, optimizer: str) -> None:
        batch, hidden = SHAPES[size]
        rng = np.random.default_rng(0)
        self.model = Sequential(Linear(FEATURES, hidden, rng=rng), ReLU(), Linear(hidden, CLASSES, rng=rng))
        images = rng.normal(size=(2 * batch, FEATURES)).astype(np.float32)
        sums = self.model[0](Tensor(images)).data
        # No sum is so close to the kink of ReLU that different rounding could move it across.
        self.images = images[np.abs(sums).min(axis=1) > 1e-5][:batch]
        self.inputs = Tensor(self.images)
        self.labels = rng.integers(CLASSES, size=batch)
        self.loss = CrossEntropyLoss()
        self.optimizer = getattr(optim, optimizer)(self.model.parameters(), **SETTINGS[optimizer])

    def __call__(self) -> Tensor:
        loss = self.loss(self.model(self.inputs), self.labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return loss

    def parameters(self) -> list[np.ndarray]:
        """Copy the parameters.

        Returns
        -------
        list of ndarray
            The weights (out, in) and biases (out,), layer by layer.
        """
        return [parameter.data.copy() for parameter in self.model.parameters()]

    def results(self) -> list[float | np.ndarray]:
        """Take two steps.

        Returns
        -------
        list
            The loss and the gradients of the first, and the loss of the second.
        """
        loss = self().item()
        gradients = [parameter.grad.copy() for parameter in self.model.parameters()]
        return [loss, *gradients, self().item()]


def compare(ours: Step, peer: Callable[[], object]) -> Sides:
    """Make sides that have taken enough steps for our optimiser to use machine code.

    Parameters
    ----------
    ours : Step
        Our step.
    peer : callable
        The peer's step.

    Returns
    -------
    Sides
        Both sides.
    """
    for _ in range(WARM):
        ours()
        peer()
    return Sides(timed(ours, span=SPAN), timed(peer, span=SPAN))


def torch(size: int, *, optimizer: str, fused: bool | None = None) -> Sides:
    torch = load("torch")
    ours = Step(size, optimizer)
    images, labels = torch.from_numpy(ours.images), torch.from_numpy(ours.labels)
    layers = torch.nn.Linear(FEATURES, SHAPES[size][1]), torch.nn.ReLU(), torch.nn.Linear(SHAPES[size][1], CLASSES)
    model, criterion = torch.nn.Sequential(*layers), torch.nn.CrossEntropyLoss()
    with torch.no_grad():
        for parameter, data in zip(model.parameters(), ours.parameters(), strict=True):
            parameter.copy_(torch.from_numpy(data))
    chosen = getattr(torch.optim, optimizer)(model.parameters(), **SETTINGS[optimizer], fused=fused)

    def step() -> Array:
        loss = criterion(model(images), labels)
        chosen.zero_grad()
        loss.backward()
        chosen.step()
        return loss

    loss = step().item()
    gradients = [parameter.grad.numpy().copy() for parameter in model.parameters()]
    agree(ours.results(), [loss, *gradients, step().item()], TOLERANCE)
    return compare(ours, step)


def jax(size: int) -> Sides:
    jax = load("jax")
    ours = Step(size, "SGD")
    settings, images = SETTINGS["SGD"], jax.numpy.asarray(ours.images)
    hot = jax.nn.one_hot(ours.labels, CLASSES)

    def loss_of(parameters: list[Array]) -> Array:
        weight, bias, last_weight, last_bias = parameters
        scores = jax.nn.relu(images @ weight.T + bias) @ last_weight.T + last_bias
        return -(hot * jax.nn.log_softmax(scores)).sum(axis=1).mean()

    @partial(jax.jit, donate_argnums=(0, 1))
    def descend(parameters: list[Array], velocities: list[Array]) -> tuple[Array, list[Array], list[Array]]:
        loss, gradients = jax.value_and_grad(loss_of)(parameters)
        velocities = [
            settings["momentum"] * v + g + settings["weight_decay"] * p
            for p, v, g in zip(parameters, velocities, gradients, strict=True)
        ]
        moved = [p - settings["lr"] * v for p, v in zip(parameters, velocities, strict=True)]
        return loss, moved, velocities

    state = [
        [jax.numpy.array(data) for data in ours.parameters()],
        [jax.numpy.zeros_like(p) for p in ours.parameters()],
    ]

    def step() -> Array:
        loss, *state[:] = jax.block_until_ready(descend(*state))
        return loss

    gradients = jax.grad(loss_of)(state[0])
    agree(ours.results(), [step(), *gradients, step()], TOLERANCE)
    return compare(ours, step)


def products(size: int) -> Sides:
    batch, hidden = SHAPES[size]
    ours = Step(size, "SGD")
    images, (weight, _, last_weight, _) = ours.images, ours.parameters()
    inner, scores = np.ones((batch, hidden), np.float32), np.ones((batch, CLASSES), np.float32)
    outs = [np.empty_like(array) for array in (inner, scores, last_weight, inner, weight)]
    pairs = [(images, weight.T), (inner, last_weight.T), (scores.T, inner), (scores, last_weight), (inner.T, images)]
    works: list[Callable[[], np.ndarray]] = [
        partial(np.matmul, *pair, out=out) for pair, out in zip(pairs, outs, strict=True)
    ]

    def multiply() -> None:
        for work in works:
            work()

    return compare(ours, multiply)


def label(size: int) -> str:
    batch, hidden = SHAPES[size]
    return f"{batch}×{FEATURES}×{hidden}"


WORKS = {"SGD": "MLP training step, SGD with momentum and weight decay", "AdamW": "MLP training step, AdamW"}
sized = partial(Benchmark, sizes=tuple(SHAPES), label=label)
SGD_GOALS = {SMALL: at_least(2.5), MIDDLE: at_least(1.25), LARGE: at_least(1.1), LARGEST: at_least(1.1)}
BENCHMARKS = {
    "torch": sized(work=WORKS["SGD"], peer="torch, eager", sides=partial(torch, optimizer="SGD"), goals=SGD_GOALS),
    "products": sized(
        work=WORKS["SGD"],
        peer="its matrix products alone",
        sides=products,
        goals={LARGE: at_most(1.25)},
        quantity=SHARE,
    ),
    "adamw": sized(
        work=WORKS["AdamW"],
        peer="torch, eager",
        sides=partial(torch, optimizer="AdamW"),
        goals=dict.fromkeys(SHAPES, at_least(1.1)),
    ),
    "fused": sized(
        work=WORKS["SGD"], peer="torch, eager, fused=True", sides=partial(torch, optimizer="SGD", fused=True)
    ),
    "adamw-fused": sized(
        work=WORKS["AdamW"],
        peer="torch, eager, fused=True",
        sides=partial(torch, optimizer="AdamW", fused=True),
    ),
    "jax": sized(work=WORKS["SGD"], peer="jax, jit", sides=jax),
}
