"""Slide 15: edits that differ, at equal L2 distance."""

import re

import background
import numpy as np
import pytest

IMAGE = np.random.default_rng(0).uniform(0, 255, (3, 32, 32))


@pytest.fixture(autouse=True)
def data_home(stand_in, monkeypatch):
    monkeypatch.setenv("GATEWISE_DATA", str(stand_in.folder.parent))


def test_the_distances_are_equal_to_four_digits_and_that_of_the_nearest_of_another_class(stand_in, capsys, tmp_path):
    background.main(background.Settings(image=7, images=500, stand_in=True, out=tmp_path))
    first, *others = re.findall(r"L2 distance (\d+\.\d{4})", capsys.readouterr().out)
    assert first == "0.0000"
    assert len(others) == 4
    assert len(set(others)) == 1
    different = stand_in.X_train[:500][stand_in.y_train[:500] != stand_in.y_test[7]].astype(float)
    distances = np.linalg.norm(different - stand_in.X_test[7], axis=1)
    assert float(others[0]) == pytest.approx(distances.min(), abs=1e-4)


def test_edits_are_mixed_to_be_as_far():
    edits = [background.covered(IMAGE, side) for side in (2, 8, 20)]
    for distance in (100, 1000, 2500):
        edit = background.as_far(distance, IMAGE, edits)
        assert np.linalg.norm(edit - IMAGE) == pytest.approx(distance)
        assert 0 <= edit.min() <= edit.max() <= 255
    with pytest.raises(ValueError, match=r"no edit reaches the distance 100000\.0000"):
        background.as_far(1e5, IMAGE, edits)


def test_what_the_edits_change():
    assert (background.moved(IMAGE, 3)[:, 3:, 3:] == IMAGE[:, :29, :29]).all()
    changed = (background.covered(IMAGE, 6) != IMAGE).any(axis=0)
    assert changed.sum() == 36
    assert changed[13:19, 13:19].all()
    assert background.covered(IMAGE / 9, 2)[:, 16, 16].tolist() == [255] * 3  # on a dark image a white one


@pytest.mark.parametrize(("name", "got"), [("image", -1), ("image", 10_000), ("images", 5)])
def test_wrong_settings(name, got, tmp_path):
    with pytest.raises(ValueError, match=f"--{name} must be a whole number from .*, got {got}"):
        background.main(background.Settings(**{name: got}, stand_in=True, out=tmp_path))
