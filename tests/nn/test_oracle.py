"""All layers and losses: values compared with a formula in NumPy, gradients with finite differences, both with torch.

Every public module of nn must be in the list.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from autograd import Tensor, Value

try:
    import torch
except ImportError:
    torch = None


class Case(NamedTuple):
    """Functions of a number of features that return our module and torch's; `targets(rng, n, features)` for a loss.

    `formula` is a function of the input, the arrays of the state in their order, and the targets.
    """

    make: Callable[[int], nn.Module]
    peer: Callable[[int], Any] | None
    formula: Callable[..., Any] | None
    targets: Callable[..., Any] | None = None
    training: bool = True


def labels(rng, n, features):
    return rng.integers(features, size=n)


def probabilities(rng, n, features):
    return rng.dirichlet(np.ones(features), size=n)


def numbers(rng, n, features):
    return rng.normal(size=(n, features))


def reduced(losses, how, divisor=None):
    return {"mean": losses.sum() / (divisor or losses.size), "sum": losses.sum(), "none": losses}[how]


def softmax(x, axis):
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def normalised(x, eps, axis):
    return (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(x.var(axis=axis, keepdims=True) + eps)


def cross_entropy(logits, targets, *, label_smoothing, reduction, weighted):
    n, classes = logits.shape
    weights = np.linspace(0.2, 2, classes) if weighted else np.ones(classes)
    as_labels = targets.ndim == 1
    shares = np.eye(classes)[targets] if as_labels else targets
    smooth = (1 - label_smoothing) * shares + label_smoothing / classes
    losses = -(smooth * weights * np.log(softmax(logits, 1))).sum(axis=1)
    return reduced(losses, reduction, weights[targets].sum() if as_labels else n)


def hinge(scores, labels, *, margin, squared, reduction):
    losses = np.zeros(len(scores))
    for i, label in enumerate(labels):
        for j, score in enumerate(scores[i]):
            if j != label:
                losses[i] += max(0.0, score - scores[i, label] + margin) ** (2 if squared else 1)
    return reduced(losses, reduction)


def both(name, **options):
    """Our module and torch's of the same name, constructed from options only."""
    return lambda features: getattr(nn, name)(**options), lambda features: getattr(torch.nn, name)(**options)


def cross_entropies():
    for target, smoothing, weighted, reduction in product(
        (labels, probabilities), (0.0, 0.3), (False, True), ("mean", "sum", "none")
    ):
        options = {"label_smoothing": smoothing, "reduction": reduction}

        def ours(features, weighted=weighted, options=options):
            return nn.CrossEntropyLoss(weight=np.linspace(0.2, 2, features) if weighted else None, **options)

        def theirs(features, weighted=weighted, options=options):
            weight = torch.linspace(0.2, 2, features, dtype=torch.float64) if weighted else None
            return torch.nn.CrossEntropyLoss(weight=weight, **options)

        name = f"CrossEntropyLoss {target.__name__} {smoothing} weighted={weighted} {reduction}"
        yield name, Case(ours, theirs, partial(cross_entropy, weighted=weighted, **options), target)


def hinges():
    for p, margin, reduction in [(1, 1.0, "mean"), (1, 0.5, "sum"), (2, 1.0, "mean"), (2, 2.0, "none")]:
        options = {"margin": margin, "reduction": reduction}

        def ours(features, squared=p == 2, options=options):
            return nn.HingeLoss(squared=squared, **options)

        def theirs(features, p=p, options=options):
            loss = torch.nn.MultiMarginLoss(p=p, **options)
            return lambda scores, labels: features * loss(scores, labels)  # theirs is the mean over the classes

        formula = partial(hinge, squared=p == 2, **options)
        yield f"HingeLoss {p} {margin} {reduction}", Case(ours, theirs, formula, labels)


