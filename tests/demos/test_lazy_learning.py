"""Lazy learning: training takes almost no time, and the printed line fits the measured times."""

import re

import lazy_learning
import numpy as np
import pytest


def test_prediction_time_grows_with_images_and_training_time_is_negligible(at_defaults):
    output, _ = at_defaults("lazy_learning")
    rows = re.findall(r"^ *([\d,]+) +([\d.]+) ms +([\d.]+) ms$", output, re.M)
    sizes, training, prediction = zip(*([float(n.replace(",", "")) for n in row] for row in rows), strict=True)
    assert sizes == tuple(range(1000, 10_001, 1000))
    assert sum(training) < 0.5 * sum(prediction)  # a hundredth on an idle machine
    assert sum(prediction[5:]) > 1.4 * sum(prediction[:5])  # 40/15 on an idle machine, where time is linear
    slope, start = np.polyfit(sizes, prediction, 1)
    line = re.search(r"prediction ≈ (\S+) ms · n/1000 (\S+) ms, R² = (\S+)", output)
    assert [float(number) for number in line.groups()] == pytest.approx(
        [1000 * slope, start, np.corrcoef(sizes, prediction)[0, 1] ** 2], rel=0.02, abs=0.02
    )


@pytest.mark.parametrize(("settings", "least"), [({"largest": 19}, 20), ({"queries": 0}, 1), ({"rounds": 0}, 1)])
def test_wrong_settings_are_refused(settings, least, tmp_path):
    (flag, got), *_ = settings.items()
    with pytest.raises(ValueError, match=f"--{flag} must be a whole number, at least {least}, got {got}"):
        lazy_learning.main(lazy_learning.Settings(**settings, out=tmp_path))
