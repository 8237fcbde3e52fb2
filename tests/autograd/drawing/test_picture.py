"""Pictures: their numbers and symbols, read from the SVG."""

import logging
import subprocess
import sys
import xml.etree.ElementTree as ET

import graphviz
import numpy as np
import pytest
from circuits import neuron_inputs, product, product_inputs, sigmoid_block, sigmoid_neuron

from autograd import Tensor, Value, draw, maximum
from autograd.drawing import picture
from autograd.gates.blocks import LINEAR
from autograd.graph.node import apply

pytestmark = pytest.mark.usefixtures("renderer")
SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """The parts of an SVG: symbols of gates, (name, value, gradient) of wires, local gradients of edges."""

    def __init__(self, root, **options):
        graph = ET.fromstring(draw(root, **options).render("svg")).find(f"{SVG}g")
        groups = [(group, [text.text.strip() for text in group.iter(f"{SVG}text")]) for group in graph]
        nodes = {g.find(f"{SVG}title").text: texts for g, texts in groups if g.get("class") == "node"}
        edges = [(g.find(f"{SVG}title").text, texts) for g, texts in groups if g.get("class") == "edge"]
        self.nodes = nodes
        self.gates = [texts[0] for name, texts in nodes.items() if name.startswith("gate")]
        self.wires = {texts[0]: tuple(texts[1:]) for texts in nodes.values() if len(texts) == 3}
        self.numbers = [tuple(texts[-2:]) for name, texts in nodes.items() if name.startswith("wire")]
        self.local_gradients = [texts[0].removeprefix("∂ ") for _, texts in edges if texts]
        self.between = {
            (nodes[start.split(":")[0]][0], nodes[end.split(":")[0]][0]): texts[0].removeprefix("∂ ")
            for start, end, texts in ((*title.split("->"), texts) for title, texts in edges)
            if texts
        }


def drawn(circuit, inputs):
    f = circuit(*inputs)
    f.label = "f"
    f.backward()
    return Drawn(f)


def test_f_of_the_slides():
    seen = drawn(product, product_inputs())
    assert sorted(seen.gates) == ["+", "×"]
    assert seen.wires == {
        "x": ("−2", "−4"), "y": ("5", "−4"), "z": ("−4", "3"), "q": ("3", "−4"), "f": ("−12", "1"),
    }  # fmt: skip
    assert seen.between == {("x", "+"): "1", ("y", "+"): "1", ("q", "×"): "−4", ("z", "×"): "3"}


def test_the_sigmoid_neuron_of_the_slides():
    seen = drawn(sigmoid_neuron, neuron_inputs())
    assert sorted(seen.gates) == sorted(["×", "×", "+", "+", "×−1", "exp", "+1", "1/x"])
    assert {name: gradient for name, (_, gradient) in seen.wires.items()} == {
        "w0": "−0.1966", "x0": "0.3932", "w1": "−0.3932", "x1": "−0.5898", "w2": "0.1966", "f": "1",
    }  # fmt: skip
    trunk = [("−2", "0.1966"), ("6", "0.1966"), ("4", "0.1966"), ("1", "0.1966"), ("−1", "−0.1966"),
             ("0.3679", "−0.5344"), ("1.3679", "−0.5344"), ("0.7311", "1")]  # fmt: skip
    assert set(trunk) <= set(seen.numbers)
    assert sorted(seen.local_gradients) == sorted(
        ["−1", "2", "−2", "−3", "1", "1", "1", "1", "−1", "0.3679", "1", "−0.5344"]
    )


def test_the_sigmoid_as_one_gate():
    seen = drawn(sigmoid_block, neuron_inputs())
    assert "σ" in seen.gates
    assert "0.1966" in seen.local_gradients


def test_the_value_is_above_and_the_gradient_below():
    x = Value(3.0, label="x")
    y = x * 5
    y.backward()
    root = ET.fromstring(draw(y).render("svg"))
    height = {text.text: float(text.get("y")) for text in root.iter(f"{SVG}text")}
    assert height["3"] < height["5"]  # the y axis of an SVG points down


def test_plain_numbers_are_written_inside_the_gate():
    x = Value(3.0)
    symbols = {
        "×2": 2 * x, "+1": 1 + x, "−1": x - 1, "2−": 2 - x, "÷2": x / 2, "2÷": 2 / x, "^2": x**2, "2^": 2**x,
        "max 0": maximum(x, 0), "×(−2)": x * -2, "1/x": 1 / x,
    }  # fmt: skip
    for symbol, root in symbols.items():
        assert Drawn(root).gates == [symbol]


