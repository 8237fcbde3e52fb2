"""Slide 24: equal work in steps of one, ten and all points; each gets close to the minimum."""

import re


def test_three_ways_at_equal_work(at_defaults):
    output, _ = at_defaults("descend")
    found = re.findall(r"(\S+): +(\d+) steps, α = (\S+): J = (\S+),", output)
    assert [(name, int(steps)) for name, steps, *_ in found] == [
        ("batch", 20),
        ("mini-batch", 200),
        ("stochastic", 2000),
    ]
    rates, costs = ([float(row[column]) for row in found] for column in (2, 3))
    assert rates == sorted(rates, reverse=True), "the noisier, the smaller"
    least = float(re.search(r"closed form: +J = (\S+)", output)[1])
    assert costs == sorted(costs), "the noisier, the further from the bottom"
    assert all(least - 1e-6 <= cost < 1.1 * least for cost in costs)