CASES = {
    "ReLU": Case(*both("ReLU"), lambda x: np.where(x > 0, x, 0)),
    "LeakyReLU": Case(*both("LeakyReLU"), lambda x: np.where(x > 0, x, 0.01 * x)),
    "LeakyReLU 0.3": Case(
        lambda f: nn.LeakyReLU(0.3), lambda f: torch.nn.LeakyReLU(0.3), lambda x: np.where(x > 0, x, 0.3 * x)
    ),
    "Sigmoid": Case(*both("Sigmoid"), lambda x: 1 / (1 + np.exp(-x))),
    "Tanh": Case(*both("Tanh"), lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1)),
    "Softmax": Case(lambda f: nn.Softmax(), lambda f: torch.nn.Softmax(-1), partial(softmax, axis=1)),
    "Softmax 0": Case(lambda f: nn.Softmax(0), lambda f: torch.nn.Softmax(0), partial(softmax, axis=0)),
    "Linear": Case(
        lambda f: nn.Linear(f, 3, rng=0), lambda f: torch.nn.Linear(f, 3), lambda x, w, b: np.einsum("nf,of", x, w) + b
    ),
    "Linear without bias": Case(
        lambda f: nn.Linear(f, 3, bias=False, rng=0),
        lambda f: torch.nn.Linear(f, 3, bias=False),
        lambda x, w: np.einsum("nf,of", x, w),
    ),
    "BatchNorm1d": Case(
        lambda f: nn.BatchNorm1d(f, eps=1e-3, momentum=0.3),
        lambda f: torch.nn.BatchNorm1d(f, eps=1e-3, momentum=0.3),
        lambda x, w, b, mean, var: normalised(x, 1e-3, 0) * w + b,
    ),
    "BatchNorm1d in evaluation": Case(
        lambda f: nn.BatchNorm1d(f),
        lambda f: torch.nn.BatchNorm1d(f),
        lambda x, w, b, mean, var: (x - mean) / np.sqrt(var + 1e-5) * w + b,
        training=False,
    ),
    "LayerNorm": Case(
        lambda f: nn.LayerNorm(f, eps=1e-3),
        lambda f: torch.nn.LayerNorm(f, eps=1e-3),
        lambda x, w, b: normalised(x, 1e-3, 1) * w + b,
    ),
    "Standardize": Case(
        lambda f: nn.Standardize.of(np.arange(f), np.arange(f) + 1),
        lambda f: lambda x: (x - torch.arange(f)) / (torch.arange(f) + 1),
        lambda x, mean, scale: (x - np.arange(x.shape[1])) / (np.arange(x.shape[1]) + 1),
    ),
    "Flatten": Case(*both("Flatten"), lambda x: x),
    "Dropout": Case(  # torch draws different random numbers
        lambda f: nn.Dropout(0.4, rng=0),
        None,
        lambda x: x * (np.random.default_rng(0).random(x.shape, np.float32) >= 0.4) / 0.6,
    ),
    "Dropout in evaluation": Case(*both("Dropout", p=0.4), lambda x: x, training=False),
    "Sequential": Case(
        lambda f: nn.Sequential(nn.Linear(f, 4, bias=False, rng=0), nn.BatchNorm1d(4), nn.Tanh()),
        lambda f: torch.nn.Sequential(torch.nn.Linear(f, 4, bias=False), torch.nn.BatchNorm1d(4), torch.nn.Tanh()),
        lambda x, weight, w, b, mean, var: np.tanh(normalised(x @ weight.T, 1e-5, 0) * w + b),
    ),
    **dict(cross_entropies()),
    **dict(hinges()),
    **{
        f"MSELoss {how}": Case(
            *both("MSELoss", reduction=how), lambda x, y, how=how: reduced((x - y) ** 2, how), numbers
        )
        for how in ("mean", "sum", "none")
    },
}


def made(case, features, rng):
    """Our module, with parameters and buffers that differ from their initial values."""
    module = case.make(features).train(case.training).astype(float)
    for name, tensor in module.named_tensors():
        if name not in ("mean", "scale"):
            tensor.data = tensor.data + rng.uniform(0.1, 0.9, tensor.shape)
    return module


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def test_list_contains_every_public_module():
    public = {thing for name in nn.__all__ if isinstance(thing := getattr(nn, name), type)}
    assert {type(case.make(2)) for case in CASES.values()} == public - {nn.Module}