def test_tensors_show_small_arrays_and_shapes():
    w = Tensor(np.ones((3, 4)), requires_grad=True, label="W")
    v = Tensor(np.arange(-5.0, 5.0), requires_grad=True)
    x = Tensor([1.0, 0.25, 0.0, -1.0], label="x")
    out = (w @ x).sum() + v.sum()
    out.backward(retain_grads=True)
    seen = Drawn(out)
    assert seen.wires == {"x": ("[1, 0.25, 0, −1]", "")}
    assert sorted(seen.gates) == ["+", "@", "Σ", "Σ"]
    texts = list(seen.nodes.values())
    ones, gradients = ["[[1, 1, 1, 1],", "[1, 1, 1, 1],", "[1, 1, 1, 1]]"], ["[[1, 0.25, 0, −1],", "[1, 0.25, 0, −1],"]
    assert ["W", *ones, *gradients, "[1, 0.25, 0, −1]]"] in texts
    assert ["(10,) float64", "−5 … 4, mean −0.5", "(10,) float64", "1 … 1, mean 1"] in texts


def test_arrays_do_not_make_a_picture_wide():
    wide = Tensor(np.full((4, 4), 123456.789), requires_grad=True)
    box = ET.fromstring(draw(wide * wide, gradients=True).render("svg")).get("viewBox")
    assert float(box.split()[2]) < 800


def test_names():
    x, y = Value(3.0, label="x"), Value(4.0)
    assert set(Drawn(x * y).wires) == {"x"}
    assert set(Drawn(x * y, names=False).wires) == set()
    assert set(Drawn(x * y, names={y: "other"}).wires) == {"x", "other"}
    assert set(Drawn(x * y, names={x: "mine"}).wires) == {"mine"}
    with pytest.raises(TypeError, match=r"names= expected True, False or a mapping of nodes .* got str 'x'"):
        draw(x, names="x")


def test_number_formats():
    x = Value(2.0, label="x")
    assert Drawn(x * -3, number=".2f").wires["x"][0] == "2.00"
    assert Drawn(x * -3, number=".1e").gates == ["×(−3.0e+00)"]
    assert Drawn(x * -3, number=lambda number: f"<{number:g}>").wires["x"][0] == "<2>"
    for wrong in (".2q", "d", 3):
        with pytest.raises((TypeError, ValueError), match=r"number= expected a format of floats such as '\.2f'"):
            draw(x, number=wrong)


def test_shows_gradients_left_by_backward_or_computed_or_none():
    w = Tensor([1.0, 2.0], requires_grad=True, label="w")
    inner = w * 3
    inner.label = "h"
    root = inner.sum()
    assert Drawn(root).wires == {"w": ("[1, 2]", ""), "h": ("[3, 6]", "")}
    assert Drawn(root, gradients=True).wires == {"w": ("[1, 2]", "[3, 3]"), "h": ("[3, 6]", "[1, 1]")}
    assert w.grad is None
    root.backward(np.array(2.0), retain_grads=True)
    assert Drawn(root).wires == {"w": ("[1, 2]", "[6, 6]"), "h": ("[3, 6]", "[2, 2]")}
    assert Drawn(root, gradients=False).wires == {"w": ("[1, 2]", ""), "h": ("[3, 6]", "")}
    assert Drawn(Tensor([1.0], label="c"), gradients=True).wires == {"c": ("[1]", "")}
    assert "gradient below" in draw(root).source
    assert "gradient below" not in draw(root, gradients=False).source  # nor in the legend


def test_labels_are_escaped():
    x = Value(1.0, label="<a & b>")
    assert Drawn(x * 2).wires["<a & b>"][0] == "1"
    x.label = "a\\N&amp;"
    assert Drawn(x * 2).wires["a\\N&amp;"][0] == "1"


def test_files_of_every_format(tmp_path):
    root = product(*product_inputs())
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph", "html": b"<!DOCTYPE html>"}
    for suffix, start in starts.items():
        path = tmp_path / "new" / f"f.{suffix}"
        draw(root, path)
        assert path.read_bytes().startswith(start)
        assert draw(root, format=suffix).render().startswith(start)
    assert sorted(p.suffix for p in (tmp_path / "new").iterdir()) == [".dot", ".html", ".pdf", ".png", ".svg"]
    assert draw(root)._repr_svg_().startswith("<?xml")
    with pytest.raises(ValueError, match=r"one of the formats svg, png, pdf, dot, html, got 'gif'"):
        draw(root, tmp_path / "f.gif")
    with pytest.raises(ValueError, match="got 'gif'"):
        draw(root, format="gif")


def test_shows_no_gradients_before_backward():
    x = Value(3.0, label="x")
    y = x * 2
    assert Drawn(y).wires == {"x": ("3", "")}
    y.backward()
    assert Drawn(y).wires == {"x": ("3", "2")}


def test_suffixes(tmp_path):
    drawing = draw(Value(3.0, label=7) * 2)
    assert drawing.save(tmp_path / "plain") == tmp_path / "plain.svg"
    assert drawing.save(tmp_path / "loud.PNG").read_bytes().startswith(b"\x89PNG")
    assert draw(Value(3.0), format="pdf").save(tmp_path / "plain") == tmp_path / "plain.pdf"


