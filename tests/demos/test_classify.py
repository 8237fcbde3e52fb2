"""demos/classify.py: the output and plots for a picture, and its error messages."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import nn
from classifiers import plots

ROOT = Path(__file__).parents[2]
SCORES = np.arange(10.0)[[3, 1, 4, 0, 5, 9, 2, 6, 8, 7]] / 2  # class 5 scores highest


@pytest.fixture
def home(stand_in, tmp_path, monkeypatch):
    """A folder with a model that gives every picture the same scores, and the stand-in in the expected place."""
    monkeypatch.setenv("GATEWISE_DATA", str(stand_in.folder.parent))
    model = nn.Sequential(nn.Linear(3072, 10, init="zeros"))
    model[0].bias.data = SCORES.astype(np.float32)
    nn.save(tmp_path / "model.safetensors", model)
    return tmp_path


def classify(home, picture, **settings):
    from classify import Settings, main

    main(Settings(picture, **{"model": home / "model.safetensors", "out": home, "stand_in": True, **settings}))


def test_a_training_image_is_classified_and_found_again(home, stand_in, capsys, monkeypatch):
    image = np.moveaxis(stand_in.X_train[7].reshape(3, 32, 32), 0, -1)
    wide = np.pad(image.repeat(15, axis=0).repeat(15, axis=1), ((0, 0), (80, 80), (0, 0)), constant_values=255)
    Image.fromarray(wide).save(home / "photo.png")
    drawn = {}
    neighbours, probabilities = plots.neighbours, plots.probabilities
    monkeypatch.setattr(plots, "neighbours", lambda trace, **k: neighbours(drawn.setdefault("trace", trace), **k))
    monkeypatch.setattr(plots, "probabilities", lambda p, *a, **k: probabilities(drawn.setdefault("p", p), *a, **k))
    classify(home, home / "photo.png", neighbours=3)

    data, resized, *classes, picture = capsys.readouterr().out.splitlines()
    assert data == f"data: {stand_in.name}, from {stand_in.folder}"
    assert resized == "photo.png: 640×480, its centre square of 480×480 resized to 32×32"
    expected = np.exp(SCORES) / np.exp(SCORES).sum()
    order = np.argsort(-SCORES)
    assert [line.split()[0] for line in classes] == [stand_in.target_names[label] for label in order]
    assert [float(line.split()[1]) for line in classes] == pytest.approx(100 * expected[order], abs=0.06)
    assert picture == f"picture: {home / 'photo-classified.png'}"
    assert (home / "photo-classified.png").read_bytes().startswith(b"\x89PNG")

    np.testing.assert_allclose(drawn["p"], expected, rtol=1e-5)
    trace = drawn["trace"]
    assert trace.metric == "l2"
    assert trace.neighbour_samples.shape == (3, 3072)
    np.testing.assert_array_equal(trace.neighbour_samples[0], stand_in.X_train[7])  # nearly unchanged by resizing
    assert trace.neighbour_labels[0] == stand_in.y_train[7]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (nn.Linear(192, 10), "takes no images of .*, of 3072 numbers each: Linear.192, 10. expected inputs"),
        (nn.Linear(3072, 3), r"gives scores of shape \(3,\), but .* has 10 classes; name another --model"),
    ],
)
def test_rejects_a_model_of_other_data(home, model, text):
    Image.new("RGB", (8, 8)).save(home / "photo.png")
    nn.save(home / "other.safetensors", nn.Sequential(model))
    with pytest.raises(ValueError, match=f"other.safetensors {text}"):
        classify(home, home / "photo.png", model=home / "other.safetensors")


def test_rejects_zero_neighbours(home):
    Image.new("RGB", (8, 8)).save(home / "photo.png")
    with pytest.raises(ValueError, match="0"):
        classify(home, home / "photo.png", neighbours=0)


def run(*flags):
    command = [sys.executable, str(ROOT / "demos" / "classify.py"), *map(str, flags)]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")


def test_errors_are_one_line_without_traceback(tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    done = run(tmp_path / "photo.png", "--model", tmp_path / "model.safetensors")
    assert done.returncode == 1
    text = r"classify: there is no model .*model.safetensors: run `python demos/train_mlp.py` first, or name one .*\n"
    assert re.fullmatch(text, done.stderr)
    done = run(tmp_path / "nothing.png")
    assert done.returncode == 1
    assert re.fullmatch(r"classify: found no picture .*nothing.png; .*\n", done.stderr)


def test_help_shows_the_docstring():
    assert "Classify any picture" in run("--help").stdout
