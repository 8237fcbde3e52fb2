"""Slide 37: signals through ten layers, and how well the layers learn."""

import initialisation
import numpy as np
import pytest

X = np.random.default_rng(0).normal(size=(300, 200))


def mean_squares(name):
    """The mean square of the outputs of each of ten layers of 200 neurons."""
    activation, initialise, _ = initialisation.WAYS[name]
    model = initialisation.network(X, activation, initialise, initialisation.Settings(neurons=200))
    outputs = initialisation.outputs(model, X, activation)
    assert len(outputs) == 10
    return np.array([np.mean(values**2) for values in outputs.values()])


@pytest.mark.parametrize(
    ("name", "factor"),
    [
        ("0.01 · randn, tanh", 200 * 0.01**2),  # n σ², while tanh is nearly linear
        ("Xavier, ReLU", 0.5),  # n · 1/n, halved by ReLU
        ("He, ReLU", 1.0),  # n · 2/n, halved by ReLU
    ],
)
def test_output_mean_squares_match_theory(name, factor):
    found = mean_squares(name)
    assert (found[-1] / found[0]) ** (1 / 9) == pytest.approx(factor, rel=0.1)


def test_large_weights_saturate_tanh_but_xavier_does_not():
    assert mean_squares("1 · randn, tanh").min() > 0.9
    xavier = mean_squares("Xavier, tanh")
    assert 0.03 < xavier.min() < xavier.max() < 0.6


def test_initialisations_that_keep_the_signal_learn(stand_in, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(initialisation, "load", lambda **_: stand_in)
    initialisation.main(initialisation.Settings(out=tmp_path))
    lines = capsys.readouterr().out.splitlines()
    loss = {name: float(line.split()[-2]) for name in initialisation.WAYS for line in lines if line.startswith(name)}
    assert loss["Xavier, tanh"] < 1 < 2 < loss["1 · randn, tanh"]
    assert loss["He, ReLU"] < loss["Xavier, ReLU"] - 0.2
    assert loss["0.01 · randn, tanh"] == pytest.approx(np.log(10), abs=0.02)


def test_rejects_invalid_settings(stand_in, tmp_path, monkeypatch):
    monkeypatch.setattr(initialisation, "load", lambda **_: stand_in)
    for name, wrong in {"layers": 0, "neurons": 0, "images": 1}.items():
        with pytest.raises(ValueError, match=f"--{name} must be .* got {wrong}"):
            initialisation.main(initialisation.Settings(**{name: wrong}, out=tmp_path))
