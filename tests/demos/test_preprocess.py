"""Slide 36: what standardising does to a cloud, and to training."""

import numpy as np
import preprocess
import pytest


def test_the_preparations_are_the_slides_two_lines():
    X = np.random.default_rng(0).normal(5, 3, size=(100, 2))
    centred = X - X.mean(axis=0)
    for name, expected in {"raw": X, "centred": centred, "scaled": centred / X.std(axis=0)}.items():
        np.testing.assert_allclose(preprocess.PREPARATIONS[name].fit_transform(X), expected, atol=1e-12)


def test_scaled_pixels_learn_at_a_rate_at_which_raw_ones_diverge(stand_in, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(preprocess, "load", lambda **_: stand_in)
    preprocess.main(preprocess.Settings(out=tmp_path))
    printed = map(str.split, capsys.readouterr().out.splitlines())
    rows = {row[0]: row[1:] for row in printed if row[0] in preprocess.PREPARATIONS}
    one_rate, accuracy, own_rate = ({name: float(row[i].rstrip("%")) for name, row in rows.items()} for i in (3, 4, 6))
    assert one_rate["raw"] > 100 * one_rate["centred"]
    assert one_rate["centred"] > 2 * one_rate["scaled"]  # how far it diverges depends on how products are rounded
    assert accuracy["scaled"] > accuracy["raw"] + 5
    assert own_rate["raw"] > own_rate["scaled"] + 0.2  # slower at its own rate, too
    assert own_rate["centred"] == pytest.approx(own_rate["scaled"], abs=0.05)
    assert rows["scaled"][:2] == ["0.00", "1.00"]


def test_settings_that_make_no_sense(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(preprocess, "load", lambda **_: stand_in)
    for wrong, text in (
        ({"points": 1}, "--points must be a whole number, at least 2.* got 1"),
        ({"images": 25_001}, "from 1 to 25000"),
    ):
        with pytest.raises(ValueError, match=text):
            preprocess.main(preprocess.Settings(**wrong, out=tmp_path))
