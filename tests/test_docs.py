"""What the documentation shows is run: the README's Python blocks, the examples in the docstrings."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import autograd
import classifiers
import nn
from autograd.gates import GATES

ROOT = Path(__file__).parents[1]
MODULES = [
    module.name
    for package in (autograd, nn, classifiers)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
]
DOCUMENTS = ["README.md", "CONTRIBUTING.md"]


def blocks(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_python_blocks_run_in_their_order(document, tmp_path, monkeypatch, capsys):
    """A comment `# prints ...` at the end of a line says what that line prints."""
    monkeypatch.chdir(tmp_path)
    found = blocks(document)
    assert found
    namespace = {}
    listed = dict(GATES)
    for block in found:
        exec(compile(block, document, "exec"), namespace)
    for name in GATES.keys() - listed.keys():  # the gate that CONTRIBUTING adds
        del GATES[name]
    promised = re.findall(r"# prints (.*)", "\n".join(found))
    printed = capsys.readouterr().out
    for line in promised:
        assert line.strip() in printed


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_links_to_files_lead_somewhere():
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_picture_in_the_readme_is_what_draw_draws():
    from circuits import neuron_inputs, sigmoid_neuron

    f = sigmoid_neuron(*neuron_inputs())
    f.label = "f"
    f.backward()

    def texts(svg):  # Graphviz places them differently from version to version
        return sorted(
            text.text.strip() for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
        )

    committed = (ROOT / "docs" / "sigmoid.svg").read_bytes()
    assert texts(committed) == texts(autograd.draw(f).render("svg"))
