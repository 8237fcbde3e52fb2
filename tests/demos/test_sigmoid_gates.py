"""sigmoid_gates: the numbers of the slide: each gradient is the previous one times a local gradient."""

import math
import re

import pytest
from sigmoid_gates import Settings, main

PASSED = re.compile(r"(\w+) +→ (\w+) .* = \S+.* (\S+) × +(\S+) = +(\S+)$")


def lines_of(output):
    return output.replace("−", "-").splitlines()


def test_the_numbers_of_the_slide(at_defaults):
    lines = lines_of(at_defaults("sigmoid_gates")[0])
    forward = [float(line.split()[-1]) for line in lines if re.match(r"  (g\d|f)  ?= ", line)]
    assert forward == [-2.00, 6.00, 4.00, 1.00, -1.00, 0.37, 1.37, 0.73]
    down = {match[2]: float(match[5]) for line in lines if (match := PASSED.search(line))}
    trunk = [down[f"g{gate}"] for gate in (7, 6, 5, 4, 3)]
    assert trunk == [-0.53, -0.53, -0.20, 0.20, 0.20]
    assert [down[x] for x in ("w0", "x0", "w1", "x1", "w2")] == [-0.20, 0.39, -0.39, -0.59, 0.20]


def test_each_gradient_is_local_times_upstream(tmp_path, capsys):
    main(Settings(digits=10, out=tmp_path))
    rows = [match.groups() for line in lines_of(capsys.readouterr().out) if (match := PASSED.search(line))]
    assert len(rows) == 12
    arrived = {"f": 1.0}
    for gate, input_, local, upstream, down in rows:
        assert float(upstream) == arrived[gate]
        assert float(down) == pytest.approx(float(local) * float(upstream), abs=1e-9)
        arrived[input_] = float(down)
    sigma = 1 / (1 + math.exp(-1))
    assert arrived["w2"] == pytest.approx(sigma * (1 - sigma), abs=1e-9)
    assert arrived["x1"] == pytest.approx(-3 * sigma * (1 - sigma), abs=1e-9)


def test_rejects_invalid_digits(tmp_path):
    with pytest.raises(ValueError, match="--digits must be a whole number from 0 to 12, got -1"):
        main(Settings(digits=-1, out=tmp_path))
