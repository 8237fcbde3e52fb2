"""Slide 34: the more neurons, the higher the training accuracy."""

import re

import pytest
from neurons import Settings, main


def test_training_accuracy_rises(at_defaults):
    output, _ = at_defaults("neurons")
    rows = re.findall(r"(\d+) neurons: +(\d+) parameters, training accuracy +(\S+)%", output)
    assert [int(row[0]) for row in rows] == [3, 6, 20]
    assert [int(row[1]) for row in rows] == [2 * n + n + 3 * n + 3 for n in (3, 6, 20)]
    few, some, many = (float(row[2]) for row in rows)
    assert few + 10 < some < many
    assert many > 98


def test_wrong_settings(tmp_path):
    with pytest.raises(ValueError, match=r"hidden_layer_sizes\[0\] must be a whole number, at least 1, got 0"):
        main(Settings(neurons=(0,), out=tmp_path))
