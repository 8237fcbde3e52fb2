"""Slide 16: the scores are the classifier's, and the highest is its prediction."""

import re

import linear_scores
import numpy as np
import pytest

from classifiers import LinearClassifier


@pytest.fixture(autouse=True)
def data_home(stand_in, monkeypatch):
    monkeypatch.setenv("GATEWISE_DATA", str(stand_in.folder.parent))


def test_the_scores(stand_in, capsys, tmp_path):
    settings = linear_scores.Settings(images=500, epochs=2, image=5, stand_in=True, out=tmp_path)
    linear_scores.main(settings)
    told = capsys.readouterr().out
    model = LinearClassifier(alpha=1.0, learning_rate=0.01, epochs=2, random_state=0)
    model.fit(stand_in.X_train[:500], stand_in.y_train[:500])
    expected = model.decision_function(stand_in.X_test[5:6])[0]
    rows = re.findall(r"^  (\w+) +(-?\d+\.\d{3})(.*)$", told, re.MULTILINE)
    assert [name for name, *_ in rows] == stand_in.target_names
    np.testing.assert_allclose([float(score) for _, score, _ in rows], expected, atol=2e-3)
    assert [bool(mark) for *_, mark in rows].index(True) == expected.argmax()
    assert f"test image 5, of class {stand_in.target_names[stand_in.y_test[5]]}:" in told


@pytest.mark.parametrize(("name", "got"), [("images", 5), ("image", -1), ("image", 10_000)])
def test_wrong_settings(name, got, tmp_path):
    with pytest.raises(ValueError, match=f"--{name} must be a whole number from .*, got {got}"):
        linear_scores.main(linear_scores.Settings(**{name: got}, stand_in=True, out=tmp_path))
