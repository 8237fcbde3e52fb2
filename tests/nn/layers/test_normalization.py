"""BatchNorm1d, LayerNorm and Standardize normalise features over the batch, within a sample, and by fixed numbers."""

import numpy as np
import pytest

from autograd import Tensor, no_grad
from nn import BatchNorm1d, LayerNorm, Linear, Sequential, Standardize

X = np.random.default_rng(0).normal(3.0, 2.0, size=(64, 5)).astype(np.float32)


def test_batch_norm_normalises_each_feature_over_the_batch():
    out = BatchNorm1d(5)(X).data
    np.testing.assert_allclose(out.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(out.std(axis=0), 1, rtol=1e-4)


def test_layer_norm_normalises_each_sample():
    layer = LayerNorm(5)
    out = layer(X).data
    np.testing.assert_allclose(out.mean(axis=1), 0, atol=1e-5)
    np.testing.assert_allclose(out.std(axis=1), 1, rtol=1e-3)
    np.testing.assert_array_equal(layer.eval()(X[:1]).data, out[:1])
    np.testing.assert_array_equal(layer(X.reshape(8, 8, 5)).data.reshape(64, 5), out)


@pytest.mark.parametrize("tracked", [True, False])
def test_training_updates_the_running_statistics_and_evaluation_uses_them(tracked):
    layer = BatchNorm1d(5, momentum=0.25)
    if tracked:
        layer(X)
    else:
        with no_grad():
            layer(X)
    np.testing.assert_allclose(layer.running_mean.data, 0.25 * X.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(layer.running_var.data, 0.75 + 0.25 * X.var(axis=0, ddof=1), rtol=1e-5)
    mean, var = layer.running_mean.data, layer.running_var.data
    out = layer.eval()(X[:1])
    np.testing.assert_allclose(out.data, (X[:1] - mean) / np.sqrt(var + 1e-5), rtol=1e-4)
    assert layer.running_mean.data is mean
    assert {out.dtype, mean.dtype, var.dtype} == {np.dtype(np.float32)}


def test_running_statistics_keep_float32():
    layer = BatchNorm1d(5)
    layer(X.astype(float))
    assert {buffer.dtype for buffer in layer.buffers()} == {np.dtype(np.float32)}


def test_running_statistics_are_buffers():
    assert list(BatchNorm1d(2).state_dict()) == ["weight", "bias", "running_mean", "running_var"]
    assert [name for name, _ in BatchNorm1d(2).named_parameters()] == ["weight", "bias"]
    assert [name for name, _ in LayerNorm(2).named_tensors()] == ["weight", "bias"]
    assert {tensor.dtype for _, tensor in BatchNorm1d(2, dtype=float).named_tensors()} == {np.dtype(float)}


def test_rejects_an_evaluation_graph_after_a_training_step():
    layer = BatchNorm1d(5)
    out = layer.eval()(X).sum()
    layer.train()(X)
    with pytest.raises(RuntimeError, match="changed in place: running_mean, used by"):
        out.backward()


def test_rejects_a_batch_of_one_in_training():
    model = Sequential(Linear(5, 3, rng=0), BatchNorm1d(3))
    with pytest.raises(
        ValueError, match=r"BatchNorm1d\(3\) in training mode expected a batch of at least two .* got 1; leave out"
    ):
        model(X[:1])
    assert (model[1].running_mean.data == 0).all()
    assert model.eval()(X[:1]).shape == (1, 3)


@pytest.mark.parametrize("layer", [BatchNorm1d(4), LayerNorm(4), Standardize(4)])
def test_rejects_inputs_with_other_features(layer):
    for x in (X, X[0], np.float32(1.0)):
        with pytest.raises(
            ValueError, match=r"\(4\) expected inputs of shape \(n, 4\).* got shape .* change num_features"
        ):
            layer(x)


def test_batch_norm_rejects_three_axes():
    with pytest.raises(ValueError, match=r"got shape \(8, 8, 5\)"):
        BatchNorm1d(5)(X.reshape(8, 8, 5))


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: BatchNorm1d(0), "num_features must be a whole number, at least 1, got 0"),
        (lambda: LayerNorm(2.5), "num_features must be a whole number, at least 1, got 2.5"),
        (lambda: BatchNorm1d(3, eps=0), "eps must be above 0"),
        (lambda: BatchNorm1d(3, momentum=1.1), "momentum must be from 0 to 1"),
    ],
)
def test_settings_are_checked(make, match):
    with pytest.raises(ValueError, match=match):
        make()


