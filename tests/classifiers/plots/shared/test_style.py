"""Style: colours and markers that differ."""

from matplotlib.colors import is_color_like

from classifiers.plots.shared.style import COLOURS, colour, colour_and_marker


def test_the_first_110_looks_differ():
    looks = {tuple(colour_and_marker(number).values()) for number in range(110)}
    assert len(looks) == 110
    assert colour_and_marker(110) == colour_and_marker(0)


def test_ten_classes_have_ten_colours():
    assert len({colour(number) for number in range(10)}) == 10
    assert all(map(is_color_like, COLOURS))
