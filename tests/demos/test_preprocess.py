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
    curves, loss_curves = [], preprocess.plots.loss_curves
    monkeypatch.setattr(preprocess, "load", lambda **_: stand_in)
    monkeypatch.setattr(
        preprocess.plots,
        "loss_curves",
        lambda models, **options: (curves.append(models), loss_curves(models, **options))[1],
    )
    preprocess.main(preprocess.Settings(out=tmp_path))
    alike, own = ({name: model.loss_curve_ for name, model in models.items()} for models in curves)
    # The first epoch is the same on every machine. Later ones of a run that diverges are not: its steps multiply
    # the rounding of products, which depends on the processor. float64 does not help.
    assert [alike[name][0] for name in ("raw", "centred", "scaled")] == pytest.approx(
        [35264.7, 457.329, 2.2844], rel=1e-3
    )
    assert np.mean(alike["centred"]) > 40 * np.mean(alike["scaled"])
    assert (np.diff(alike["scaled"]) < 0).all()
    assert [own[name][-1] for name in ("raw", "centred", "scaled")] == pytest.approx(
        [2.23727, 1.82215, 1.8197], rel=1e-3
    )
    printed = map(str.split, capsys.readouterr().out.splitlines())
    rows = {row[0]: row[1:] for row in printed if row[0] in preprocess.PREPARATIONS}
    one_rate, accuracy, own_rate = ({name: float(row[i].rstrip("%")) for name, row in rows.items()} for i in (3, 4, 6))
    assert one_rate["raw"] > 100 * one_rate["centred"]
    assert one_rate["centred"] > 2 * one_rate["scaled"]
    assert one_rate["scaled"] == pytest.approx(1.83127, rel=3e-3)
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
