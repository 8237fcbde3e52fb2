"""The search for the nearest neighbours, compared with the full matrix of distances in plain NumPy."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.estimators import neighbour_search as module
from classifiers.estimators.neighbour_search import nearest_neighbours

ROOT = Path(__file__).parents[3]
DTYPES = [np.uint8, np.bool_, np.int64, np.float32, np.float64]


def reference(X, labels, queries, k, metric):
    """All distances at once, in integers or float64, sorted by (distance, label, index)."""
    exact = np.int64 if X.dtype.kind in "ub" and queries.dtype.kind in "ub" else np.float64
    with np.errstate(over="ignore"):
        differences = queries[:, None].astype(exact) - X[None].astype(exact)
        scale = 1
        if exact is np.float64 and (largest := np.abs(differences[np.isfinite(differences)]).max(initial=0)) > 0:
            scale = 2.0 ** np.floor(np.log2(largest))  # a power of two changes no digit
            differences /= scale
        sums = np.abs(differences).sum(axis=2) if metric == "l1" else np.sqrt(np.square(differences).sum(axis=2))
        sums = sums * scale
    order = [np.lexsort((np.arange(len(X)), labels, row))[:k] for row in sums]
    return np.take_along_axis(sums, np.array(order), axis=1), np.array(order)


def numbers(rng, dtype, shape):
    if dtype == np.bool_:
        return rng.random(shape) < 0.5
    if dtype == np.uint8:
        return rng.integers(256, size=shape, dtype=np.uint8)
    return (rng.normal(size=shape) * 1000).astype(dtype)


def assert_same_neighbours(X, labels, queries, k, metric, **options):
    distances, indices = nearest_neighbours(X, labels, queries, k, metric=metric, **options)
    expected, order = reference(X, labels, queries, k, metric)
    np.testing.assert_allclose(distances, expected, rtol=1e-12)
    assert (indices == order).all()
    assert distances.dtype == np.float64


@given(
    st.integers(0, 2**32),
    st.sampled_from(DTYPES),
    st.sampled_from(DTYPES),
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(1, 35),
    st.sampled_from(["l1", "l2"]),
)
def test_agrees_with_the_full_matrix_of_distances(seed, dtype, query_dtype, n, m, features, metric):
    rng = np.random.default_rng(seed)
    X, queries = numbers(rng, dtype, (n, features)), numbers(rng, query_dtype, (m, features))
    X[n // 2] = X[0]  # at least one tie
    assert_same_neighbours(X, rng.integers(3, size=n), queries, int(rng.integers(1, n + 1)), metric, n_jobs=1)


@given(
    st.integers(0, 2**32),
    st.sampled_from(DTYPES),
    st.integers(1, 7),
    st.integers(1, 5),
    st.sampled_from(["l1", "l2"]),
)
def test_results_do_not_depend_on_blocks_and_threads(seed, dtype, rows, threads, metric):
    rng = np.random.default_rng(seed)
    X, queries, labels = numbers(rng, dtype, (30, 5)), numbers(rng, dtype, (11, 5)), rng.integers(3, size=30)
    whole = nearest_neighbours(X, labels, queries, 4, metric=metric, n_jobs=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_ROWS", rows)
        patch.setattr(module, "BLOCK_BYTES", 1 << rows)
        parts = nearest_neighbours(X, labels, queries, 4, metric=metric, n_jobs=threads)
    for one, other in zip(whole, parts, strict=True):
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_arrays_of_any_layout(dtype, metric):
    rng = np.random.default_rng(0)
    X, queries, labels = numbers(rng, dtype, (50, 14)), numbers(rng, dtype, (6, 14)), rng.integers(3, size=50)
    swapped = X.astype(X.dtype.newbyteorder())
    frozen = X[:, ::2].copy()
    frozen.flags.writeable = False
    for some in (X[:, ::2], np.asfortranarray(X[:, ::2]), X[::-1, ::2], swapped[:, ::2], frozen):
        assert_same_neighbours(some, labels, queries[:, ::2], 7, metric)


@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_sums_of_bytes_larger_than_an_int32(metric):
    X = np.zeros((3, 70_001), np.uint8)
    X[1] = 255
    X[2, -1] = 255
    distances, indices = nearest_neighbours(X, np.zeros(3, int), X[1:2], 3, metric=metric)
    assert indices.tolist() == [[1, 2, 0]]
    most = 70_001 * 255 if metric == "l1" else np.sqrt(70_001 * 255**2)
    assert distances[0, 2] == most


@pytest.mark.parametrize("metric", ["l1", "l2"])
@pytest.mark.parametrize(
    ("dtype", "scale"), [("f4", 1e30), ("f4", 1e-30), ("f8", 1e200), ("f8", 1e-200), ("f8", 1e154), ("f8", 1e308)]
)
def test_numbers_whose_squares_overflow_or_underflow(dtype, scale, metric):
    rng = np.random.default_rng(0)
    X = (rng.uniform(-1, 1, size=(40, 30)) * scale).astype(dtype)
    X[20:] = X[:20] * np.asarray(1 + 1e-3, dtype)
    for queries in (X[:5], -X[:5], np.zeros_like(X[:1])):
        assert_same_neighbours(X, rng.integers(3, size=40), queries, 40, metric)
        assert_same_neighbours(X, rng.integers(3, size=40), queries, 3, metric)


@given(
    st.integers(0, 2**32),
    st.sampled_from([("f4", 1), ("f8", 7.15)]),  # where a square underflows: 10^-22.5, 10^-161
    st.integers(1, 50),
    st.sampled_from([-22.5, -22, -20, 0, 19, 21]),
    st.floats(-9, 0),
)
def test_lower_bounds_do_not_exceed_the_distances(seed, kind, features, magnitude, closeness):
    """Also for points so close together, compared with their norms, that rounding dominates the matrix product."""
    (dtype, times), rng = kind, np.random.default_rng(seed)
    points = ((1 + 10**closeness * rng.normal(size=(8, features))) * 10 ** (times * magnitude)).astype(dtype)
    bounds = module._lower_bounds(points[:4], points[4:])
    differences = points[:4, None].astype(float) - points[None, 4:].astype(float)
    for bound, pair in zip(bounds.ravel(), differences.reshape(16, features), strict=True):
        exact = sum(Fraction(float(difference)) ** 2 for difference in pair)
        assert not np.isfinite(bound) or Fraction(float(bound)) ** 2 <= exact


def test_a_bound_that_overflows_excludes_nothing(monkeypatch):
    monkeypatch.setattr(module, "BLOCK_ROWS", 1)
    largest = np.finfo(float).max
    wide, narrow = np.sqrt([largest * (1 - 1e-6) / 2, largest * 1e-6])
    X = np.array([[0, narrow], [wide, -narrow]])  # |q|² + |x|² overflows for the second, 2qx does not
    distances, indices = nearest_neighbours(X, np.zeros(2, int), np.array([[wide, narrow]]), 1, metric="l2")
    assert indices == [[1]]
    np.testing.assert_allclose(distances, 2 * narrow)


def test_lower_bounds_are_tight():
    rng = np.random.default_rng(0)
    X, queries = rng.normal(size=(200, 300)).astype("f4"), rng.normal(size=(20, 300)).astype("f4")
    distances, _ = reference(X, np.zeros(200), queries, 200, "l2")
    bounds = np.sort(module._lower_bounds(queries, X), axis=1)
    np.testing.assert_allclose(bounds, distances, rtol=0.01)


def test_as_many_neighbours_as_samples():
    rng = np.random.default_rng(0)
    X, labels = rng.integers(256, size=(5000, 2), dtype=np.uint8), rng.integers(10, size=5000)
    assert_same_neighbours(X, labels, X[:3], 5000, "l1")


def test_works_without_a_writable_cache_for_compiled_code(tmp_path):
    """As in a container in which HOME and the package's folder are read-only."""
    package = tmp_path / "classifiers/estimators"
    package.mkdir(parents=True)
    for name in ("__init__.py", "estimators/__init__.py", "estimators/neighbour_search.py"):
        shutil.copy(ROOT / "classifiers" / name, package.parent / name)
    (package / "__pycache__").write_text("a file, so that not even root can create this folder")
    (tmp_path / "home").write_text("")
    code = (
        "from classifiers.estimators import neighbour_search\n"
        f"assert neighbour_search.__file__.startswith({str(tmp_path)!r})\n"
        "print(neighbour_search._precedes(1.0, 7, 1.0, 8), neighbour_search._precedes.stats.cache_path)"
    )
    unwritable = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path)}
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    out = subprocess.run(
        [sys.executable, "-B", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**kept, **unwritable},
    )
    assert out.stdout.split() == ["True", "None"]


