"""Slide 13: three disjoint sets, and a test set that is never used for choosing."""

import re

import pytest
import split


def show(capsys, tmp_path, **settings):
    split.main(split.Settings(stand_in=True, out=tmp_path, **settings))
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def data_home(stand_in, monkeypatch):
    monkeypatch.setenv("GATEWISE_DATA", str(stand_in.folder.parent))


def test_sets_cover_the_images_and_the_best_on_validation_is_tested(capsys, tmp_path):
    told = show(capsys, tmp_path, images=300, validation=100, test=50, ks=(20, 1, 3))
    sizes = [int(size) for size in re.findall(r"^(?:training|validation|test): +(\d+) images", told, re.MULTILINE)]
    assert sizes == [200, 100, 50]
    validated = {int(k): float(share) for k, share in re.findall(r"k = +(\d+): (\d+\.\d)% of the validation", told)}
    (chosen,) = re.findall(r"chosen: k = (\d+)", told)
    assert list(validated) == [20, 1, 3]
    assert validated[int(chosen)] == max(validated.values())
    assert re.search(rf"measure k = {chosen} on the test set: \d+\.\d% of 50 images", told)
    assert told.count("REFUSED") == 2
    assert told.index("held out for the final evaluation") < told.index("which was already used")


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"validation": 0}, "--validation must be less than --images, .* 0 and 4000"),
        ({"images": 60_000}, "at most 50000, got 1000 and 60000"),
        ({"test": 0}, "--test must be a whole number from 1 to 10000, got 0"),
    ],
)
def test_wrong_settings(settings, text, capsys, tmp_path):
    with pytest.raises(ValueError, match=text):
        show(capsys, tmp_path, **settings)
