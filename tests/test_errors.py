"""The texts of the errors: each is used, and is given the fields that it names."""

import ast
import importlib
import string
from pathlib import Path

import numpy as np
import pytest

from autograd.describe import describe

ROOT = Path(__file__).parents[1]


def texts(package):
    module = importlib.import_module(f"{package}.errors")
    return {name: text for name, text in vars(module).items() if name.isupper() and isinstance(text, str)}


def uses(package):
    """Every `errors.NAME` in the package, with the keywords of its `.format(...)`, if that is how it is used."""
    for path in (ROOT / package).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Attribute) and getattr(child.value, "id", None) == "errors":
                    yield child.attr, node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                yield getattr(node.func.value, "attr", None), {keyword.arg for keyword in node.keywords}


@pytest.mark.parametrize("package", ["autograd", "nn", "classifiers"])
def test_every_text_is_used_and_gets_its_fields(package):
    found = list(uses(package))
    for name, text in texts(package).items():
        fields = {field for _, field, _, _ in string.Formatter().parse(text) if field}
        assert name in {used for used, _ in found}, f"{package}.errors.{name} is not used"
        for used, keywords in found:
            if used == name and isinstance(keywords, set):
                assert keywords == fields, f"{package}.errors.{name}"


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (np.zeros((2, 3), np.int8), "ndarray of shape (2, 3) and dtype int8"),
        (None, "NoneType None"),
        ("a" * 100, "str '" + "a" * 56 + "..."),
        ([1, 2], "list [1, 2]"),
    ],
)
def test_what_came_is_described_in_a_few_words(thing, text):
    assert describe(thing) == text