def test_numba_loads_with_the_first_search():
    code = "import sys; from classifiers import KNeighborsClassifier; print('numba' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert out.stdout.split() == ["False"]


def test_searches_in_threads_do_not_change_the_threads_of_blas():
    from threadpoolctl import threadpool_info

    def threads():
        return [info["num_threads"] for info in threadpool_info() if info["user_api"] == "blas"]

    X, labels = np.random.default_rng(0).normal(size=(200, 3)), np.arange(200) % 2
    before = threads()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: nearest_neighbours(X, labels, X, 1, metric="l2"), range(100)))
    assert threads() == before


@pytest.mark.parametrize(("scale", "dtype"), [(1e200, float), (1e-200, float), (1e20, np.float32), (1e-20, np.float32)])
@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_numbers_whose_squares_overflow_or_vanish(metric, scale, dtype):
    rng = np.random.default_rng(0)
    X, queries = rng.normal(size=(40, 5)).astype(dtype), rng.normal(size=(7, 5)).astype(dtype)
    factor = dtype(2.0 ** round(np.log2(scale)))  # a power of two changes no digit
    distances, found = nearest_neighbours(X, np.arange(40), queries, 3, metric=metric)
    scaled, same = nearest_neighbours(X * factor, np.arange(40), queries * factor, 3, metric=metric)
    np.testing.assert_array_equal(found, same)
    np.testing.assert_allclose(scaled, distances * float(factor), rtol=1e-13)


def test_one_huge_sample_does_not_hide_the_distances_of_the_others():
    X = np.array([[1e200, 0.0], [3.0, 4.0], [0.0, 1.0]])
    distances, found = nearest_neighbours(X, np.arange(3), np.zeros((1, 2)), 3, metric="l2")
    assert found.tolist() == [[2, 1, 0]]
    np.testing.assert_allclose(distances, [[1.0, 5.0, 1e200]])
