"""Augmentations: their common interface, and what each changes."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone

from classifiers import MLPClassifier
from classifiers.augmentation import GREY, Augmentation, Chain, ColourJitter, Cutout, Mirror, Shift, mirror

X = np.random.default_rng(0).integers(256, size=(300, 3072), dtype=np.uint8)
IMAGES = X.reshape(-1, 3, 32, 32)
ALL = [Mirror(), Shift(), ColourJitter(), Cutout(), Chain(Mirror(), Shift(2), ColourJitter(), Cutout(4))]
SHAPES = st.tuples(st.sampled_from([1, 3]), st.integers(2, 7), st.integers(2, 7))
SEEDS = st.integers(0, 2**32 - 1)


def images_of(shape, seed, n=5):
    return np.random.default_rng(seed).integers(256, size=(n, *shape), dtype=np.uint8)


# The common interface


@pytest.mark.parametrize("change", ALL, ids=repr)
def test_returns_a_new_array_and_repeats_with_the_same_seed(change):
    before = X.copy()
    out = change(X, np.random.default_rng(1))
    assert (before == X).all()
    assert (out.dtype, out.shape) == (np.uint8, X.shape)
    assert not np.shares_memory(out, X)
    assert (out != X).any()
    assert (out == change(X, np.random.default_rng(1))).all()
    assert (out == change(X, 1)).all()
    assert (out != change(X, np.random.default_rng(2))).any()
    assert (out == change(IMAGES, 1).reshape(X.shape)).all()  # also accepts images with their shape
    assert change(X[:0], 0).shape == (0, 3072)


@pytest.mark.parametrize("change", ALL, ids=repr)
def test_compare_pickle_and_clone(change):
    copy = pickle.loads(pickle.dumps(change))
    assert copy == change
    assert hash(copy) == hash(change)
    assert (copy(X, 0) == change(X, 0)).all()
    assert clone(MLPClassifier(augment=change)).augment == change
    assert sum(change == other for other in ALL) == 1


def test_repr_shows_the_settings_that_differ_from_the_defaults():
    change = Chain(Mirror(), Shift(by=2, shape=(1, 28, 28)), ColourJitter(0.1))
    assert repr(change) == "Chain(Mirror(), Shift(shape=(1, 28, 28), by=2), ColourJitter(brightness=0.1))"


@pytest.mark.parametrize("change", [Mirror(), Shift(), Cutout(), Cutout(fill="zero")], ids=repr)
def test_keeps_floating_point_dtypes(change):
    for dtype in (np.float32, np.float64):
        floats = (X[:20] / 255).astype(dtype)
        out = change(floats, 0)
        assert out.dtype == dtype
        assert 0 <= out.min() <= out.max() <= 1


@pytest.mark.parametrize("got", [X[:, :12], X[0], X.reshape(-1, 32, 32, 3), [[1, 2]]], ids=np.shape)
def test_images_of_another_size_require_their_shape(got):
    with pytest.raises(ValueError, match=r"^Mirror\(\) expected .* \(n, 3072\) or \(n, \*\(3, 32, 32\)\), got .*"):
        mirror(got, 0)
    assert Mirror(shape=(3, 2, 2))(X[:, :12], 0).shape == (300, 12)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Mirror(shape=(32, 32)), r"Mirror: shape must be \(channels, height, width\).* got \(32, 32\)"),
        (lambda: Mirror(shape=[3, 32, 32]), r"shape must be"),
        (lambda: Mirror(shape=(3, 0, 32)), r"shape\[1\] must be a whole number, at least 1, got 0"),
        (lambda: Shift(by=32), r"Shift: by must be a whole number from 0 to 31 for images .* got 32"),
        (lambda: Shift(by=-1), r"by must be"),
        (lambda: Shift(by=1.5), r"by must be"),
        (lambda: Shift(fill="wrap"), r"fill must be one of reflect, edge, zero, got 'wrap'"),
        (lambda: ColourJitter(contrast=1.5), r"ColourJitter: contrast must be from 0 to 1, got 1.5"),
        (lambda: ColourJitter(saturation=float("nan")), r"saturation must be"),
        (lambda: ColourJitter(brightness="much"), r"brightness must be"),
        (lambda: ColourJitter(shape=(2, 8, 8)), r"shape must be of 1 channel, or 3 for red, green, blue"),
        (lambda: Cutout(size=33), r"Cutout: size must be a whole number from 0 to 32 for images .* got 33"),
        (lambda: Cutout(shape=(1, 4, 8)), r"size must be a whole number from 0 to 4"),
        (lambda: Cutout(fill="grey"), r"fill must be one of mean, zero, got 'grey'"),
    ],
)
def test_rejects_wrong_settings(make, match):
    with pytest.raises(ValueError, match=match):
        make()


def test_subclasses_must_define_change():
    with pytest.raises(NotImplementedError, match="Augmentation must define change"):
        Augmentation()(X, 0)


# Mirror


def test_mirrors_half_of_the_images_left_to_right():
    mirrored = mirror(X, 0).reshape(IMAGES.shape)
    same = (mirrored == IMAGES).all(axis=(1, 2, 3))
    assert (IMAGES[~same] == mirrored[~same][..., ::-1]).all()
    assert 0.4 < same.mean() < 0.6


@given(SHAPES, SEEDS)
def test_mirroring_twice_with_the_same_seed_restores_the_images(shape, seed):
    images = images_of(shape, seed)
    twice = Mirror(shape=shape)
    assert (twice(twice(images, seed), seed) == images).all()


# Shift


@given(SHAPES, SEEDS, st.data())
def test_shifted_images_are_crops_of_the_padded_ones(shape, seed, data):
    _, height, width = shape
    by = data.draw(st.integers(0, min(height, width) - 1))
    fill, mode = data.draw(st.sampled_from([("reflect", "reflect"), ("edge", "edge"), ("zero", "constant")]))
    images = images_of(shape, seed)
    for image, shifted in zip(images, Shift(by, fill, shape=shape)(images, seed), strict=True):
        padded = np.pad(image, ((0, 0), (by, by), (by, by)), mode=mode)
        places = np.ndindex(2 * by + 1, 2 * by + 1)
        assert any((padded[:, i : i + height, j : j + width] == shifted).all() for i, j in places)


def test_shifts_each_image_separately_by_at_most_by():
    ramp = np.add.outer(10 * np.arange(8), np.arange(8))[None].repeat(500, axis=0)
    shifted = Shift(2, "zero", shape=(1, 8, 8))(ramp.reshape(500, 64), 0).reshape(500, 8, 8)
    moves = (shifted - ramp)[:, 3, 3]
    expected = {10 * down + right for down in range(-2, 3) for right in range(-2, 3)}
    assert set(moves.tolist()) == expected
    assert np.unique(moves, return_counts=True)[1].min() > 5


# ColourJitter


@given(SHAPES, SEEDS, st.tuples(*[st.floats(0, 1)] * 3))
def test_jitter_follows_its_formulas(shape, seed, strengths):
    images = images_of(shape, seed)
    rng = np.random.default_rng(seed)
    brightness, contrast, saturation = (rng.uniform(1 - s, 1 + s, (len(images), 1, 1, 1)) for s in strengths)

    def grey(x):
        return np.tensordot(x, GREY[shape[0]], axes=(1, 0))[:, None]

    expected = images * brightness
    expected = contrast * expected + (1 - contrast) * grey(expected).mean(axis=(2, 3), keepdims=True)
    expected = saturation * expected + (1 - saturation) * grey(expected)
    out = ColourJitter(*strengths, shape=shape)(images, seed)
    assert np.abs(out - expected.clip(0, 255)).max() < 0.51  # rounded; not wrapped around at 0 and 255


def test_saturation_does_not_change_grey_images():
    change = ColourJitter(0, 0, saturation=1, shape=(1, 32, 96))
    assert (change(X, 0) == X).all()
    grey = np.repeat(X[:, :1024], 3, axis=0).reshape(-1, 3072)
    assert (ColourJitter(0, 0, saturation=1)(grey, 0) == grey).all()


@pytest.mark.parametrize("dtype", [np.float32, np.int64])
def test_jitter_rejects_dtypes_other_than_uint8(dtype):
    with pytest.raises(TypeError, match=f"expected images as uint8, 0 to 255, got dtype {np.dtype(dtype)}"):
        ColourJitter()(X.astype(dtype), 0)


# Cutout


@given(SHAPES, SEEDS, st.data())
def test_cutout_covers_a_square_that_may_cross_the_border(shape, seed, data):
    size = data.draw(st.integers(0, min(shape[1:])))
    images = np.maximum(images_of(shape, seed), 1)
    out = Cutout(size, "zero", shape=shape)(images, seed)
    for image, changed in zip(images, out, strict=True):
        covered = changed != image
        assert (covered == covered[0]).all()  # in all channels
        rows, columns = covered[0].any(axis=1), covered[0].any(axis=0)
        assert (covered[0] == np.outer(rows, columns)).all()
        assert not changed[covered].any()
        for line in (rows, columns):
            assert (size + 1) // 2 <= line.sum() <= size
            assert np.count_nonzero(np.diff(line)) <= 2  # in one piece


def test_cutout_covers_with_the_mean_colour():
    out = Cutout(32, shape=(3, 32, 32))(X, 0).reshape(IMAGES.shape)
    means = IMAGES.mean(axis=(2, 3)).astype(np.uint8)[..., None, None]
    assert ((out == means) | (out == IMAGES)).all()
    assert ((out == means).all(axis=1).mean(axis=(1, 2)) >= 0.25).all()


def test_cutout_covers_every_pixel_sometimes():
    covered = Cutout(8, "zero")(np.ones((3000, 3072), np.uint8), 0).reshape(-1, 3, 32, 32)[:, 0] == 0
    share = covered.mean(axis=0)
    assert share[16, 16] == pytest.approx(64 / 1024, rel=0.3)
    assert share.min() > 0


# Chain


def test_chain_applies_its_changes_in_order():
    rng = np.random.default_rng(3)
    expected = Shift(3)(Mirror()(X, rng), rng)
    assert (Chain(Mirror(), Shift(3))(X, 3) == expected).all()
    assert (Chain(lambda batch, rng: batch + rng.integers(1, 2, dtype=np.uint8))(X, 0) == X + np.uint8(1)).all()


@pytest.mark.parametrize(("changes", "got"), [((), "nothing"), ((Mirror(), 4), r"Mirror Mirror\(\), int 4")])
def test_chain_rejects_other_objects(changes, got):
    with pytest.raises(TypeError, match=rf"Chain expected one or more functions .* got {got}"):
        Chain(*changes)
