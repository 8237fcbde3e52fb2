"""The slides: every demo runs at its defaults, prints the numbers of its slides and draws their pictures."""

import importlib
import re

import pytest
from slides import Slide, slides

TABLE = slides()
DEMOS = sorted({slide.demo for slide in TABLE})


@pytest.mark.parametrize("demo", DEMOS)
def test_a_demo_prints_and_draws_what_its_slides_show(demo, at_defaults, renderer):
    output, folder = at_defaults(demo)
    for slide in TABLE:
        if slide.demo == demo:
            missing = [part for part, places in slide.printed(output) if not places]
            assert not missing, f"slide {slide.number} wants {missing}, but this was printed:\n{output}"
            for name in slide.pictures:
                assert (folder / name).stat().st_size > 1000


def test_the_table_has_all_slides_in_both_languages():
    assert [slide.number for slide in TABLE] == list(range(1, 39))
    for slide in TABLE:
        assert slide.prints, slide.number
        assert slide.pictures, slide.number
        assert slide.lesson.endswith("."), slide.number
        assert slide.lesson_zh.endswith("。"), slide.number
        assert re.search("[\u4e00-\u9fff]", slide.lesson_zh), slide.number


@pytest.mark.parametrize("demo", DEMOS)
def test_help_shows_the_lesson_of_a_slide(demo, capsys, monkeypatch):
    module = importlib.import_module(demo)
    monkeypatch.setattr("sys.argv", [f"{demo}.py", "--help"])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module("stage").run(module.main, module.Settings)
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert f"usage: {demo}.py" in shown
    assert module.__doc__.split()[0] in shown
    assert module.__doc__.splitlines()[0].endswith((".", ":")), "its first line is a sentence"


def test_dots_match_any_number():
    slide = Slide(1, "", "", "", "", "", "", "", ("k = 3: …  %", "(x + y)"), ())
    assert slide.printed("k = 3: 28.0  %\nk = 3: %") == [("k = 3: …  %", ["k = 3: 28.0  %"]), ("(x + y)", [])]
