"""Slide 32: the parameters of two and three layers, and boundaries that bend."""

import re

import pytest
from layers import Settings, main


def test_parameters_and_accuracies(at_defaults):
    output, _ = at_defaults("layers")
    counts = dict(re.findall(r"(3072\S*10) .* = ([\d,]+)", output))
    linear, hidden = 3072 * 10 + 10, 3072 * 100 + 100
    expected = {
        "3072-10": linear, "3072-100-10": hidden + 1010, "3072-100-100-10": hidden + 10_100 + 1010
    }  # fmt: skip
    assert counts == {sizes: f"{count:,}" for sizes, count in expected.items()}
    straight, two, three = (float(share) for share in re.findall(r"(\d+\.\d)%", output))
    assert straight < 60
    assert min(two, three) > 95


@pytest.mark.parametrize(("wrong", "flag"), [({"samples": 1}, "--samples"), ({"neurons": 0}, "--neurons")])
def test_wrong_settings(wrong, flag, tmp_path):
    with pytest.raises(ValueError, match=f"{flag} must be .*at least"):
        main(Settings(out=tmp_path, **wrong))
