"""Text: short numbers and names, and their widths."""

import pytest

from classifiers.plots.shared.text import class_name, legend_entry, number, percent, shorten, text_width


def test_numbers_are_short():
    got = [0, 456.0, 371942, 162.1111, 1234.567, 12.345678, 0.0012345]
    assert list(map(number, got)) == ["0", "456", "371,942", "162.11", "1,234.57", "12.35", "0.001234"]
    assert [number(value) for value in (float("inf"), float("-inf"), 1e300)] == ["∞", "-∞", "1e+300"]


def test_long_names_end_in_an_ellipsis():
    assert shorten("a" * 40) == "a" * 40
    assert shorten("a" * 41) == "a" * 39 + "…"
    assert shorten(12345, 3) == "12…"


def test_legend_entries_have_short_lines_and_are_never_omitted():
    assert legend_entry("stochastic gradient descent") == "stochastic gradient\ndescent"
    assert legend_entry("_hidden") == "\u200b_hidden"  # matplotlib omits entries that begin with "_"


def test_shares_have_the_digits_that_they_need():
    assert [percent(share) for share in (0.825, 0.85, 0.9995, -1e-17)] == ["82.5%", "85%", "99.95%", "0%"]


def test_the_width_is_that_of_the_widest_line():
    assert text_width([]) == 0
    assert text_width(["i\nMMM", "M"]) == text_width(["MMM"]) > text_width(["iii"])


def test_names_are_indexed_by_labels():
    assert class_name("p", 1.0, ["cat", "dog"]) == "dog"
    assert class_name("p", "cat", None) == "cat"
    for label in (2, -1, 0.5, "1"):
        with pytest.raises(ValueError, match=rf"p expected labels that index the 2 names, got label {label}; pass a"):
            class_name("p", label, ["cat", "dog"])
