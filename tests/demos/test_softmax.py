"""Slide 21: the probabilities of the scores 3.2, 5.1, −1.7, the losses of three images, and scores of 1000."""

import math
import re

import pytest
import softmax

EXAMPLES = {"cat": ([3.2, 5.1, -1.7], 0), "car": ([1.3, 4.9, 2.0], 1), "frog": ([2.2, 2.5, -3.1], 2)}


def printed(tmp_path, capsys, **settings):
    softmax.main(softmax.Settings(out=tmp_path, **settings))
    return capsys.readouterr().out


def test_losses_by_hand(at_defaults):
    output, _ = at_defaults("softmax")
    found = re.findall(r"image of a (\w+) +P = (\S+)  −log P = (\S+)", output)
    assert [name for name, *_ in found] == list(EXAMPLES)
    for name, probability, loss in found:
        scores, label = EXAMPLES[name]
        expected = math.exp(scores[label]) / sum(map(math.exp, scores))
        assert float(probability) == pytest.approx(expected, abs=5e-5)
        assert float(loss) == pytest.approx(-math.log(expected), abs=5e-5)
    base_10 = -math.log10(math.exp(3.2) / sum(map(math.exp, EXAMPLES["cat"][0])))
    assert f"the cat's is {base_10:.2f} = " in output


def test_softmax_sums_to_one_but_sigmoids_do_not(at_defaults):
    output, _ = at_defaults("softmax")
    sums = {name: float(line[-1]) for name, *line in map(str.split, output.splitlines()[1:5])}
    assert sums["softmax"] == 1
    assert sums["sigmoid"] == pytest.approx(sum(1 / (1 + math.exp(-s)) for s in EXAMPLES["cat"][0]), abs=5e-4)


@pytest.mark.parametrize("large", [1000.0, 1e300])
def test_large_scores_stay_finite(large, tmp_path, capsys):
    output = printed(tmp_path, capsys, large=large)
    assert "softmax [1.0, 0.0, 0.0]" in output
    assert f"−log P  [0.0, {large}, {2 * large}]" in output
