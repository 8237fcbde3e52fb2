"""Slide 38: what dropout drops, and its effect on the gap between training and validation."""

import re

import dropout
import numpy as np
import pytest

from classifiers import MLPClassifier


@pytest.fixture
def printed(stand_in, tmp_path, capsys, monkeypatch):
    """The output of the demo on the stand-in with these settings."""
    monkeypatch.setattr(dropout, "load", lambda **_: stand_in)

    def main(**settings):
        dropout.main(dropout.Settings(**settings, out=tmp_path))
        return capsys.readouterr().out

    return main


def test_the_gap_is_smaller_with_dropout(printed):
    rows = re.findall(r"^(?:without dropout|dropout, p = 0.5) (.*)$", printed(), re.M)
    (training, validation, gap, loss), thinned = ([float(n.rstrip("%")) for n in row.split()] for row in rows)
    assert training == 100  # memorised
    assert gap == pytest.approx(training - validation, abs=0.11)
    assert thinned[2] < gap - 3
    assert thinned[3] < loss - 0.1


def test_the_share_and_the_scale_are_those_of_p(printed):
    output = printed(p=0.2, images=100, validation=100, epochs=1, neurons=8)
    share, scale = map(float, re.search(r"(\S+) of them become 0, .* = (\S+)\n", output).groups())
    assert share == pytest.approx(0.2, abs=0.01)
    assert scale == 1.25


def test_the_training_images_are_measured_with_all_neurons():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 10))
    y = (X.sum(axis=1) > 0).astype(int)
    model = MLPClassifier(50, dropout=0.9, epochs=3, callbacks=[dropout.WithAllNeurons(X, y)], random_state=0)
    assert model.fit(X, y).history_[-1].accuracy == model.score(X, y)


@pytest.mark.parametrize("wrong", [{"images": 1}, {"validation": 0}, {"images": 50_000}])
def test_rejects_invalid_settings(printed, wrong):
    with pytest.raises(ValueError, match="--images and --validation must share 50000 images, got"):
        printed(**wrong)
    with pytest.raises(ValueError, match="dropout's p"):
        printed(p=1.0)