def test_notebooks_show_the_picture_or_the_page():
    drawing = draw(product(*product_inputs()))
    bundle = drawing._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert bundle["image/svg+xml"].startswith("<?xml")
    assert bundle["text/plain"] == "<Picture as svg: .save(path) writes it, .source is its DOT text>"
    assert set(drawing._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert set(drawing._repr_mimebundle_(exclude={"text/plain"})) == {"image/svg+xml"}
    page = draw(product(*product_inputs()), format="html")._repr_mimebundle_()
    assert set(page) == {"image/svg+xml", "text/plain", "text/html"}
    assert page["text/html"].startswith("<iframe")
    assert "&lt;!DOCTYPE html&gt;" in page["text/html"]


def test_from_top_to_bottom():
    assert "rankdir=TB" in draw(product(*product_inputs()), direction="TB").source
    with pytest.raises(ValueError, match="LR, TB"):
        draw(Value(1.0), direction="XX")
    with pytest.raises(TypeError, match="Value or a Tensor"):
        draw(3.0)


@pytest.fixture
def without_dot(monkeypatch):
    def not_found(self, **options):
        raise graphviz.ExecutableNotFound(["dot"])

    monkeypatch.setattr(graphviz.Source, "pipe", not_found)


def test_pygraphviz_renders_if_dot_is_missing(without_dot):
    pytest.importorskip("pygraphviz")
    seen = drawn(sigmoid_neuron, neuron_inputs())
    assert len(seen.gates) == 8
    assert seen.wires["w0"] == ("2", "−0.1966")


def test_without_a_renderer_the_source_is_written_and_one_line_is_logged(without_dot, monkeypatch, tmp_path, caplog):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)  # as if it were not installed
    drawing = draw(product(*product_inputs()))
    picture._warn_without_renderer.cache_clear()
    with caplog.at_level(logging.WARNING):
        path = drawing.save(tmp_path / "f.svg")
        drawing.save(tmp_path / "f.png")
    assert path == tmp_path / "f.dot"
    assert path.read_text() == drawing.source
    assert [p.name for p in tmp_path.iterdir()] == ["f.dot"]
    (line,) = caplog.messages
    assert "apt install graphviz" in line
    assert "\n" not in line
    for format in ("png", "html"):
        with pytest.raises(RuntimeError, match="pip install pygraphviz"):
            drawing.render(format)
    assert drawing._repr_mimebundle_() == {"text/plain": drawing.source}


def test_the_line_is_printed_if_logging_is_not_configured(tmp_path):
    code = (
        "import sys; sys.modules['pygraphviz'] = None\n"
        "from autograd import Value, draw\n"
        f"draw(Value(1.0) * 2, r'{tmp_path / 'f.svg'}')"
    )
    environment = {"PATH": str(tmp_path), "SYSTEMROOT": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert len(done.stderr.splitlines()) == 1
    assert "Install Graphviz" in done.stderr
    assert (tmp_path / "f.dot").exists()


def test_formats():
    assert picture.FORMATS == ("svg", "png", "pdf", "dot", "html")


def test_rejects_graphs_that_are_too_large():
    x = y = Value(1.0)
    for _ in range(600):
        y = y * 1.01 + x
    with pytest.raises(ValueError, match=r"at most 1000 nodes, got a graph of 1201 nodes"):
        draw(y)
    assert "wire1200" in draw(y, max_nodes=20_000).source


def test_a_dense_graph_does_not_take_minutes():
    x = y = Value(1.0)
    for _ in range(80):
        y = y * 1.01 + x
    assert len(Drawn(y).gates) == 160  # with curved edges, dot takes minutes or crashes
    assert "splines" not in draw(sigmoid_neuron(*neuron_inputs())).source
    for _ in range(200):
        y = y * 1.01 + x
    with pytest.raises(ValueError, match=r"at most 25000 other gates in all, but those of this graph pass 78400"):
        draw(y)


def test_a_failed_save_leaves_no_file(tmp_path):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match="folder"):
        draw(Value(1.0) * 2, tmp_path / "folder.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_unfold_draws_blocks_as_smaller_gates():
    weight, bias = Tensor(np.ones((2, 3)), requires_grad=True, label="W"), Tensor([0.0, 1.0], requires_grad=True)
    loss = apply(LINEAR, Tensor([[1.0, 2.0, 3.0]]), weight, bias).sum()
    loss.label = "loss"
    folded, unfolded = Drawn(loss), Drawn(loss, unfold=True)
    assert sorted(folded.gates) == ["xWᵀ + b", "Σ"]
    assert sorted(unfolded.gates) == ["+", "@", "Σ", "ᵀ"]
    assert unfolded.wires["loss"] == ("13", "")
    loss.backward()
    loss.grad = np.array(1.0)  # as after backward(retain_grads=True)
    assert Drawn(loss, unfold=True).wires["loss"] == ("13", "1")
    x = Value(2.0) * 3
    assert draw(x, unfold=True).source == draw(x).source


def test_shows_recorded_gradients():
    x = Value(3.0, label="x")
    y = x * x
    y.backward(create_graph=True)
    assert Drawn(y).wires["x"] == ("3", "6")
    slope = x.grad
    slope.label = "slope"
    assert Drawn(slope).wires["slope"][0] == "6"
