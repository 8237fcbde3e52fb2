"""Write the maps of the slides, docs/slides.md and docs/slides.zh.md, from demos/slides.toml.

    python docs/maps.py     (or `make docs`)

A test checks that both are up to date.
"""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "demos"))

from slides import Slide, slides  # noqa: E402

ENGLISH = """# The slides

<!-- Generated from demos/slides.toml by `make docs`; edit that file instead. -->

Each slide of the course has a one-page script that runs in seconds, prints the numbers of the slide and draws its
picture. `make slides` runs them all and writes `out/index.html`, a page with their headings, numbers and pictures that
opens offline. `python demos/NAME.py --help` lists the options of a script. An … stands for a number that depends on the
data or the machine. ([中文](slides.zh.md))

"""
CHINESE = """# 课件

<!-- 由 `make docs` 从 demos/slides.toml 生成，请改后者。 -->

课件的每一页在这里都有一个一页长的程序：几秒钟运行完，打印出那一页的数字，并画出它的图。`make slides` 运行全部程序，
并生成可离线打开的 `out/index.html`，其中有每一页的标题、数字和图；`python demos/NAME.py --help` 说明可以改变什么。
… 表示随数据或机器而变的数。（[English](slides.md)）

"""


def english() -> str:
    """The text of docs/slides.md."""
    columns = "| # | slide | script | output | pictures, in `out/` |\n|---|---|---|---|---|\n"
    return ENGLISH + "\n".join(
        f"## {chapter}\n\n{columns}" + "".join(row(s, f"**{s.heading}** · {s.chinese}<br>{s.lesson}") for s in group)
        for chapter, group in groupby(slides(), lambda slide: slide.chapter)
    )


def chinese() -> str:
    """The text of docs/slides.zh.md."""
    columns = "| # | 课件 | 程序 | 输出 | 图（在 `out/` 中） |\n|---|---|---|---|---|\n"
    return CHINESE + "\n".join(
        f"## {chapter}\n\n{columns}" + "".join(row(s, f"**{s.chinese}**<br>{s.lesson_zh}") for s in group)
        for chapter, group in groupby(slides(), lambda slide: slide.chapter_zh)
    )


def row(slide: Slide, text: str) -> str:
    """The row of a slide; `text` is its heading and its lesson."""
    prints = "<br>".join(f"`{part}`" for part in slide.prints).replace("|", r"\|")
    pictures = "<br>".join(f"`{slide.demo}/{name}`" for name in slide.pictures)
    script = f"[{slide.demo}.py](../demos/{slide.demo}.py)"
    return f"| {slide.number} | {text} | {script} | {prints} | {pictures} |\n"


PAGES = {ROOT / "docs/slides.md": english, ROOT / "docs/slides.zh.md": chinese}

if __name__ == "__main__":
    for path, text in PAGES.items():
        path.write_text(text(), encoding="utf-8")
        print(f"written: {path.relative_to(ROOT)}")
