"""Run the demo of every slide, and build a page of their outputs and pictures: out/index.html, which works offline.

The page shows what is in the folder: demos that are not run now appear with their last results.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from string import Template
from typing import Any

from slides import Slide, slides
from stage import run
from tqdm import tqdm

from autograd.extend import atomic_write

HERE = Path(__file__).parent
OUTPUT = "output.txt"  # in a demo's folder: its output
PAGE = Template((HERE / "gallery.html").read_text(encoding="utf-8"))


@dataclass
class Settings:
    only: tuple[str, ...] = ()
    """demos to run, such as hinge; all by default"""
    out: Path = Path("out")
    """output folder for the page, with a folder for each demo in it"""


def main(settings: Settings) -> None:
    table = slides()
    demos = list(dict.fromkeys(slide.demo for slide in table))
    unknown = set(settings.only) - set(demos)
    if unknown:
        raise ValueError(f"no slide has the demo {', '.join(sorted(unknown))}; there are {', '.join(demos)}")
    failed = []
    for demo in (bar := tqdm(settings.only or demos, unit="demo")):
        bar.set_postfix_str(demo)
        error = perform(demo, settings.out / demo)
        if error:
            failed.append(demo)
            bar.write(f"{demo} failed: {error}")
    page = atomic_write(settings.out / "index.html", gallery(table, settings.out).encode())
    print(f"page: {page}")
    if failed:
        ran = len(settings.only or demos)
        raise SystemExit(f"gallery: {len(failed)} of {ran} demos failed: {', '.join(failed)}")


def perform(demo: str, folder: Path) -> str | None:
    """Run a demo and save its output next to its pictures; return its last line if it failed."""
    command = [sys.executable, "-X", "utf8", str(HERE / f"{demo}.py"), "--out", str(folder)]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(command, text=True, encoding="utf-8", errors="replace", check=False, **pipes)
        atomic_write(folder / OUTPUT, done.stdout.encode())
    except OSError as error:
        return str(error)
    return done.stdout.strip().rpartition("\n")[2] or "no word" if done.returncode else None


def gallery(table: list[Slide], out: Path) -> str:
    """Return the page of all slides."""
    chapters = [
        (f'{escape(english)} <span lang="zh">{escape(chinese)}</span>', list(those))
        for (english, chinese), those in groupby(table, lambda slide: (slide.chapter, slide.chapter_zh))
    ]
    return PAGE.substitute(
        contents="\n".join(f"<li>{chapter}: {links(those)}</li>" for chapter, those in chapters),
        chapters="\n".join(
            f"<h2>{chapter}</h2>\n" + "\n".join(card(slide, out) for slide in those) for chapter, those in chapters
        ),
    )


def links(table: list[Slide]) -> str:
    """Return links from the numbers of slides to their cards."""
    return " ".join(f'<a href="#slide-{slide.number}">{slide.number}</a>' for slide in table)


def card(slide: Slide, out: Path) -> str:
    """Return the card of a slide: heading, lesson, demo, its output (with the slide's numbers marked), its pictures."""
    pictures = "\n".join(
        f'<a href="{slide.demo}/{name}"><img src="{slide.demo}/{name}" alt="{escape(slide.heading)}: {name}"></a>'
        if (out / slide.demo / name).exists()
        else f'<p class="missing">no picture yet: {slide.demo}/{name}</p>'
        for name in slide.pictures
    )
    pages = "".join(
        f' · <a href="{slide.demo}/{page.name}">{page.stem}, step by step</a>'
        for page in sorted((out / slide.demo).glob("*.html"))
    )
    file = out / slide.demo / OUTPUT
    output = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else "not run yet"
    return f"""<section id="slide-{slide.number}">
<h3><span class="number">{slide.number}</span> {escape(slide.heading)}
<span lang="zh">{escape(slide.chinese)}</span></h3>
<p>{escape(slide.lesson)} <span lang="zh">{escape(slide.lesson_zh)}</span></p>
<p><code>python demos/{slide.demo}.py</code>{pages}</p>
<pre>{marked(output, slide)}</pre>
<div class="pictures">
{pictures}
</div>
</section>"""


def marked(output: str, slide: Slide) -> str:
    """Return the output as HTML, with the numbers of the slide marked."""
    lines = [line for line in output.splitlines() if not line.strip().startswith("picture: ")]
    text = "\n".join(lines)
    found = sorted({place for _, places in slide.printed(text) for place in places}, key=len, reverse=True)
    if not found:
        return escape(text)
    pieces = re.split(f"({'|'.join(map(re.escape, found))})", text)
    return "".join(f"<mark>{escape(piece)}</mark>" if i % 2 else escape(piece) for i, piece in enumerate(pieces))


if __name__ == "__main__":
    run(main, Settings)
