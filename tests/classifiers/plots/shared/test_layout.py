"""Layout: titles, legends and the decorator of plots."""

import pytest
from matplotlib.figure import Figure

from classifiers.plots.shared.layout import add_legend, new_axes, plot, set_title, size_in_points


def test_a_new_figure_has_one_axes_of_its_size():
    ax = new_axes((3, 2))
    assert ax.figure.axes == [ax]
    assert ax.figure.get_size_inches().tolist() == [3, 2]
    width, height = size_in_points(ax)
    assert 150 < width < 3 * 72
    assert 100 < height < 2 * 72


def test_long_titles_are_broken_into_lines():
    ax = new_axes((3, 2))
    set_title(ax, "word " * 20)
    assert ax.get_title().count("\n") >= 3
    set_title(ax, None)
    assert ax.get_title() == ""


@pytest.mark.parametrize("own_figure", [True, False])
def test_a_long_legend_tells_how_many_entries_it_leaves_out(own_figure):
    ax = Figure().subplots()
    for number in range(30):
        ax.plot([0], [number], label=f"two\nlines {number}")
    (extra,) = ax.plot([], [], label="_extra")
    extra.set_label("extra")
    texts = [text.get_text() for text in add_legend(ax, own_figure=own_figure, also=(extra,)).get_texts()]
    assert texts[0] == "two\nlines 0"
    assert texts[-1] == "extra"
    left_out = int(texts[-2].removeprefix("and ").removesuffix(" more"))
    assert len(texts) - 2 + left_out == 31  # the entries include the extra one


def test_a_plot_shows_texts_literally_and_rejects_other_axes():
    @plot
    def example(*, ax=None):
        ax = ax or new_axes()
        ax.set_title("costs $5 or $6")
        return ax

    assert not example().title.get_parse_math()
    with pytest.raises(TypeError, match=r"example expected ax to be one matplotlib Axes .*, got polar axes; pass one"):
        example(ax=Figure().subplots(subplot_kw={"projection": "polar"}))
