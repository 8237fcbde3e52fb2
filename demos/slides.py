"""The slides of the course: the demo of each, what it prints, and its pictures. The table is slides.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_suffix(".toml")
ANY = "…"  # in `prints`: any number


@dataclass(frozen=True)
class Slide:
    number: int
    chapter: str
    chapter_zh: str
    heading: str
    chinese: str
    """the slide's heading"""
    lesson: str
    """what the slide shows, in a sentence"""
    lesson_zh: str
    demo: str
    """the script, demos/NAME.py"""
    prints: tuple[str, ...]
    """parts of lines of its output, with … for what depends on the data or the machine"""
    pictures: tuple[str, ...]
    """files that it writes into out/NAME/"""

    def printed(self, output: str) -> list[tuple[str, list[str]]]:
        """Return the matches in the output for each of `prints`; none for what was not printed."""
        return [(part, re.findall(_pattern(part), output)) for part in self.prints]


def _pattern(part: str) -> str:
    return r"\S+".join(map(re.escape, part.split(ANY)))


def slides() -> list[Slide]:
    """Return all slides, in order."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["slide"]
    return [Slide(**{name: tuple(x) if isinstance(x, list) else x for name, x in row.items()}) for row in rows]
