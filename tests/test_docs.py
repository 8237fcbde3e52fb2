"""The documentation: its Python blocks and the examples in docstrings run, links work, generated pages are current."""

import doctest
import importlib.util
import pkgutil
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import autograd
import classifiers
import nn
from autograd.gates import GATES, remove_gate

ROOT = Path(__file__).parents[1]
MODULES = [
    module.name
    for package in (autograd, nn, classifiers)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]
DOCUMENTS = [
    "README.md", "docs/adding_a_gate.md", "docs/architecture.md", "docs/classifiers.md", "docs/speed.md",
    "docs/training.md",
]  # fmt: skip


def blocks(document, language="python"):
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def without_errors(text):
    """The text without rounding errors such as 1.4e-13, which differ between machines."""
    return re.sub(r"\d\.\de-\d\d", "error", text)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run_in_order(document, tmp_path, monkeypatch, capsys):
    """The output contains what each comment `# prints ...` promises, and the blocks of text."""
    monkeypatch.chdir(tmp_path)
    found = blocks(document)
    assert found
    namespace = {}
    listed = dict(GATES)
    for block in found:
        exec(compile(block, document, "exec"), namespace)
    for name in GATES.keys() - listed.keys():  # the gate that adding_a_gate.md enters
        remove_gate(name)
    promised = re.findall(r"# prints (.*)", "\n".join(found))
    printed = capsys.readouterr().out
    for line in promised:
        assert line.strip() in printed
    for text in blocks(document, "text"):
        assert without_errors(text) in without_errors(printed)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_linked_files_exist():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_pictures_of_the_readme_are_current(tmp_path, renderer):
    import draw_gates

    draw_gates.main(draw_gates.Settings(out=tmp_path))

    for name in ("product.svg", "sigmoid.svg"):
        assert texts(ROOT / "docs" / name) == texts(tmp_path / name)


def texts(path):
    """The texts of a picture, sorted: their positions depend on the version of Graphviz."""
    elements = ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text")
    return sorted(element.text.strip() for element in elements)


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"docs/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def generate():
    return script("generate")


def test_pages_of_the_gates_are_current(generate, tmp_path, renderer):
    assert generate.PAGE.read_text(encoding="utf-8") == generate.page(), "run `make docs`"
    assert generate.STUB.read_text(encoding="utf-8") == generate.stub(), "run `make docs`"
    gates = {**generate.GATES, **generate.ARRAY_GATES}
    assert {path.stem for path in generate.PICTURES.glob("*.svg")} == gates.keys(), "run `make docs`"
    for name, gate in gates.items():
        fresh = generate.picture(gate).save(tmp_path / f"{name}.svg")
        assert texts(generate.PICTURES / f"{name}.svg") == texts(fresh), f"{name}: run `make docs`"


@pytest.mark.parametrize("page", ["slides.md", "slides.zh.md"])
def test_lists_of_slides_are_current(page):
    maps = script("maps")
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == maps.PAGES[ROOT / "docs" / page](), "run `make docs`"
