"""plots.panels: several Axes in one figure."""

import pytest

from classifiers import plots


def test_creates_axes_side_by_side_and_in_rows():
    assert len({ax.figure for ax in plots.panels(3)}) == 1
    figure = plots.panels(5, columns=3, size=(2, 1), title="costs $5")[0].figure
    assert [len(figure.axes), *figure.get_size_inches()] == [5, 6, 2]
    assert figure.get_suptitle() == "costs $5"


@pytest.mark.parametrize("wrong", [{"count": 0}, {"count": 2.5}, {"count": 2, "columns": 0}])
def test_rejects_other_numbers_of_panels(wrong):
    with pytest.raises((ValueError, TypeError), match=f"{list(wrong)[-1]}"):
        plots.panels(**wrong)
