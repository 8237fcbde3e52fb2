"""demos/challenges.py (slide 4): four changes that keep the content of an image but move it far in L2."""

import re

import challenges
import numpy as np
import pytest
from challenges import Settings, main

from classifiers import fetch_stand_in


def check(output):
    """Check that all four are farther away than an image of another class; return their distances."""
    (other,) = re.findall(r"^another class: L2 = (\S+), ", output, re.MULTILINE)
    found = re.findall(r"^(\w+): +L2 = (\S+), accuracy (\d+)%", output, re.MULTILINE)
    distances = {name: int(distance.replace(",", "")) for name, distance, _ in found}
    assert list(distances) == ["unchanged", "illumination", "deformation", "occlusion", "background"]
    unchanged, *accuracies = [int(accuracy) for *_, accuracy in found]
    assert max(accuracies) < unchanged
    assert distances.pop("unchanged") == 0
    assert min(distances.values()) > int(other.replace(",", ""))
    return distances


def test_the_distances_on_the_stand_in(tmp_path, capsys):
    main(Settings(stand_in=True, out=tmp_path))
    distances = check(capsys.readouterr().out)
    hidden = fetch_stand_in().X_test[:200].reshape(-1, 3, 32, 32)[..., 14:, 12:].astype(float)
    assert distances["occlusion"] == round(np.mean([np.sqrt(np.sum(image**2)) for image in hidden]))


@pytest.mark.data
def test_the_distances_on_cifar10(cifar10, at_defaults):
    output, _ = at_defaults("challenges")
    check(output)


def test_each_change_matches_its_name():
    images = np.random.default_rng(0).integers(50, 100, (2, 3, 32, 32), dtype=np.uint8)
    ratio = challenges.illuminate(images) / images
    assert ratio[..., 0].mean() > 1.5
    assert ratio[..., 31].mean() < 0.21
    deformed = challenges.deform(images)
    assert (deformed[..., 0, 0] == images[..., 0, 0]).all()  # sin 0: the corner stays
    assert (deformed[..., 10, 20] == images[..., 10 - 4, 20 + 5]).all()  # 5 sin 4 = −3.8, 5 sin 2 = 4.5
    hidden = (challenges.occlude(images) != images).all(axis=(0, 1))
    assert hidden[14:, 12:].all()
    assert hidden.sum() == 18 * 20
    cluttered = challenges.clutter(images)
    assert (cluttered[:, :, 16, 16] == images[:, :, 16, 16]).all()
    assert (cluttered[:, :, 0] == images[::-1, :, 0]).all()


@pytest.mark.parametrize("wrong", [{"images": 1}, {"images": 10_001}, {"known": 99}, {"known": 50_001}])
def test_wrong_settings(wrong, tmp_path):
    with pytest.raises(ValueError, match=f"--{next(iter(wrong))} must be a whole number from"):
        main(Settings(stand_in=True, out=tmp_path, **wrong))
