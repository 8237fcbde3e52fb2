"""What the tests of the demos share: a few images in the place of those that demos load."""

from types import SimpleNamespace

import numpy as np
import pytest


@pytest.fixture
def few_images():
    """What `load` gives, in small."""
    X, y = np.random.default_rng(0).integers(256, size=(350, 3072), dtype=np.uint8), np.arange(350) % 10
    names = [f"class_{label}" for label in range(10)]
    return SimpleNamespace(X_train=X[:300], y_train=y[:300], X_test=X[300:], y_test=y[300:], target_names=names)
