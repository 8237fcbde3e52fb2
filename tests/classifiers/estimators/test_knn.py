"""KNeighborsClassifier: a scikit-learn estimator that breaks ties independently of the samples' order."""

import pickle
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import neighbors
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from classifiers import KNeighborsClassifier

RNG = np.random.default_rng(0)
LABELS = RNG.integers(3, size=150)
CENTRES = np.array([[0, 0, 5], [5, 0, 0], [0, 5, 0]])
X = CENTRES[LABELS] + RNG.normal(size=(150, 3))
NAMES = np.array(["cat", "car", "frog"])[LABELS]

IMAGE = np.array([[56, 32, 10, 18], [90, 23, 128, 133], [24, 26, 178, 200], [2, 0, 255, 220]], np.uint8)
KNOWN = np.array([[10, 20, 24, 17], [8, 10, 89, 100], [12, 16, 178, 170], [4, 32, 233, 112]], np.uint8)


@parametrize_with_checks(
    [
        KNeighborsClassifier(),
        KNeighborsClassifier(3, metric="l1", n_jobs=2),
        KNeighborsClassifier(4, weights="distance", n_jobs=1),
        KNeighborsClassifier(1, metric="l1", weights="distance", n_jobs=1),
    ]
)
def test_passes_scikit_learns_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize(("metric", "expected"), [("l1", 456), ("l2", 162.11)])
def test_the_example_of_the_slides(metric, expected):
    samples = np.stack([np.full(16, 255, np.uint8), KNOWN.ravel()])
    model = KNeighborsClassifier(1, metric=metric).fit(samples, ["white", "known"])
    (distance,), (index,) = model.kneighbors(IMAGE.reshape(1, 16))
    assert (round(distance[0], 2), index[0]) == (expected, 1)
    assert model.predict(IMAGE.reshape(1, 16)) == ["known"]


def reference(samples, labels, query, k, metric, weights):
    """The rule of the docstring in plain Python: the share of each label, and the answer."""
    distances = [
        sum(abs(a - b) for a, b in zip(query, sample, strict=True))
        if metric == "l1"
        else sum((a - b) ** 2 for a, b in zip(query, sample, strict=True)) ** 0.5
        for sample in samples
    ]
    nearest = sorted(
        (distance, label, index) for index, (distance, label) in enumerate(zip(distances, labels, strict=True))
    )[:k]
    votes, first = defaultdict(float), {}
    for distance, label, _ in nearest:
        if weights == "uniform" or distance == nearest[0][0]:
            votes[label] += 1
        else:
            votes[label] += nearest[0][0] / distance
        first.setdefault(label, (distance, label))
    answer = min(votes, key=lambda label: (-votes[label], first[label]))
    return {label: votes[label] / sum(votes.values()) for label in sorted(set(labels))}, answer


@st.composite
def ties(draw):
    """Samples and queries of small integers, with many equal distances, and a permutation."""
    n, features = draw(st.integers(2, 12)), draw(st.integers(1, 3))
    numbers = st.lists(st.integers(0, 2), min_size=features, max_size=features)
    samples = draw(st.lists(numbers, min_size=n, max_size=n))
    labels = [0, 1, *draw(st.lists(st.integers(0, 3), min_size=n - 2, max_size=n - 2))]
    queries = draw(st.lists(numbers, min_size=1, max_size=4))
    return samples, labels, queries, draw(st.integers(1, n)), draw(st.permutations(range(n)))


@pytest.mark.parametrize("metric", ["l1", "l2"])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
@given(ties(), st.sampled_from([np.uint8, np.float32, np.float64]))
def test_ties_follow_the_rule_in_any_order_of_the_samples(metric, weights, case, dtype):
    samples, labels, queries, k, order = case
    model = KNeighborsClassifier(k, metric=metric, weights=weights, n_jobs=1)
    model.fit(np.array(samples, dtype), labels)
    answers, shares = model.predict(np.array(queries, dtype)), model.predict_proba(np.array(queries, dtype))
    for query, answer, share in zip(queries, answers, shares, strict=True):
        expected_shares, expected = reference(samples, labels, query, k, metric, weights)
        assert answer == expected
        assert model.trace(np.array(query, dtype)).answer == expected
        np.testing.assert_allclose(share, list(expected_shares.values()), rtol=1e-15)
    assert (model.classes_[shares.argmax(axis=1)] == answers).all()

    model.fit(np.array(samples, dtype)[order], np.array(labels)[order])
    assert (model.predict(np.array(queries, dtype)) == answers).all()
    assert (model.predict_proba(np.array(queries, dtype)) == shares).all()


