"""The nearest neighbours of an image of each class, with an independent count."""

import re

import knn_results
import numpy as np
import pytest


@pytest.fixture
def small(monkeypatch, few_images):
    monkeypatch.setattr(knn_results, "load", lambda **_: few_images)
    return few_images


def test_correct_neighbours_of_each_class(tmp_path, capsys, small):
    knn_results.main(knn_results.Settings(k=4, metric="l1", out=tmp_path))
    output = capsys.readouterr().out
    rows = re.findall(r"^ *(\w+) → (.) (\w+) +(\d) of 4 neighbours right", output, re.M)
    assert [row[0] for row in rows] == small.target_names
    agree = 0
    for label, (truth, sign, answer, same) in enumerate(rows):
        sample = small.X_test[list(small.y_test).index(label)]
        apart = np.abs(small.X_train.astype(np.int16) - sample).sum(axis=1)
        near = small.y_train[np.argsort(apart)[:4]]
        assert int(same) == np.count_nonzero(near == label)
        assert sign == (" " if answer == truth else "×")
        agree += int(same)
    right = sum(truth == answer for truth, _, answer, _ in rows)
    assert f"{right} of 10 answers are right, {agree} of 40 neighbours" in output
