"""Counts: words that say something unusual, `Any` in annotations, and modules that share a name."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOUNS = (  # "a training run" is right
    "run|set|step|image|sample|loop|loss|accuracy|time|point|data|epoch|example|split|part|fold|curve|batch|score"
)
WORDS = {  # what not to write, and what to write instead
    r"(?<![a-z])came(?![a-z])": "got, or was",
    r"(?<![a-z])anew(?![a-z])": "again",
    r"(?<![a-z])wholly(?![a-z])": "entirely, atomically",
    r"(?<![a-z])trainings(?![a-z])": "training runs",
    rf"\ba (?-i:training)\b(?![ -](?:{NOUNS})|$)": "a training run",
    r"(?<![a-z])kin(?![a-z])": "similar functions",
    r"\b(?:came|comes|come) to\b": "equals, converges to, results in",
    r"\bse(?:e|en) through\b": "inspect",
    r"\bwaits? for nothing\b": "has no unvisited inputs",
    r"\bwhat arrives\b": "the upstream gradient",
    r"\bha(?:s|ve) no say\b": "is ignored",
    r"\bin vain\b": "without success",
    r"\bso many\b": "this many",
    r"\bnever heard of\b": "does not know",
    r"\bwhole or not at all\b": "atomically",
    r"\btaken as a wish\b": "handled gracefully",
    r"\bat machine speed\b": "as compiled code",
    r"\banswers? to the same\b": "has the same",
    r"\bwritten into behind\b": "written to directly",
    r"\bof a gradient is left\b": "gradients shrink",
}
ALLOWED = {  # how many such words a file may have
    "tests/test_vocabulary.py": 100,
}
ANY = {"autograd": 142, "nn": 27, "classifiers": 33}  # of which 518, 165 and 294 before the packages had rooms
SHARED_NAMES = {  # modules of one name in one package, which no reader confuses
    "nn": {"architecture", "files"},  # the former places of those in nn.saving
    "autograd": {"arrays"},  # the gates of arrays; what rules compute with on arrays
    "classifiers": {"cifar10"},  # the public place and the home of fetch_cifar10
}
FOLDERS = ("autograd", "nn", "classifiers", "demos", "benchmarks", "docs", "tests", ".")
SUFFIXES = {".py", ".md", ".toml", ".html", ".js"}


def documents():
    """The texts of the project: code, pages and settings, those that git does not ignore."""
    for folder in FOLDERS:
        paths = (ROOT / folder).glob("*.*") if folder == "." else (ROOT / folder).rglob("*.*")
        yield from (path for path in paths if path.suffix in SUFFIXES)


def odd_words(text):
    """Each odd word with its line and what to write instead."""
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, instead in WORDS.items():
            yield from (f"{number}: {found[0]!r}; write: {instead}" for found in re.finditer(pattern, line, re.I))


def test_words_have_their_usual_meaning():
    found = {}
    for path in documents():
        name = path.relative_to(ROOT).as_posix()
        lines = list(odd_words(path.read_text(encoding="utf-8")))
        if len(lines) > ALLOWED.get(name, 0):
            found[name] = lines
    assert not found, "\n".join(f"{name}:{line}" for name, lines in found.items() for line in lines)


def test_odd_words_are_noticed():
    assert len(list(odd_words("but 3 came\nTwo trainings\nA training ends\nso many times"))) == 4
    assert not list(odd_words("a training run, a training-set, it became one"))


@pytest.mark.parametrize("package", ANY)
def test_any_becomes_no_more_frequent(package):
    count = sum(len(re.findall(r"\bAny\b", path.read_text("utf-8"))) for path in (ROOT / package).rglob("*.py"))
    assert count <= ANY[package], f"{package} says Any {count} times: write a type, a Protocol or object instead"


@pytest.mark.parametrize("package", ["autograd", "nn", "classifiers"])
def test_modules_of_a_package_have_names_of_their_own(package):
    names = Counter(path.stem for path in (ROOT / package).rglob("*.py") if path.stem != "__init__")
    assert {name for name, count in names.items() if count > 1} == SHARED_NAMES.get(package, set())
