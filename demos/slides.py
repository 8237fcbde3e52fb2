"""The slides of the course: which demo shows each, what it prints, and its picture. The table is slides.toml."""

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
    """the heading as the slide has it"""
    lesson: str
    """what one sees, in a sentence"""
    lesson_zh: str
    demo: str
    """the script, demos/NAME.py"""
    prints: tuple[str, ...]
    """parts of lines of its output, with … for what depends on the data or the machine"""
    pictures: tuple[str, ...]
    """files that it writes into out/NAME/"""

    def printed(self, output: str) -> list[tuple[str, list[str]]]:
        """For each of `prints`, the places in the output that are it; none where it was not printed."""
        return [(part, re.findall(_pattern(part), output)) for part in self.prints]


def _pattern(part: str) -> str:
    return r"\S+".join(map(re.escape, part.split(ANY)))


def slides() -> list[Slide]:
    """All slides, in their order."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["slide"]
    return [Slide(**{name: tuple(x) if isinstance(x, list) else x for name, x in row.items()}) for row in rows]
