"""Preprocessing: agreement of blocks with NumPy, of weights with repeated samples, of layers with transformers."""

import pickle
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

import nn
from classifiers import PCAWhitening, Standardizer, preprocessing
from nn import Linear, Sequential, Standardize

RNG = np.random.default_rng(0)
MIXED = RNG.normal(size=(3000, 6)) * [100, 50, 30, 10, 3, 0.01] @ np.linalg.qr(RNG.normal(size=(6, 6)))[0] + 7
IMAGES = RNG.integers(256, size=(700, 12), dtype=np.uint8)  # 3 channels of 2 × 2 pixels
WHITENING = PCAWhitening(5, random_state=0)


@parametrize_with_checks(
    [Standardizer(), Standardizer(per="channel", channels=1), Standardizer(with_std=False), PCAWhitening()]
)
def test_passes_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


def test_mean_and_deviation_of_each_pixel():
    X = IMAGES.copy()
    X[:, 3] = 9  # a pixel that never changes
    layer = preprocessing.learn_standardisation(X)
    np.testing.assert_allclose(layer.mean.data, X.mean(axis=0), rtol=1e-6)
    expected = X.std(axis=0)
    expected[3] = 1.0
    np.testing.assert_allclose(layer.scale.data, expected, rtol=1e-6)
    assert layer(X).dtype == np.float32


@given(
    dtype=st.sampled_from(["uint8", "int16", "float32", "float64"]),
    offset=st.sampled_from([0, 1e3, 1e6, -1e9]),
    n=st.integers(2, 700),
    seed=st.integers(0, 99),
    weighted=st.booleans(),
)
def test_moments_agree_with_repeated_samples_in_long_double(dtype, offset, n, seed, weighted):
    rng = np.random.default_rng(seed)
    X = (rng.normal(size=(n, 3)) * 20 + (offset if dtype.startswith("float") else 100)).astype(dtype)
    weights = rng.integers(0, 4, size=n) if weighted else None
    if weighted:
        weights[: n // 2] = 0  # whole blocks among them
        weights[-1] = 2
    learned = Standardizer().fit(X, sample_weight=weights)
    repeated = np.repeat(X, 1 if weights is None else weights, axis=0).astype(np.longdouble)
    np.testing.assert_allclose(learned.mean_, repeated.mean(axis=0).astype(float), rtol=1e-12)
    np.testing.assert_allclose(learned.var_, repeated.var(axis=0).astype(float), rtol=1e-12, atol=1e-300)


def test_standardises_as_on_the_slides():
    X = MIXED.copy()
    X -= X.mean(axis=0)
    mean_image = Standardizer(with_std=False).fit(MIXED)
    np.testing.assert_allclose(mean_image.transform(MIXED), X, atol=1e-11)
    assert (mean_image.scale_ == 1).all()
    X /= X.std(axis=0)
    np.testing.assert_allclose(Standardizer().fit_transform(MIXED), X, rtol=1e-9, atol=1e-12)


def test_channels_share_a_mean_and_a_deviation():
    planes = IMAGES.reshape(-1, 3, 4).astype(float)
    learned = Standardizer(per="channel").fit(IMAGES)
    np.testing.assert_allclose(learned.mean_, planes.mean(axis=(0, 2)), rtol=1e-12)
    np.testing.assert_allclose(learned.scale_, planes.std(axis=(0, 2)), rtol=1e-12)
    expected = (planes - learned.mean_[:, None]) / learned.scale_[:, None]
    np.testing.assert_allclose(learned.transform(IMAGES), expected.reshape(-1, 12), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("per", ["pixel", "channel"])
def test_constant_features_are_only_centred(per):
    X = np.full((999, 3 * 7), 0.1)  # whose floating-point sum is not 0.1 times its length
    assert (Standardizer(per=per).fit_transform(X) == 0).all()


@pytest.mark.parametrize("per", ["pixel", "channel"])
def test_partial_fits_agree_with_one_fit(per):
    whole, parts = Standardizer(per=per).fit(IMAGES), Standardizer(per=per)
    for part in np.split(IMAGES, [1, 300]):
        parts.partial_fit(part)
    np.testing.assert_allclose(parts.mean_, whole.mean_, rtol=1e-13)
    np.testing.assert_allclose(parts.scale_, whole.scale_, rtol=1e-13)
    np.testing.assert_allclose(parts.fit(IMAGES[:9]).mean_, Standardizer(per=per).fit(IMAGES[:9]).mean_)  # starts over


def test_standardises_numbers_far_from_0_exactly():
    X = (1e6 + np.random.default_rng(1).normal(size=(500, 2))).astype(np.float32)
    exact = X.astype(float)
    expected = (exact - exact.mean(axis=0)) / exact.std(axis=0)
    np.testing.assert_allclose(Standardizer().fit_transform(X), expected, atol=1e-6)


@pytest.mark.parametrize(
    "transformer", [Standardizer(), Standardizer(per="channel"), Standardizer(with_std=False), WHITENING]
)
@pytest.mark.parametrize("X", [IMAGES, IMAGES.astype(np.int64), IMAGES.astype(np.float32), IMAGES / 255])
def test_layers_and_inverses_of_every_dtype(transformer, X, tmp_path):
    transformer = clone(transformer).fit(X)
    out = transformer.transform(X)
    assert out.dtype == (np.float32 if X.dtype in (np.uint8, np.float32) else np.float64)
    precise = 1e-4 if out.dtype == np.float32 else 1e-10
    model = Sequential(transformer.layer_, Linear(out.shape[1], 2))
    assert len(list(model.parameters())) == 2  # the preprocessing is frozen
    loaded = nn.load(nn.save(tmp_path / "model.safetensors", model))
    layered = loaded[0](X.astype(out.dtype)).data
    np.testing.assert_allclose(layered, out, rtol=precise, atol=precise)
    again = transformer.inverse_transform(out)
    np.testing.assert_allclose(transformer.transform(again), out, rtol=precise, atol=precise)
    if isinstance(transformer, Standardizer):
        np.testing.assert_allclose(again, X, rtol=precise, atol=1e-4)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(transformer)).transform(X), out)


