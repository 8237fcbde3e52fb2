"""Slide 33: the larger λ, the smaller the weights."""

import re

import pytest
from penalty import Settings, main


def rows(output):
    pattern = r"λ = (\S+) +‖W‖ = (\S+) +R\(W\) = (\S+) +data loss (\S+) +training accuracy (\S+)%"
    return [tuple(map(float, row)) for row in re.findall(pattern, output)]


def test_the_norm_falls_and_the_data_loss_rises(at_defaults):
    output, _ = at_defaults("penalty")
    strengths, norms, penalties, losses, accuracies = zip(*rows(output), strict=True)
    assert strengths == (0.001, 0.01, 0.1)
    assert norms[0] > 1.5 * norms[1] > 1.5**2 * norms[2] > 0
    assert list(losses) == sorted(losses)
    assert list(accuracies) == sorted(accuracies, reverse=True)
    assert penalties == pytest.approx([norm**2 for norm in norms], rel=1e-2)


@pytest.mark.parametrize(
    ("wrong", "flag"),
    [({"strengths": (-1.0,)}, "--strengths"), ({"steps": 0}, "--steps"), ({"samples": 1}, "--samples")],
)
def test_wrong_settings(wrong, flag, tmp_path):
    with pytest.raises(ValueError, match=f"{flag} must be .*at least"):
        main(Settings(out=tmp_path, **wrong))
