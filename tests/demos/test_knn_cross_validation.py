"""Slide 14: each fold is the validation set once."""

import numpy as np
from knn_cross_validation import turn
from sklearn.model_selection import KFold


def test_each_turn_uses_the_parts_of_the_folds():
    seen = np.zeros(23)
    for _, held in KFold(5).split(seen):
        parts = turn(held, len(seen))
        assert [role for role, _ in parts] == ["training", "validation", "training"]
        assert sum(size for _, size in parts) == len(seen)
        start, size = parts[0][1], parts[1][1]
        assert held.tolist() == list(range(start, start + size))
        seen[held] += 1
    assert (seen == 1).all()