def test_whitening_with_all_components_is_invertible():
    whitening = PCAWhitening(random_state=0).fit(MIXED)
    np.testing.assert_allclose(whitening.inverse_transform(whitening.transform(MIXED)), MIXED, atol=1e-9)


def test_pipeline_and_feature_names():
    labels = MIXED[:, 0] > MIXED[:, 1]
    pipeline = make_pipeline(Standardizer(), PCAWhitening(4, random_state=0), LogisticRegression())
    assert pipeline.fit(MIXED, labels).score(MIXED, labels) > 0.7
    names = pipeline[:-1].get_feature_names_out(list("abcdef"))
    assert list(names) == ["pcawhitening0", "pcawhitening1", "pcawhitening2", "pcawhitening3"]
    assert list(Standardizer().fit(MIXED).get_feature_names_out(list("abcdef"))) == list("abcdef")


def test_whitened_features_are_uncorrelated_with_variance_1():
    white = PCAWhitening(5, damping=0, random_state=0).fit_transform(MIXED)
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(white.T @ white / len(white), np.eye(5), atol=1e-9)


def test_components_agree_with_scikit_learn():
    whitening, pca = PCAWhitening(4, random_state=0).fit(MIXED), PCA(4).fit(MIXED)
    np.testing.assert_allclose(whitening.components_, pca.components_, atol=1e-6)
    variance = pca.explained_variance_ * (len(MIXED) - 1) / len(MIXED)
    np.testing.assert_allclose(whitening.explained_variance_, variance, rtol=1e-9)


def test_damping_keeps_noise_small_in_any_unit():
    white = PCAWhitening(random_state=0).fit_transform(MIXED)
    assert np.square(white).mean() == pytest.approx(1)
    assert white.std(axis=0)[-1] < 0.001
    np.testing.assert_allclose(PCAWhitening(random_state=0).fit_transform(MIXED * 1e-6), white, rtol=1e-6, atol=1e-9)


@given(st.integers(0, 99))
def test_whitening_with_weights_agrees_with_repeated_samples(seed):
    weights = np.random.default_rng(seed).integers(0, 3, size=300)
    weighted = PCAWhitening(3, random_state=0).fit(MIXED[:300], sample_weight=weights)
    repeated = PCAWhitening(3, random_state=0).fit(np.repeat(MIXED[:300], weights, axis=0))
    np.testing.assert_allclose(weighted.transform(MIXED), repeated.transform(MIXED), rtol=1e-6, atol=1e-6)


def test_whitening_uses_a_limited_number_of_samples(monkeypatch):
    monkeypatch.setattr(preprocessing, "PCA_SAMPLES", 50)
    first, second = (PCAWhitening(3, random_state=seed).fit(MIXED) for seed in (0, 1))
    assert first.mean_.tolist() != second.mean_.tolist()  # from different samples
    assert (np.abs(first.components_[0] @ second.components_[0])) > 0.9
    expected = PCAWhitening(3, random_state=0).fit(MIXED, sample_weight=np.arange(3000) < 50).mean_
    np.testing.assert_allclose(expected, MIXED[:50].mean(axis=0))
    with pytest.raises(ValueError, match="at most 4 principal components, as there are 5 samples of 6 features, got 6"):
        PCAWhitening(6).fit(MIXED, sample_weight=np.arange(3000) < 5)


def test_samples_on_a_line_have_one_component():
    assert PCAWhitening(random_state=0).fit(np.outer(np.arange(9.0), [3, 4])).components_ == pytest.approx(
        np.array([[0.6, 0.8]])
    )


def test_learned_layers_are_frozen_and_in_order():
    layers = preprocessing.learn(MIXED, standardize=True, whiten=2, dtype=np.float32, rng=RNG)
    assert list(layers.layers) == ["standardize", "whiten"]
    assert list(layers.parameters()) == []
    assert {tensor.dtype for _, tensor in layers.named_tensors()} == {np.dtype(np.float32)}
    assert layers(MIXED.astype(np.float32)).shape == (3000, 2)
    assert list(preprocessing.learn(MIXED, standardize=False, whiten=None, dtype=float, rng=RNG)) == []
    np.testing.assert_allclose(layers(MIXED.astype(np.float32)).data.mean(axis=0), 0, atol=1e-4)