@settings(max_examples=8)
@given(n=st.integers(2, 5), features=st.integers(1, 6), seed=st.integers(0, 999), scale=st.sampled_from([0.1, 1, 10]))
def agree_with_torch(case, n, features, seed, scale):
    rng = np.random.default_rng(seed)
    module, theirs = made(case, features, rng), case.peer(features)
    x = Tensor(rng.normal(scale=scale, size=(n, features)), requires_grad=True)
    y = torch.tensor(x.data, requires_grad=True)
    targets = [] if case.targets is None else [case.targets(rng, n, features)]
    if isinstance(theirs, torch.nn.Module):
        state = {name: torch.tensor(tensor.data) for name, tensor in module.named_tensors()}
        theirs.double().train(case.training).load_state_dict(state, strict=False)

    out, expected = module(x, *targets), theirs(y, *map(torch.tensor, targets))
    upstream = rng.normal(size=out.shape)
    out.backward(upstream)
    expected.backward(torch.tensor(upstream))

    close = {"rtol": 1e-6, "atol": 1e-9 * scale}
    np.testing.assert_allclose(out.data, expected.detach().numpy(), **close)
    np.testing.assert_allclose(x.grad, y.grad.numpy(), **close)
    if isinstance(theirs, torch.nn.Module):
        known = dict(theirs.named_parameters()) | dict(theirs.named_buffers())
        for name, tensor in module.named_tensors():
            np.testing.assert_allclose(tensor.data, known[name].detach().numpy(), **close, err_msg=name)
            if tensor.requires_grad:
                np.testing.assert_allclose(tensor.grad, known[name].grad.numpy(), **close, err_msg=name)


@settings(max_examples=8)
@given(n=st.integers(2, 5), features=st.integers(1, 6), seed=st.integers(0, 999), scale=st.sampled_from([0.1, 1, 10]))
def agree_with_the_formula(case, n, features, seed, scale):
    rng = np.random.default_rng(seed)
    module = made(case, features, rng)
    x = rng.normal(scale=scale, size=(n, features))
    targets = [] if case.targets is None else [case.targets(rng, n, features)]
    state = module.state_dict().values()
    out = module(Tensor(x), *targets).data
    np.testing.assert_allclose(out, case.formula(x, *state, *targets), rtol=1e-9, atol=1e-10 * scale, strict=True)


def test_agrees_with_its_formula(case):
    agree_with_the_formula(case)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.peer] if torch else [])
def test_agrees_with_torch(name):
    agree_with_torch(CASES[name])


def test_gradients_agree_with_finite_differences(case):
    rng = np.random.default_rng(1)
    model, loss, targets = made(case, 4, rng), (lambda out, targets: out), None
    if case.targets is not None:
        model, loss, targets = nn.Sequential(), model, case.targets(rng, 3, 4)
    report = nn.check_gradients(model, loss, rng.normal(size=(3, 4)), targets)
    assert report, report


def test_float32_stays_float32(case):
    rng = np.random.default_rng(2)
    module = made(case, 4, rng).astype(np.float32)
    x = Tensor(rng.normal(size=(3, 4)), dtype=np.float32, requires_grad=True)
    out = module(x, *([] if case.targets is None else [case.targets(rng, 3, 4)]))
    out.backward(np.ones(out.shape))
    dtypes = {tensor.dtype for _, tensor in module.named_tensors()} | {p.grad.dtype for p in module.parameters()}
    assert {out.dtype, x.grad.dtype, *dtypes} == {np.dtype(np.float32)}


def test_outputs_and_gradients_on_values_are_the_same(case):
    rng = np.random.default_rng(3)
    module, x = made(case, 4, rng), Tensor(rng.normal(size=(3, 4)), requires_grad=True)
    targets = [] if case.targets is None else [case.targets(rng, 3, 4)]
    again = deepcopy(module)  # with the same random numbers
    out = module(x, *targets)
    out.backward(np.ones(out.shape))
    values = np.array([[Value(number) for number in row] for row in x.data])
    outs = np.asarray(again(values, *targets), dtype=object)
    sum(outs.flat).backward()
    np.testing.assert_allclose([value.data for value in outs.flat], out.data.ravel(), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose([value.grad for value in values.flat], x.grad.ravel(), rtol=1e-9, atol=1e-12)


def test_arguments_rebuild_the_module(case):
    module = case.make(4)
    if not isinstance(module, nn.Sequential):
        written = json.loads(json.dumps(module.arguments()))
        other = type(module)(**written)
        assert repr(other) == repr(module)
        shapes = [{name: tensor.shape for name, tensor in thing.named_tensors()} for thing in (module, other)]
        assert shapes[0] == shapes[1]
