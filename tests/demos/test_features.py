"""demos/features.py (slide 2): hand-crafted features beat raw pixels."""

import re

import pytest
from features import Settings, main


def accuracies(output):
    found = re.findall(r"^([a-z ]+): +(\S+) features, test accuracy (\S+)%$", output, re.MULTILINE)
    return {name: (int(count.replace(",", "")), float(percent)) for name, count, percent in found}


def test_hand_crafted_features_beat_raw_pixels(tmp_path, capsys):
    main(Settings(stand_in=True, images=2000, out=tmp_path))
    told = accuracies(capsys.readouterr().out)
    assert [count for count, _ in told.values()] == [3072, 64, 324, 388]
    assert told["oriented gradients"][1] > told["raw pixels"][1] + 20
    assert told["both"][1] > told["raw pixels"][1] + 20


@pytest.mark.data
def test_on_cifar10_both_together_are_best(cifar10, at_defaults):
    output, _ = at_defaults("features")
    told = {name: percent for name, (_, percent) in accuracies(output).items()}
    assert told["both"] > told["oriented gradients"] > told["raw pixels"]


@pytest.mark.parametrize("wrong", [{"images": 99}, {"images": 50_001}, {"shown": -1}, {"shown": 50_000}])
def test_wrong_settings(wrong, tmp_path):
    with pytest.raises(ValueError, match=f"--{next(iter(wrong))} must be a whole number from"):
        main(Settings(stand_in=True, out=tmp_path, **wrong))