def test_layers_with_weights_agree_with_repeated_samples():
    weights = np.random.default_rng(3).integers(0, 3, size=len(MIXED))
    settings = {"standardize": True, "whiten": 6, "dtype": float}
    weighted = preprocessing.learn(MIXED, **settings, rng=np.random.default_rng(0), weights=weights)
    repeated = preprocessing.learn(np.repeat(MIXED, weights, axis=0), **settings, rng=np.random.default_rng(0))
    np.testing.assert_allclose(weighted(MIXED).data, repeated(MIXED).data, atol=1e-9)
    assert isinstance(weighted["standardize"], Standardize)


def test_learning_and_transforming_need_little_memory():
    X = np.random.default_rng(1).integers(256, size=(30_000, 300), dtype=np.uint8)
    standardizer, whitening = Standardizer().fit(X[:500]), PCAWhitening(20, random_state=0).fit(X[:500])

    def peak(call):  # in units of X, of bytes
        tracemalloc.start()
        call()
        size = tracemalloc.get_traced_memory()[1] / X.nbytes
        tracemalloc.stop()
        return size

    assert peak(lambda: standardizer.fit(X)) < 0.6  # blocks of floats only
    assert peak(lambda: standardizer.transform(X)) < 4.2  # the float32 result only
    assert peak(lambda: whitening.transform(X)) < 0.9


def test_constant_features_whiten_to_0():
    constant = preprocessing.learn_whitening(np.ones((9, 3)), 2, before=Sequential(), dtype=float)
    assert (constant(np.ones((9, 3))).data == 0).all()


@pytest.mark.parametrize(
    ("transformer", "text"),
    [
        (PCAWhitening(7), "at most 6 principal components, as there are 3000 samples of 6 features, got 7"),
        (PCAWhitening(0), "n_components must be a whole number, at least 1, got 0"),
        (PCAWhitening(damping=-1), "damping must be at least 0 and finite, got -1"),
        (Standardizer(per="plane"), "per must be one of pixel, channel, got 'plane'"),
        (Standardizer(per="channel", channels=4), "4 channels of equal size, got 6 features, which 4 does not divide"),
        (Standardizer(per="channel", channels=0), "channels must be a whole number, at least 1, got 0"),
    ],
)
def test_rejects_wrong_settings(transformer, text):
    with pytest.raises(ValueError, match=text):
        transformer.fit(MIXED)


def test_rejects_a_single_sample():
    with pytest.raises(ValueError, match="at most 0 principal components, as there are 1 samples of 6 features"):
        preprocessing.learn_whitening(MIXED[:1], 1)


@pytest.mark.parametrize("weights", [np.ones(2999), np.ones((3000, 1)), -np.ones(3000), np.full(3000, np.nan), "abc"])
@pytest.mark.parametrize("transformer", [Standardizer(), PCAWhitening()])
def test_rejects_wrong_weights(transformer, weights):
    with pytest.raises(ValueError, match="sample weights must be 3000 finite numbers of at least 0"):
        transformer.fit(MIXED, sample_weight=weights)


def test_inverse_transform_rejects_another_number_of_components():
    with pytest.raises(ValueError, match=r"components of shape \(n, 5\), got shape \(3000, 6\)"):
        clone(WHITENING).fit(MIXED).inverse_transform(MIXED)


@pytest.mark.parametrize("transformer", [Standardizer(), PCAWhitening(2)])
def test_failed_fit_leaves_the_transformer_unchanged(transformer):
    X = np.random.default_rng(0).normal(size=(20, 4))
    transformer = clone(transformer).fit(X)
    before = transformer.transform(X)
    with pytest.raises(ValueError, match="sample weights"):
        transformer.fit(np.ones((5, 8)), sample_weight=[-1] * 5)
    np.testing.assert_array_equal(transformer.transform(X), before)


def test_standardizer_rejects_overflow_and_changed_settings():
    with pytest.raises(ValueError, match="got sums that overflow; scale them down"):
        Standardizer().fit([[1e200], [2e200], [4e200]])
    learned = Standardizer().fit(np.eye(4))
    with pytest.raises(ValueError, match=r"expected settings for 4 means, .* got per='channel' and channels=2 for 2"):
        learned.set_params(per="channel", channels=2).partial_fit(np.eye(4))


def test_features_whose_squares_vanish_are_not_taken_for_constant_ones():
    tiny = np.random.default_rng(0).normal(size=(50, 2)) * 1e-200
    with pytest.raises(ValueError, match="whose squares do not vanish"):
        Standardizer().fit(tiny)
    tiny[:] = 1e-200
    np.testing.assert_array_equal(Standardizer().fit(tiny).scale_, 1.0)
    small = np.random.default_rng(0).normal(size=(50, 2)) * 1e-140
    np.testing.assert_allclose(Standardizer().fit(small).scale_, small.std(axis=0))
