"""gate_habits: the input gradients of add, max and mul, for other numbers than the slide's."""

import re

import pytest
from gate_habits import Settings, main


def gradients(capsys):
    lines = capsys.readouterr().out.replace("−", "-").splitlines()
    found = {line.split()[0]: re.findall(r"gets .* × .* = (\S+)", line.replace("y gets", "\ny gets")) for line in lines}
    return {name: [float(number) for number in numbers] for name, numbers in found.items() if numbers}


@pytest.mark.parametrize(
    ("x", "y", "upstream", "routed"),
    [(3, -4, 2, [2, 0]), (-1, 0.5, -3, [0, -3]), (1.5, 1.5, 4, [2, 2])],  # a tie: each gets half
)
def test_add_spreads_max_routes_mul_swaps(x, y, upstream, routed, tmp_path, capsys, renderer):
    main(Settings(x, y, upstream, tmp_path))
    assert gradients(capsys) == {
        "add": [upstream, upstream],
        "max": routed,
        "mul": pytest.approx([y * upstream, x * upstream]),
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["add.svg", "max.svg", "mul.svg"]