def test_repr_shows_arguments_that_differ_from_the_default():
    layers = [BatchNorm1d(np.int64(3)), BatchNorm1d(3, momentum=0.2), LayerNorm(4, eps=1e-3), Standardize(2)]
    assert [repr(layer) for layer in layers] == [
        "BatchNorm1d(3)", "BatchNorm1d(3, momentum=0.2)", "LayerNorm(4, eps=0.001)", "Standardize(2)",
    ]  # fmt: skip


# Standardize

PIXELS = np.random.default_rng(1).integers(0, 256, size=(20, 6)).astype(np.uint8)
MEAN, SCALE = PIXELS.mean(axis=0), PIXELS.std(axis=0)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_standardize_accepts_raw_numbers_of_any_dtype(dtype):
    before = PIXELS.astype(dtype)
    x = before.copy()
    out = Standardize.of(MEAN, SCALE)(x)
    np.testing.assert_allclose(out.data, (PIXELS - MEAN) / SCALE, rtol=1e-4, atol=1e-5)
    assert out.dtype == (np.float64 if dtype == np.float64 else np.float32)
    assert (x == before).all()


def test_gradient_of_standardize():
    layer = Standardize.of(MEAN, SCALE)
    x = Tensor(PIXELS, dtype=np.float32, requires_grad=True)
    out = layer(x)
    out.sum().backward()
    np.testing.assert_array_equal(out.data, layer(PIXELS).data)
    np.testing.assert_allclose(x.grad, np.broadcast_to(1 / SCALE, PIXELS.shape), rtol=1e-6)


def test_standardize_loads_its_state():
    layer, other = Standardize.of(MEAN, SCALE), Standardize(6)
    np.testing.assert_array_equal(other(PIXELS).data, PIXELS)
    other.load_state_dict(layer.state_dict())
    np.testing.assert_array_equal(other(PIXELS).data, layer(PIXELS).data)
    assert list(layer.state_dict()) == ["mean", "scale"]
    assert not list(layer.parameters())


def test_standardize_rejects_constant_features():
    with pytest.raises(ValueError, match=r"got others in 2 features, first in feature 1: mean 2\.0, scale 0\.0"):
        Standardize.of([1.0, 2.0, 3.0], [1.0, 0.0, 1e-60])
    with pytest.raises(ValueError, match=r"feature 0: mean nan"):
        Standardize.of([np.nan], [1.0])
    for mean, scale in (([1.0], [1.0, 2.0]), (0.0, 1.0), ([[0.0]], [[1.0]])):
        with pytest.raises(ValueError, match=r"both of shape \(features,\)"):
            Standardize.of(mean, scale)


@pytest.mark.parametrize(("scale", "dtype"), [(1e200, np.float64), (1e20, np.float32)])
def test_numbers_whose_squares_overflow(scale, dtype):
    x = np.array([[0.0, 1.0, 3.0], [2.0, 5.0, 4.0], [1.0, 1.0, 1.0]])
    for make, axis in ((LayerNorm, 1), (BatchNorm1d, 0)):
        layer = make(3, dtype=dtype)
        spread = x.std(axis=axis, keepdims=True)
        expected = (x - x.mean(axis=axis, keepdims=True)) / np.where(spread == 0, 1, spread)
        np.testing.assert_allclose(layer((x * scale).astype(dtype)).data, expected, atol=1e-6)
        if make is BatchNorm1d:  # NaN says that the variance is too large; infinity would make every output 0
            assert np.isnan(layer.running_var.data).all()
            assert np.isnan(layer.eval()((x * scale).astype(dtype)).data).all()
