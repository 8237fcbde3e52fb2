"""Half precision: layers, losses and optimisers give the float32 result, rounded to float16."""

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import optim

ROWS, FEATURES = 6, 4
LAYERS = {
    "Linear": lambda dtype: nn.Linear(FEATURES, 3, rng=0, dtype=dtype),
    "ReLU": lambda dtype: nn.ReLU(),
    "LeakyReLU": lambda dtype: nn.LeakyReLU(),
    "Sigmoid": lambda dtype: nn.Sigmoid(),
    "Tanh": lambda dtype: nn.Tanh(),
    "Softmax": lambda dtype: nn.Softmax(),
    "Flatten": lambda dtype: nn.Flatten(),
    "Dropout": lambda dtype: nn.Dropout(0.5, rng=0),
    "BatchNorm1d": lambda dtype: nn.BatchNorm1d(FEATURES, dtype=dtype),
    "LayerNorm": lambda dtype: nn.LayerNorm(FEATURES, dtype=dtype),
    "Standardize": lambda dtype: nn.Standardize.of(np.ones(FEATURES), np.full(FEATURES, 2.0), dtype=dtype),
    "Sequential": lambda dtype: nn.Sequential(nn.Linear(FEATURES, 3, rng=0, dtype=dtype), nn.ReLU()),
}
LOSSES = {
    "CrossEntropyLoss": (nn.CrossEntropyLoss(), np.arange(ROWS) % FEATURES),
    "HingeLoss": (nn.HingeLoss(), np.arange(ROWS) % FEATURES),
    "MSELoss": (nn.MSELoss(), np.zeros((ROWS, FEATURES), np.float16)),
}
OPTIMIZERS = {
    "SGD": lambda w: optim.SGD(w, lr=0.1, weight_decay=1e-3),
    "momentum": lambda w: optim.SGD(w, lr=0.1, momentum=0.9),
    "RMSProp": lambda w: optim.RMSProp(w, lr=0.01),
    "RMSProp, momentum": lambda w: optim.RMSProp(w, lr=0.01, momentum=0.5),
    "Adam": lambda w: optim.Adam(w, lr=0.01),
    "AdamW": lambda w: optim.AdamW(w, lr=0.01),
}


def numbers(scale):
    return (np.random.default_rng(0).normal(size=(ROWS, FEATURES)) * scale).astype(np.float16)


def close(got, expected):
    assert got.dtype == np.float16
    with np.errstate(over="ignore"):
        expected = expected.astype(np.float16).astype(float)
    largest = max(np.abs(expected).max(), 0.01)  # 1 − tanh² of a rounded tanh is 0, not 1e-5, as in PyTorch
    np.testing.assert_allclose(got.astype(float), expected, rtol=4e-3, atol=4e-3 * largest)


def test_every_layer_loss_and_optimiser_is_tried():
    modules = {
        name for name in nn.__all__ if isinstance(kind := getattr(nn, name), type) and issubclass(kind, nn.Module)
    }
    losses = {name for name in modules if name.endswith("Loss")}
    assert modules - losses - {"Module", "Loss"} == LAYERS.keys()
    assert losses - {"Loss"} == LOSSES.keys()
    kinds = {type(make([Tensor(np.ones(2), requires_grad=True)])).__name__ for make in OPTIMIZERS.values()}
    assert kinds == set(optim.__all__) - {"Optimizer"}


@pytest.mark.parametrize("scale", [1.0, 300.0])
@pytest.mark.parametrize("name", LAYERS)
def test_layer(name, scale):
    results = []
    for dtype in (np.float16, np.float32):
        layer = LAYERS[name](np.float16)
        if dtype == np.float32:
            half, layer = layer, LAYERS[name](np.float32)
            layer.load_state_dict({key: x.astype(np.float32) for key, x in half.state_dict().items()})
        x = Tensor(numbers(scale).astype(dtype), requires_grad=True)
        out = layer(x)
        out.backward(np.linspace(-1, 1, out.size).reshape(out.shape).astype(np.float16).astype(dtype))
        results.append([out.data, x.grad, *[parameter.grad for parameter in layer.parameters()]])
        if dtype == np.float16 and name == "BatchNorm1d":
            assert (layer.running_mean.dtype, layer.running_var.dtype) == (np.float32, np.float32)
            assert layer.eval()(x).dtype == np.float16
    for got, expected in zip(*results, strict=True):
        close(got, expected)


def test_normalisation_of_numbers_whose_squares_overflow():
    expected = np.array([-1.0, 1.0])
    layer = nn.LayerNorm(2, dtype=np.float16)(np.array([[0.0, 600.0]], np.float16))
    batch = nn.BatchNorm1d(1, dtype=np.float16)(np.array([[0.0], [600.0]], np.float16))
    np.testing.assert_allclose(layer.data.ravel(), expected, atol=1e-3)
    np.testing.assert_allclose(batch.data.ravel(), expected, atol=1e-3)


@pytest.mark.parametrize("scale", [1.0, 100.0])
@pytest.mark.parametrize("name", LOSSES)
def test_loss(name, scale):
    loss, target = LOSSES[name]
    results = []
    for dtype in (np.float16, np.float32):
        x = Tensor(numbers(scale).astype(dtype), requires_grad=True)
        out = loss(x, target.astype(dtype) if target.dtype.kind == "f" else target)
        out.backward()
        results.append([out.data, x.grad])
    for got, expected in zip(*results, strict=True):
        close(got, expected)


def test_the_mean_loss_of_more_samples_than_float16_can_count():
    x = Tensor(np.zeros((70_000, 2), np.float16), requires_grad=True)
    loss = nn.CrossEntropyLoss()(x, np.zeros(70_000, int))
    assert loss.item() == pytest.approx(np.log(2), rel=1e-3)


@pytest.mark.parametrize("size", [1, 300])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimiser(name, size):
    """Gradients of 0 and small ones: in float16 eps = 1e-8 and the square of 1e-4 would be 0."""
    results = []
    for dtype in (np.float16, np.float32):
        w = Tensor(np.linspace(0.5, 1.5, 4 * size).astype(dtype), requires_grad=True)
        optimizer = OPTIMIZERS[name]([w])
        for step in range(5):
            w.grad = np.resize([0.0, 1e-4, -1e-3, 200.0], 4 * size).astype(np.float16).astype(dtype) / (step + 1)
            optimizer.step()
        assert all(array.dtype == np.float32 for array in optimizer.state[0].values())
        results.append(w.data)
    close(*results)


def test_a_saved_state_of_half_precision_can_still_be_loaded():
    w = Tensor(np.ones(2, np.float16), requires_grad=True)
    optimizer = optim.Adam([w], lr=0.1)
    w.grad = np.ones(2, np.float16)
    optimizer.step()
    state = optimizer.state_dict()
    for arrays in state["groups"][0]["parameters"]:
        arrays["state"] = {key: array.astype(np.float16) for key, array in arrays["state"].items()}
    optimizer.load_state_dict(state)
    assert optimizer.state[0]["mean"].dtype == np.float32


def test_clipping_by_the_norm():
    w = Tensor(np.zeros(100, np.float16), requires_grad=True)
    w.grad = np.full(100, 60.0, np.float16)  # the sum of the squares is 360,000
    total = nn.clip_grad_norm([w], 6.0)
    assert float(total) == pytest.approx(600.0)
    np.testing.assert_allclose(w.grad.astype(float), 0.6, rtol=1e-3)
