"""A fit replaces all attributes of an estimator, or none."""

from types import SimpleNamespace

import pytest

from classifiers.atomic_fit import atomic_fit


def test_a_fit_that_succeeds_sets_and_deletes_attributes():
    estimator = SimpleNamespace(alpha=1, old_=2)
    with atomic_fit(estimator) as fitted:
        fitted.new_ = 3
        del fitted.old_
        assert not hasattr(estimator, "new_")
    assert vars(estimator) == {"alpha": 1, "new_": 3}


def test_a_fit_that_fails_changes_nothing():
    estimator = SimpleNamespace(alpha=1, old_=2)
    with pytest.raises(ZeroDivisionError), atomic_fit(estimator) as fitted:
        fitted.new_, fitted.old_ = 3, 4
        del fitted.alpha
        fitted.old_ = 1 / 0
    assert vars(estimator) == {"alpha": 1, "old_": 2}