@pytest.mark.parametrize("metric", ["l1", "l2"])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_agrees_with_scikit_learn_without_ties(metric, weights):
    other = neighbors.KNeighborsClassifier(7, metric=metric, weights=weights, algorithm="brute").fit(X[50:], NAMES[50:])
    ours = KNeighborsClassifier(7, metric=metric, weights=weights).fit(X[50:], NAMES[50:])
    assert (ours.predict(X[:50]) == other.predict(X[:50])).all()
    np.testing.assert_allclose(ours.predict_proba(X[:50]), other.predict_proba(X[:50]), rtol=1e-10)
    for queries, k in ((X[:50], None), (X[:50], 100), (None, None), (None, 99)):
        expected, places = other.kneighbors(queries, k)
        distances, indices = ours.kneighbors(queries, k)
        np.testing.assert_allclose(distances, expected, rtol=1e-10)
        assert (indices == places).all()
        assert (ours.kneighbors(queries, k, return_distance=False) == indices).all()
    assert ours.score(None, NAMES[50:]) == other.score(None, NAMES[50:])


def test_training_samples_are_not_their_own_neighbours_even_among_copies():
    copies = np.repeat([[0, 0], [9, 9]], 4, axis=0).astype(np.uint8)
    distances, indices = KNeighborsClassifier(2).fit(copies, [0, 1] * 4).kneighbors()
    assert (distances == 0).all()
    assert (indices != np.arange(8)[:, None]).all()
    assert indices[:4].tolist() == [[2, 1], [0, 2], [0, 1], [0, 2]]  # first by label, then by index


def test_fit_does_not_copy_the_array():
    images = np.random.default_rng(1).integers(256, size=(20, 12), dtype=np.uint8)
    images.flags.writeable = False
    model = KNeighborsClassifier(1).fit(images, np.arange(20) % 2)
    assert np.shares_memory(model._X, images)
    assert model.n_samples_fit_ == 20
    assert (model.predict(images) == np.arange(20) % 2).all()


@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_uint8_differences_do_not_wrap(metric):
    model = KNeighborsClassifier(1, metric=metric).fit(
        np.array([[0], [200], [255]], np.uint8), ["black", "grey", "white"]
    )
    queries = np.array([[1], [254], [199]], np.uint8)  # as uint8, 254 − 255 and 1 − 0 are 255 and 1
    assert model.predict(queries).tolist() == ["black", "white", "grey"]
    assert model.kneighbors(queries)[0].tolist() == [[1], [1], [1]]


def test_infinite_and_tiny_distances_have_finite_shares():
    far = np.array([[1e200], [1.1e200], [-1e200]])
    for metric, queries in (("l2", [[0.0]]), ("l1", [[0.0], [1e200]])):
        for weights in ("uniform", "distance"):
            model = KNeighborsClassifier(3, metric=metric, weights=weights).fit(far, [0, 1, 1])
            assert np.isfinite(model.predict_proba(queries)).all()
    tiny = KNeighborsClassifier(3, metric="l1", weights="distance").fit([[1e-310], [1e-310], [3e-310]], [0, 1, 1])
    np.testing.assert_allclose(tiny.predict_proba([[0.0]]), [[3 / 7, 4 / 7]])


def test_results_do_not_depend_on_threads_and_chunks(monkeypatch):
    model = KNeighborsClassifier(9, weights="distance", n_jobs=1).fit(X, NAMES)
    expected = model.predict_proba(X)
    monkeypatch.setattr("classifiers.estimators.knn.MAX_HELD", 400)
    for n_jobs in (None, 1, 3, -1):
        assert (model.set_params(n_jobs=n_jobs).predict_proba(X) == expected).all()
    assert (model.predict(None) == model.predict(X)).mean() > 0.9


