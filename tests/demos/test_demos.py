"""The demos, run from the command line: their output and files."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from slides import slides

import nn
from nn.training.history import read_history

ROOT = Path(__file__).parents[2]
SCRIPTS = {path.stem for path in (ROOT / "demos").glob("*.py") if "run(main, Settings)" in path.read_text("utf-8")}


def run_process(demo, *flags, **environment):
    """Run a demo in a separate process; return its output lines."""
    command = [sys.executable, str(ROOT / "demos" / f"{demo}.py"), *map(str, flags)]
    environment = {**os.environ, **environment}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_draw_gates(tmp_path, renderer):
    lines = run_process("draw_gates", "--out", tmp_path)
    assert lines[0] == "f = (x + y) z = -12.0000"
    assert lines[1].strip() == "gradients: x -4.0000, y -4.0000, z 3.0000"
    assert lines[2].strip() == "on the way: q = 3.0000, gradient -4.0000"
    assert "gradients: w0 -0.1966, x0 0.3932, w1 -0.3932, x1 -0.5898, w2 0.1966" in "\n".join(lines)
    files = [Path(line.split("picture: ")[1]) for line in lines if "picture: " in line]
    assert [path.suffix for path in files] == [".svg", ".png", ".html"] * 3
    assert all(path.stat().st_size > 1000 for path in files)


def test_newton(run):
    lines = run("newton")
    assert lines[0].startswith("step 0: f(-1.200000, 1.000000) = 2.420e+01")
    assert len(lines) == 8  # from a parabola to the bottom of the valley in seven steps
    assert lines[-1].startswith("step 7: f(1.000000, 1.000000) = ")


def test_moons(tmp_path, run):
    lines = run("moons", "--out", tmp_path)
    assert re.fullmatch(r"Program\(337 inputs, 65,\d{3} gates in \d+ runs\)", lines[0])
    loss, accuracy = re.fullmatch(r"loss after 500 steps: (\S+), training accuracy: (\d+)%", lines[-2]).groups()
    assert float(loss) < 0.02
    assert accuracy == "100"
    assert (tmp_path / "boundary.png").read_bytes().startswith(b"\x89PNG")


def test_check_gradients(run):
    lines = run("check_gradients")
    assert sum(line.startswith("passed: largest relative error") for line in lines) == 3
    assert run("check_gradients", "--tolerance", "1e-30", check=False).returncode == 1


def check_training(lines, out):
    assert f"model: {out / 'model.safetensors'}" in lines
    assert [epoch.number for epoch in read_history(out / "history.jsonl")][-1] >= 2
    for name in ("confusion", "loss", "accuracy"):
        assert f"picture: {out / name}.png" in lines
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert [line for line in lines if re.fullmatch(r"time: \d+\.\d s of training", line)]
    accuracies = [re.fullmatch(r"(\w+) accuracy: (\d+\.\d\d) %", line) for line in lines[-3:]]
    assert [match[1] for match in accuracies] == ["train", "validation", "test"]
    return float(accuracies[-1][2])


def check_model(out, data, accuracy):
    """Check that the saved model expects raw pixels and has the printed accuracy."""
    model = nn.load(out / "model.safetensors")
    scores = model(data.X_test.astype(np.float32)).data
    assert 100 * np.mean(scores.argmax(axis=1) == data.y_test) == pytest.approx(accuracy, abs=0.05)
    return model


@pytest.mark.slow
def test_train_mlp_falls_back_to_the_stand_in_without_data(tmp_path):
    """The proxy refuses every connection: no test ever downloads CIFAR-10."""
    lines = run_process(
        "train_mlp", "--epochs", 2, "--hidden", 64, "--whiten", 16, "--validation", 30_000, "--out", tmp_path / "out",
        GATEWISE_DATA=str(tmp_path / "data"), https_proxy="http://127.0.0.1:9", HTTPS_PROXY="http://127.0.0.1:9",
        NO_PROXY="", no_proxy="",
    )  # fmt: skip
    text = "\n".join(lines)
    assert "could not download CIFAR-10" in text
    assert text.count("NOT CIFAR-10") == 3  # on falling back, next to the data's name, above the accuracies
    assert check_training(lines, tmp_path / "out") > 20


@pytest.mark.data
def test_a_short_training_run_on_the_real_data(cifar10, tmp_path, run):
    flags = ["--epochs", 2, "--hidden", 64, "--whiten", 64, "--out", tmp_path]
    lines = run("train_mlp", *flags, GATEWISE_DATA=cifar10.folder.parent)
    assert lines[0].startswith("data: CIFAR-10, from ")
    accuracy = check_training(lines, tmp_path)
    assert accuracy >= 39
    check_model(tmp_path, cifar10, accuracy)


@pytest.mark.campaign
@pytest.mark.data
def test_train_mlp_on_the_real_data(cifar10, tmp_path):
    lines = run_process("train_mlp", "--out", tmp_path, GATEWISE_DATA=str(cifar10.folder.parent))
    assert lines[0].startswith("data: CIFAR-10, from ")
    assert "NOT CIFAR-10" not in "\n".join(lines)
    accuracy = check_training(lines, tmp_path)
    assert accuracy >= 59
    model = check_model(tmp_path, cifar10, accuracy)
    assert model.summary().parameters == 1_578_506  # 3072-512-10


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGINT")
def test_train_mlp_is_interrupted_and_resumed_to_the_same_model(tmp_path, stand_in, run):
    flags = ["--stand-in", "--hidden", "16", "--whiten", "8", "--epochs", "9", "--validation", "44000", "--out"]
    home = str(stand_in.folder.parent)
    run("train_mlp", *flags, tmp_path / "whole", GATEWISE_DATA=home)
    command = [sys.executable, ROOT / "demos" / "train_mlp.py", *flags, tmp_path / "broken"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    child = subprocess.Popen(command, env={**os.environ, "GATEWISE_DATA": home}, **pipes)
    while not child.stdout.readline().startswith("epoch   1"):
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    out, err = child.communicate()
    assert child.returncode == 0
    assert "the weights are kept" in err
    assert "test accuracy: " in out
    run("train_mlp", *flags, tmp_path / "broken", "--resume", GATEWISE_DATA=home)
    assert (tmp_path / "broken/model.safetensors").read_bytes() == (tmp_path / "whole/model.safetensors").read_bytes()


def test_train_mlp_cannot_resume_without_a_checkpoint(tmp_path, stand_in, run):
    home = stand_in.folder.parent
    done = run("train_mlp", "--stand-in", "--resume", "--out", tmp_path, "--whiten", 0, check=False, GATEWISE_DATA=home)
    assert done.returncode == 1
    assert "checkpoint.safetensors" in done.stderr.splitlines()[-1]


def test_every_recipe_makes_a_classifier():
    from train_mlp import RECIPES, Settings, classifier

    for name, recipe in RECIPES.items():
        model = classifier(Settings(**recipe, recipe=name, whiten=3))
        model.set_params(epochs=1, verbose=False, augment=None, callbacks=())
        X = np.random.default_rng(0).normal(size=(30, 5))
        assert len(model.fit(X, X[:, 0] > 0).history_) == 1


def test_find_rate(tmp_path, stand_in, run):
    flags = ["--stand-in", "--steps", 20, "--out", tmp_path, "--lowest", 1e-4]
    lines = run("find_rate", *flags, GATEWISE_DATA=str(stand_in.folder.parent))
    assert lines[1] == f"picture: {tmp_path / 'AdamW.png'}"
    assert re.fullmatch(r"suggested: \d\.?\d*(e-\d\d)?|suggested: 0\.\d+", lines[2])
    done = run("find_rate", "--optimizer", "Lion", check=False)
    assert done.stderr == "find_rate: --optimizer must be one of SGD, RMSProp, Adam, AdamW, got 'Lion'\n"


def test_train_mlp_reports_a_damaged_folder_in_one_line(tmp_path, run):
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    (folder / "data_batch_1.bin").write_bytes(b"cut short")
    done = run("train_mlp", check=False, GATEWISE_DATA=str(tmp_path))
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("train_mlp: CIFAR-10 in")
    assert "is incomplete" in line


def test_augment(tmp_path, stand_in, run):
    home = str(stand_in.folder.parent)
    lines = run("augment", "--stand-in", "--draws", 2, "--out", tmp_path, GATEWISE_DATA=home)
    assert lines == [f"data: {stand_in.name}, from {stand_in.folder}", f"picture: {tmp_path / 'augmentations.png'}"]
    assert (tmp_path / "augmentations.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("demo", sorted(SCRIPTS - {slide.demo for slide in slides()}))  # slides have their own test
def test_help_shows_the_docstring(demo, run):
    assert "usage:" in "\n".join(run(demo, "--help"))


@pytest.mark.parametrize("flags", [["--validation", 0], ["--validation", 60000], ["--epochs", 0], ["--dropout", 1.5]])
def test_wrong_settings_are_one_line_without_traceback(flags, stand_in, tmp_path, run):
    done = run("train_mlp", "--stand-in", "--out", tmp_path, *flags, check=False, GATEWISE_DATA=stand_in.folder.parent)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("train_mlp: ")


def test_augment_reports_wrong_settings_in_one_line(tmp_path, run):
    done = run("augment", "--out", tmp_path, "--images", 0, check=False)
    assert done.returncode == 1
    assert done.stderr == "augment: --images must be a whole number, at least 1, got 0\n"
    assert not list(tmp_path.iterdir())


def pictures_of(lines):
    paths = [Path(line.removeprefix("picture: ")) for line in lines if line.startswith("picture: ")]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    return [path.stem for path in paths]


def test_nearest_neighbour(tmp_path, stand_in, run):
    flags = ["--stand-in", "--queries", 20, "--out", tmp_path]
    lines = run("nearest_neighbour", *flags, GATEWISE_DATA=stand_in.folder.parent)
    assert pictures_of(lines) == ["l1_l2"]
    accuracy = r"l[12] accuracy: (\d+\.00) % of 20 test images in .* s"
    accuracies = [float(found[1]) for line in lines if (found := re.fullmatch(accuracy, line))]
    assert len(accuracies) == 2
    ahead = float(re.search(r"L1 − L2: (\S+) ± ", "\n".join(lines))[1])
    assert ahead == pytest.approx(accuracies[0] - accuracies[1])


@pytest.mark.data
@pytest.mark.parametrize(
    ("queries", "l1", "l2"), [(200, 34.5, 34.5), pytest.param(2000, 38.65, 35.25, marks=pytest.mark.campaign)]
)
def test_nearest_neighbour_on_the_real_data(queries, l1, l2, cifar10, tmp_path, run):
    """On all 10,000 (a minute): 38.45 % by L1 and 35.30 % by L2; uint8 overflow would give 26.9 % by L1."""
    flags = ["--images", 50_000, "--queries", queries, "--out", tmp_path]
    lines = run("nearest_neighbour", *flags, GATEWISE_DATA=cifar10.folder.parent)
    found = dict(re.findall(r"(l[12]) accuracy: (\d+\.\d\d) % of 2,?00+ test images", "\n".join(lines)))
    assert float(found["l1"]) == pytest.approx(l1, abs=1)
    assert float(found["l2"]) == pytest.approx(l2, abs=1)


def test_knn_cross_validation(tmp_path, stand_in, run):
    flags = ["--stand-in", "--images", 300, "--ks", 1, 5, 50, "--out", tmp_path]
    lines = run("knn_cross_validation", *flags, GATEWISE_DATA=stand_in.folder.parent)
    assert pictures_of(lines) == ["accuracy_over_k"]
    means = {int(k): float(mean) for k, mean in re.findall(r"k = +(\d+): (\d+\.\d\d)% ± ", "\n".join(lines))}
    assert means.keys() == {1, 5, 50}
    best = int(next(line for line in lines if line.startswith("best k: "))[8:])
    assert means[best] == max(means.values())
    assert re.fullmatch(r"test accuracy: \d+\.\d\d% of 10,000 images", lines[-1])


def test_train_linear(tmp_path, stand_in, run):
    home = stand_in.folder.parent
    lines = run("train_linear", "--stand-in", "--epochs", 1, "--out", tmp_path, GATEWISE_DATA=home)
    assert pictures_of(lines) == ["templates_hinge", "templates_softmax"]
    assert sum("30,730 parameters" in line for line in lines) == 2


@pytest.mark.data
@pytest.mark.parametrize(("flags", "least"), [(["--epochs", 1], 38), pytest.param([], 39, marks=pytest.mark.campaign)])
def test_train_linear_on_the_real_data(flags, least, cifar10, tmp_path, run):
    lines = run("train_linear", *flags, "--out", tmp_path, GATEWISE_DATA=cifar10.folder.parent)
    found = dict(re.findall(r"(hinge|softmax) test accuracy: (\d+\.\d\d) %", "\n".join(lines)))
    assert all(float(accuracy) >= least for accuracy in found.values())
    assert found.keys() == {"hinge", "softmax"}


def test_descend(tmp_path, run, at_defaults):
    lines = at_defaults("descend")[0].splitlines()
    assert pictures_of(lines) == ["paths", "line", "losses"]
    costs = [float(cost) for cost in re.findall(r"J = (\d+\.\d+)", "\n".join(lines))]
    assert costs[0] == pytest.approx(costs[3], rel=1e-5)  # batch descent reaches the closed form
    assert costs[3] <= min(costs) + 1e-6
    done = run("descend", "--learning-rate", 100, "--out", tmp_path, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"descend: .* training diverged\..*smaller learning rate.*\n", done.stderr)


@pytest.mark.parametrize(
    ("demo", "flags", "match"),
    [
        ("nearest_neighbour", ["--k", 0], r"n_neighbors must be a whole number, at least 1, got 0"),
        ("nearest_neighbour", ["--images", 0], r"--images must be a whole number from 1 to 50000, got 0"),
        ("nearest_neighbour", ["--queries", 0], r"--queries must be a whole number from 1 to 10000, got 0"),
        ("knn_cross_validation", ["--folds", 1], r"k-fold cross-validation requires at least one train/test split"),
        ("knn_cross_validation", ["--images", 20], r"50 neighbours|n_neighbors|neighbours were asked for"),
        ("train_linear", ["--alpha", -1], r"alpha must be at least 0 and finite, got -1.0"),
        ("descend", ["--samples", 0], r"--samples must be a whole number from 2 to 100000, got 0"),
    ],
)
def test_wrong_settings_of_other_demos_are_one_line_without_traceback(demo, flags, match, stand_in, tmp_path, run):
    flags = flags if demo == "descend" else ["--stand-in", *flags]
    done = run(demo, "--out", tmp_path, *flags, check=False, GATEWISE_DATA=stand_in.folder.parent)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith(f"{demo}: ")
    assert re.search(match, done.stderr)
