"""Slide 37: signals through ten layers, and how these learn."""

import initialisation
import numpy as np
import pytest

X = np.random.default_rng(0).normal(size=(300, 200))


def mean_squares(name):
    """Of what each of ten layers of 200 neurons puts out."""
    activation, initialise, _ = initialisation.WAYS[name]
    model = initialisation.network(X, activation, initialise, initialisation.Settings(neurons=200))
    outputs = initialisation.outputs(model, X, activation)
    assert len(outputs) == 10
    return np.array([np.mean(values**2) for values in outputs.values()])


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("0.01 · randn, tanh", 200 * 0.01**2),  # n σ², where tanh is a straight line
        ("Xavier, ReLU", 0.5),  # n · 1/n, of which ReLU lets half pass
        ("He, ReLU", 1.0),  # n · 2/n, and again half
    ],
)
def test_a_layer_passes_on_what_theory_says(name, factor):
    found = mean_squares(name)
    assert (found[-1] / found[0]) ** (1 / 9) == pytest.approx(factor, rel=0.1)


def test_large_weights_saturate_tanh_and_xaviers_do_not():
    assert mean_squares("1 · randn, tanh").min() > 0.9
    xavier = mean_squares("Xavier, tanh")
    assert 0.03 < xavier.min() < xavier.max() < 0.6


def test_what_keeps_the_signal_learns(stand_in, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(initialisation, "load", lambda **_: stand_in)
    initialisation.main(initialisation.Settings(out=tmp_path))
    lines = capsys.readouterr().out.splitlines()
    loss = {name: float(line.split()[-2]) for name in initialisation.WAYS for line in lines if line.startswith(name)}
    assert loss["Xavier, tanh"] < 1 < 2 < loss["1 · randn, tanh"]
    assert loss["He, ReLU"] < loss["Xavier, ReLU"] - 0.2
    assert loss["0.01 · randn, tanh"] == pytest.approx(np.log(10), abs=0.02)


def test_settings_that_make_no_sense(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(initialisation, "load", lambda **_: stand_in)
    for name, wrong in {"layers": 0, "neurons": 0, "images": 1}.items():
        with pytest.raises(ValueError, match=f"--{name} must be .* got {wrong}"):
            initialisation.main(initialisation.Settings(**{name: wrong}, out=tmp_path))