def test_clone_pickle_search_and_pipeline():
    model = KNeighborsClassifier(3, metric="l1", weights="distance").fit(X, NAMES)
    assert (pickle.loads(pickle.dumps(model)).predict_proba(X) == model.predict_proba(X)).all()
    assert clone(model).get_params() == model.get_params()
    pipeline = make_pipeline(StandardScaler(), KNeighborsClassifier(n_jobs=1))
    assert cross_val_score(pipeline, X, NAMES, cv=3).mean() > 0.97
    grid = {"kneighborsclassifier__n_neighbors": [1, 61], "kneighborsclassifier__metric": ["l1", "l2"]}
    alone, together = (GridSearchCV(pipeline, grid, cv=3, n_jobs=n_jobs).fit(X, NAMES) for n_jobs in (1, 2))
    assert alone.best_params_["kneighborsclassifier__n_neighbors"] == 1
    np.testing.assert_array_equal(alone.cv_results_["mean_test_score"], together.cv_results_["mean_test_score"])


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"metric": "l3"}, "KNeighborsClassifier: metric must be one of l1, l2, .* got 'l3'"),
        ({"metric": ["l1"]}, r"metric must be one of .* got \['l1'\]"),
        ({"weights": "near"}, "weights must be one of uniform, distance, got 'near'"),
        ({"n_neighbors": 0}, "n_neighbors must be a whole number, at least 1, got 0"),
        ({"n_neighbors": 2.0}, "n_neighbors must be a whole number, at least 1, got 2.0"),
        (
            {"n_neighbors": 151},
            "expected at most 150 neighbours, as there are 150 training samples, got n_neighbors=151",
        ),
    ],
)
def test_rejects_wrong_settings(settings, match):
    with pytest.raises(ValueError, match=match):
        KNeighborsClassifier(**settings).fit(X, NAMES)
    with pytest.raises(ValueError, match=match):
        KNeighborsClassifier().fit(X, NAMES).set_params(**settings).predict(X)


def test_rejects_wrong_data():
    broken = X.copy()
    broken[7, 2] = np.nan
    model = KNeighborsClassifier()
    with pytest.raises(NotFittedError):
        model.predict(X)
    with pytest.raises(ValueError, match="contains NaN"):
        model.fit(broken, NAMES)
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        model.fit(X[:0], NAMES[:0])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        model.fit(X, NAMES[:5])
    with pytest.raises(ValueError, match="Unknown label type"):
        model.fit(X, LABELS + 0.5)
    with pytest.raises(ValueError, match=r"at least two classes, got one class only, \['cat'\]"):
        model.fit(X, ["cat"] * 150)
    model.fit(X, NAMES)
    before = model.predict(X)
    for wrong in (X[:, :2], X[:3, :2]):
        with pytest.raises(ValueError, match=r"class"):
            model.fit(wrong, ["cat"] * len(wrong))
    assert (model.predict(X) == before).all()  # a failed fit leaves the estimator unchanged
    for ask in (model.predict, model.predict_proba, model.kneighbors, model.trace):
        with pytest.raises(ValueError, match="X has 2 features, but KNeighborsClassifier is expecting 3"):
            ask(X[:1, :2])
        with pytest.raises(ValueError, match="contains NaN"):
            ask(broken[7:8])
        with pytest.raises(ValueError, match=r"0 sample\(s\)"):
            ask(X[:0])
    with pytest.raises(ValueError, match=r"at most 150 neighbours, as there are 150 .* got n_neighbors=151"):
        model.kneighbors(X, 151)
    with pytest.raises(
        ValueError, match=r"at most 149 neighbours for each training sample, excluding itself, .* got n_neighbors=150"
    ):
        model.kneighbors(None, 150)


@pytest.mark.data
@pytest.mark.parametrize("metric", ["l1", "l2"])
def test_on_real_images(cifar10, metric):
    queries, known = cifar10.X_test[:200], np.array_split(cifar10.X_train, 10)
    model = KNeighborsClassifier(1, metric=metric).fit(cifar10.X_train, cifar10.y_train)
    distances, indices = model.kneighbors(queries)
    assert 0.3 < (cifar10.y_train[indices[:, 0]] == cifar10.y_test[:200]).mean() < 0.5
    for row in (0, 199):
        differences = (part - queries[row].astype(np.int32) for part in known)
        if metric == "l1":
            expected = np.concatenate([np.abs(part).sum(axis=1) for part in differences])
        else:
            expected = np.concatenate([np.sqrt(np.square(part).sum(axis=1)) for part in differences])
        assert expected.argmin() == indices[row, 0]
        assert expected.min() == distances[row, 0]
