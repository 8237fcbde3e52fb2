"""The texts of error messages: each is used, and gets the fields that it names."""

import ast
import importlib
import string
from pathlib import Path

import pytest

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


def fields(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("package", ["autograd", "nn", "classifiers"])
def test_texts_of_one_module_get_their_fields(package):
    """A module-level text is formatted in its module, with a keyword for each field."""
    for path in (ROOT / package).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                name = getattr(node.func.value, "id", None)
                keywords = {keyword.arg for keyword in node.keywords}
                if name in constants and None not in keywords and not node.args:
                    assert keywords == fields(constants[name]), f"{name} in {path}"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_every_text_is_used_and_gets_its_fields(package):
    found = list(uses(package))
    for name, text in texts(package).items():
        assert name in {used for used, _ in found}, f"{package}.errors.{name} is not used"
        for used, keywords in found:
            if used == name and isinstance(keywords, set):
                assert keywords == fields(text), f"{package}.errors.{name}"


@pytest.mark.parametrize("package", ["autograd", "nn"])
def test_texts_of_one_module_are_beside_its_code(package):
    """A text is in errors.py only if at least two modules use it."""
    modules = [path.read_text(encoding="utf-8") for path in (ROOT / package).rglob("*.py")]
    for name in texts(package):
        users = sum(f"errors.{name}" in module for module in modules)
        assert users > 1, f"{package}.errors.{name}: move it into the module that uses it"
