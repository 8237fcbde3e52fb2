"""Slide 20: two parts that add up, weights that fall as λ grows, and the gradient 2W."""

import re

import pytest
import regularisation


def test_parts_add_up_and_weights_fall(tmp_path, capsys):
    settings = regularisation.Settings(images=200, epochs=20, out=tmp_path)
    regularisation.main(settings)
    output = capsys.readouterr().out
    row = r"^ *([\d.]+) +([\d.]+) \+ ([\d.]+) = ([\d.]+) +([\d.]+) +[\d.]+%$"
    rows = [tuple(map(float, numbers)) for numbers in re.findall(row, output, re.MULTILINE)]
    assert tuple(weight for weight, *_ in rows) == settings.lambdas
    for weight, data_loss, part, loss, size in rows:
        assert data_loss + part == pytest.approx(loss, abs=1.1e-4)
        assert weight * size == pytest.approx(part, abs=1e-4)
    sizes, data_losses = [row[-1] for row in rows], [row[1] for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < sizes[0] / 2
    assert data_losses == sorted(data_losses)
    assert "= 2W: True\n" in output
    assert "\npassed: largest relative error" in output


def test_wrong_settings():
    with pytest.raises(ValueError, match="--images must be a whole number from 100 to 50000, got 99"):
        regularisation.main(regularisation.Settings(images=99))
