"""The report of made-up outcomes."""

import pytest

from benchmarks import report
from benchmarks.benchmark import SECONDS, SHARE, Benchmark, Measured, Outcome, at_least, at_most

SIZES = (10, 100, 1000)
LABEL = "{:,} things".format


def outcome(ours, peer):
    """Three rounds at each size, with times proportional to the size."""
    spreads = (0.9, 1.0, 1.1)
    return Outcome([Measured(n, [n * ours] * 3, [n * peer * x for x in spreads if peer]) for n in SIZES])


TABLE = {
    "met": Benchmark(work="fast", peer="one", sides=None, sizes=SIZES, label=LABEL, goals={1000: at_least(2)}),
    "missed": Benchmark(work="slow", peer="two", sides=None, sizes=SIZES, label=LABEL, goals={100: at_least(2)}),
    "share": Benchmark(
        work="own", peer="products", sides=None, sizes=SIZES, label=LABEL, goals={10: at_most(1.25)}, quantity=SHARE
    ),
    "alone": Benchmark(
        work="chain", sides=None, sizes=SIZES, label=LABEL, quantity=SECONDS, growth=at_most(1.1), peer=""
    ),
    "plain": Benchmark(work="no goal", peer="three", sides=None, sizes=SIZES, label=LABEL),
    "gone": Benchmark(work="skipped", peer="torch", sides=None, sizes=SIZES, label=LABEL, goals={10: at_least(8)}),
    "broken": Benchmark(work="broken", peer="four", sides=None, sizes=SIZES, label=LABEL),
}
OUTCOMES = {
    "met": outcome(1e-5, 3e-5),
    "missed": outcome(1e-3, 0.5e-3),
    "share": outcome(1.3e-3, 1e-3),
    "alone": outcome(1e-3, 0),
    "plain": outcome(1e-3, 0.8e-3),
    "gone": Outcome(missing="torch: not installed, skipped"),
    "broken": Outcome(failed="RuntimeError", why="in /home/someone/file"),
}
OUTCOMES["met"].notes.append("a note")


@pytest.fixture
def text():
    return report.results(TABLE, OUTCOMES, {"processor": "a fast one, 2 cores"}, 7, 0.2)


def lines(text, work):
    return [line for line in text.splitlines() if line.startswith(f"| {work} |")]


def test_table_of_goals(text):
    assert lines(text, "fast")[0] == "| fast | 1,000 things | one | peer / ours | ≥ 2 | 3 (2.85–3.15) | 3 | met |"
    assert lines(text, "slow")[0].endswith("| ≥ 2 | 0.5 (0.475–0.525) | 3 | not met, behind |")
    assert lines(text, "own")[0].endswith("| not met |")
    assert lines(text, "no goal")[0].endswith("| – | 0.8 (0.76–0.84) | 3 | behind |")
    alone, growth, _ = lines(text, "chain")
    assert alone == "| chain | 1,000 things |  | seconds | – | 1 (1–1) | 3 |  |"
    assert growth == "| chain | 10 things to 1,000 things |  | exponent of our time | ≤ 1.1 | 1.00 |  | met |"


def test_table_of_sizes(text):
    assert lines(text, "fast")[1] == (
        "| fast | one | 10 things · 100 things · 1,000 things | 100 µs · 1 ms · 10 ms | 300 µs · 3 ms · 30 ms "
        "| 3 · 3 · 3 | 1.00 · 1.00 |"
    )


def test_lists_skips_and_failures_without_paths(text):
    assert lines(text, "skipped") == ["| skipped |  | torch |  | ≥ 8 |  |  | torch: not installed, skipped |"]
    assert "- torch: not installed, skipped" in text
    assert lines(text, "broken")[0].endswith("| failed: RuntimeError |")
    assert "/home" not in text


def test_has_host_notes_and_method(text):
    assert "| processor | a fast one, 2 cores |" in text
    assert "- a note" in text
    assert "in 7 alternating rounds" in text


def test_the_screen_also_shows_error_messages():
    lines = {name: list(report.screen(TABLE[name], OUTCOMES[name])) for name in TABLE}
    assert lines["met"] == [
        "fast, 1,000 things | one: peer / ours 3 (2.85–3.15), goal ≥ 2: met",
        "  exponents of the time: 1.00, 1.00",
        "  a note",
    ]
    assert lines["gone"] == ["skipped | torch: torch: not installed, skipped"]
    assert lines["broken"] == ["broken | four: failed: RuntimeError: in /home/someone/file"]


def test_numbers_and_durations():
    assert [report.number(x) for x in (0.0123456, 1.0, 12.345, 1543.2)] == ["0.0123", "1", "12.3", "1,543"]
    assert [report.duration(x) for x in (38.4, 0.0123, 4.7e-5)] == ["38.4 s", "12.3 ms", "47 µs"]
