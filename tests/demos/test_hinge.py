"""Slide 18: the terms of the hinge loss, for any margin."""

import re

import hinge
import pytest


@pytest.mark.parametrize("margin", [1.0, 0.25, 4.0])
def test_terms_add_up_to_the_losses(margin, capsys, tmp_path):
    hinge.main(hinge.Settings(margin=margin, out=tmp_path))
    told = capsys.readouterr().out.replace("−", "-")
    losses = []
    for formulas, terms, loss in re.findall(r"(max.*)\n +=(.*) = (.*)", told):
        numbers = re.findall(r"max\(0, (-?[\d.]+) - \(?(-?[\d.]+)\)? \+ ([\d.]+)\)", formulas)
        exact = [max(0, float(other) - float(right) + float(above)) for other, right, above in numbers]
        assert {float(above) for *_, above in numbers} == {margin}
        assert [float(term) for term in terms.split("+")] == pytest.approx(exact, abs=0.051)
        assert float(loss) == pytest.approx(sum(exact), abs=0.051)
        losses.append(sum(exact))
    assert len(losses) == 3
    (mean,) = re.findall(r"mean: .* = (.*)", told)
    assert float(mean) == pytest.approx(sum(losses) / 3, abs=0.0051)


def test_rejects_an_invalid_margin(tmp_path):
    with pytest.raises(ValueError, match="margin must be above 0"):
        hinge.main(hinge.Settings(margin=0, out=tmp_path))
