"""scikit-learn's estimator contract: clone, pickle, pipelines, searches in two processes and on a dask cluster."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.datasets import load_iris
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from classifiers import (
    KNeighborsClassifier,
    LinearClassifier,
    LinearRegressor,
    MLPClassifier,
    PCAWhitening,
    Standardizer,
)

X, Y = load_iris(return_X_y=True)
ESTIMATORS = {  # with a parameter to search over, its better value last
    KNeighborsClassifier(metric="l1"): {"n_neighbors": [100, 5]},
    LinearClassifier(loss="hinge", learning_rate=0.05, random_state=0): {"epochs": [1, 30]},
    LinearRegressor(random_state=0): {"epochs": [1, 30]},
    MLPClassifier((8,), learning_rate=0.02, batch_size=32, random_state=0): {"epochs": [1, 20]},
}


@pytest.fixture(params=ESTIMATORS, ids=lambda estimator: type(estimator).__name__)
def estimator(request):
    return request.param


def test_clone_and_pickle(estimator):
    model = clone(estimator).fit(X, Y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert clone(model).get_params().keys() == model.get_params().keys()
    np.testing.assert_array_equal(clone(model).fit(X, Y).predict(X), model.predict(X))


def test_pipeline(estimator):
    model = make_pipeline(Standardizer(), PCAWhitening(3, random_state=0), clone(estimator)).fit(X, Y)
    assert model.score(X, Y) > 0.8


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_cross_validation_and_searches(estimator, n_jobs):
    grid = ESTIMATORS[estimator]
    (name, values), chosen = *grid.items(), {}
    good = clone(estimator).set_params(**{name: values[-1]})
    assert cross_val_score(good, X, Y, n_jobs=n_jobs, cv=3).shape == (3,)
    order = np.random.default_rng(0).permutation(len(X))  # searches do not split regression targets by class
    for kind in (GridSearchCV, HalvingGridSearchCV):
        settings = {"cv": 3, "n_jobs": n_jobs, "error_score": "raise"}
        settings |= {"min_resources": 150, "random_state": 0} if kind is HalvingGridSearchCV else {}
        search = kind(clone(estimator), grid, **settings).fit(X[order], Y[order])
        chosen[kind] = search.best_params_[name]
        assert search.score(X, Y) > 0.8
    assert set(chosen.values()) == {values[-1]}
    assert is_classifier(good) == (type(good) is not LinearRegressor)


DASK = """
import joblib, warnings
from dask.distributed import Client, LocalCluster
from sklearn.datasets import load_iris
from sklearn.model_selection import GridSearchCV
from classifiers import KNeighborsClassifier, MLPClassifier

if __name__ == "__main__":
    X, y = load_iris(return_X_y=True)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        seen = client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.workers))
        for model, grid in (
            (MLPClassifier((8,), learning_rate=0.02, random_state=0), {"epochs": [1, 100]}),
            (KNeighborsClassifier(metric="l1"), {"n_neighbors": [5, 100]}),
        ):
            search = GridSearchCV(model, grid, cv=3, error_score="raise")
            with joblib.parallel_config(backend="dask"):
                search.fit(X, y)
            print(seen, search.best_params_, round(search.best_score_, 3))
"""


@pytest.mark.slow
def test_search_on_a_dask_cluster(tmp_path):
    """In a separate process, because dask starts threads and processes that outlive a test."""
    pytest.importorskip("dask.distributed", reason="needs dask: pip install 'gatewise[dask]'")
    script = tmp_path / "search.py"
    script.write_text(DASK)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    mlp, knn = done.stdout.splitlines()
    assert mlp.startswith("2 {'epochs': 100} 0.9")
    assert knn.startswith("2 {'n_neighbors': 5} 0.9")
