"""Slide 17: straight lines separate clouds, but not opposite quadrants."""

import re

import decision_regions
import numpy as np
import pytest


def test_separates_clouds_but_not_quadrants(at_defaults):
    output, _ = at_defaults("decision_regions")
    told = output
    clouds, quadrants = (float(share) for share in re.findall(r"accuracy: (\d+)% of 240 points", told))
    assert clouds >= 95
    assert quadrants <= 75  # one line classifies at most three of the four correctly
    assert told.count("a straight line") == 3 + 1


def test_a_boundary_is_where_two_scores_are_equal(capsys, tmp_path):
    decision_regions.main(decision_regions.Settings(samples=60, out=tmp_path))
    text = capsys.readouterr().out.partition("opposite")[0].replace("− ", "-").replace("−", "-").replace("+ ", "+")
    numbers = r"(-?[\d.]+) x₁ ([+-][\d.]+) x₂ ([+-][\d.]+)"
    scores = np.array(re.findall(rf"score of class \d: {numbers}", text), float)
    boundaries = re.findall(rf"boundary of (\d) and (\d): {numbers} = 0", text)
    assert len(scores) == len(boundaries) == 3
    for i, j, *line in boundaries:
        np.testing.assert_allclose(np.array(line, float), scores[int(i)] - scores[int(j)], atol=0.0151)


def test_too_few_points(tmp_path):
    with pytest.raises(ValueError, match="--samples must be a whole number, at least 30, got 5"):
        decision_regions.main(decision_regions.Settings(samples=5, out=tmp_path))
