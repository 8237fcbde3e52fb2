"""chain_rule: the products along the paths add up to the gradient."""

import re

import pytest
from chain_rule import Settings, main, paths, shared
from circuits import neuron_inputs, product, product_inputs, sigmoid_neuron

from autograd import Value


def products(f, x):
    total = []
    for path in paths(f, x):
        product = 1.0
        for _, local in path:
            product *= local
        total.append(product)
    return total


@pytest.mark.parametrize(
    ("circuit", "inputs", "counts"),
    [
        (product, product_inputs, [1, 1, 1]),
        (sigmoid_neuron, neuron_inputs, [1] * 5),
        (shared, lambda: [Value(1.5), Value(-0.7)], [3, 2]),
    ],
)
def test_the_sum_over_all_paths_is_the_gradient(circuit, inputs, counts):
    inputs = inputs()
    f = circuit(*inputs)
    f.backward()
    found = [products(f, x) for x in inputs]
    assert [len(each) for each in found] == counts
    assert [sum(each) for each in found] == pytest.approx([x.grad for x in inputs], rel=1e-12)


def test_the_gradient_is_that_of_calculus(tmp_path, capsys):
    x, y = 0.5, -2.0
    main(Settings(x=x, y=y, doublings=4, out=tmp_path))
    output = capsys.readouterr().out.split("with a = x y")[1]
    of_x, of_y = (re.search(rf"∂f/∂{name} .* = (\S+); backward\(\) finds (\S+)", output).groups() for name in "xy")
    assert set(of_x) == {f"{2 * x * y + 2 * x * y**2:g}"}  # of f = x²y + x²y²
    assert set(of_y) == {f"{x**2 + 2 * x**2 * y:g}".replace("-", "−")}
    assert "x doubled 4 times: 16 paths, each with the product 1\nbackward() finds 16 and " in output


def test_rejects_too_many_paths(tmp_path):
    with pytest.raises(ValueError, match="--doublings must be a whole number from 1 to 16, got 17"):
        main(Settings(doublings=17, out=tmp_path))
