"""Slide 22: each number between the scores and the loss."""

import math
import re

import pytest


def test_every_intermediate_number(renderer, at_defaults):
    output, folder = at_defaults("forward_pass")
    numbers = [float(number) for number in re.findall(r"= +(-?[\d.]+)$", output, re.MULTILINE)]
    exps = [math.exp(score) for score in (3.2, 5.1, -1.7)]
    probability = exps[0] / sum(exps)
    assert numbers == pytest.approx([*exps, sum(exps), probability, -math.log(probability)], abs=5e-5)
    picture = (folder / "graph.svg").read_text(encoding="utf-8")
    for text in ("s cat", "s car", "s frog", "Σ exp", "P cat", "loss", "2.04"):
        assert text in picture
