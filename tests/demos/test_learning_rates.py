"""Slide 25: the good rate is the best of the four, a larger one oscillates, the largest diverges."""

import re

import learning_rates
import pytest


def test_rates_and_batch_sizes(at_defaults):
    output, _ = at_defaults("learning_rates")
    row = r"(too small|good|too large), +α = \S+ +loss (\S+) → (\S+), which rose in (\d+) epochs"
    found = {name: (float(start), float(end), int(rises)) for name, start, end, rises in re.findall(row, output)}
    starts, ends, rises = (dict(zip(found, numbers, strict=True)) for numbers in zip(*found.values(), strict=True))
    assert len(set(starts.values())) == 1, "all begin with the same weights"
    assert ends["good"] < ends["too small"] < starts["good"]
    assert ends["good"] < ends["too large"]
    assert rises["good"] == rises["too small"] == 0 < rises["too large"]
    assert re.search(r"diverging, +α = 0.3 +.* at step \d+ \(epoch \d+\)", output)

    found = re.findall(r"batches of (\d+) +(\d+) steps: loss \S+ → (\S+),", output)
    assert [(int(size), int(steps)) for size, steps, _ in found] == [(32, 320), (64, 160), (128, 80)]
    losses = [float(loss) for *_, loss in found]
    assert losses == sorted(losses), "the more steps, the further down"


def test_wrong_settings():
    with pytest.raises(ValueError, match="--images must be a whole number from 100 to 50000, got 0"):
        learning_rates.main(learning_rates.Settings(images=0))
