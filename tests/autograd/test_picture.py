"""The picture: its numbers and symbols, read out of the SVG as a reader would see them."""

import logging
import subprocess
import sys
import xml.etree.ElementTree as ET

import graphviz
import numpy as np
import pytest
from circuits import neuron_inputs, product, product_inputs, sigmoid_block, sigmoid_neuron

from autograd import Tensor, Value, draw, maximum, picture
from autograd.picture import number

pytestmark = pytest.mark.usefixtures("renderer")
SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """An SVG taken apart: its gates' symbols, its wires' (name, value, gradient), its edges' local gradients."""

    def __init__(self, root):
        graph = ET.fromstring(draw(root).render("svg")).find(f"{SVG}g")
        groups = [(group, [text.text.strip() for text in group.iter(f"{SVG}text")]) for group in graph]
        nodes = {g.find(f"{SVG}title").text: texts for g, texts in groups if g.get("class") == "node"}
        edges = [(g.find(f"{SVG}title").text, texts) for g, texts in groups if g.get("class") == "edge"]
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


def test_value_stands_above_and_gradient_below():
    x = Value(3.0, label="x")
    y = x * 5
    y.backward()
    root = ET.fromstring(draw(y).render("svg"))
    height = {text.text: float(text.get("y")) for text in root.iter(f"{SVG}text")}
    assert height["3"] < height["5"]  # an SVG's y runs downwards


def test_plain_numbers_are_written_into_the_gate():
    x = Value(3.0)
    symbols = {
        "×2": 2 * x, "+1": 1 + x, "−1": x - 1, "2−": 2 - x, "÷2": x / 2, "2÷": 2 / x, "^2": x**2, "2^": 2**x,
        "max 0": maximum(x, 0), "×(−2)": x * -2, "1/x": 1 / x,
    }  # fmt: skip
    for symbol, root in symbols.items():
        assert Drawn(root).gates == [symbol]


def test_a_node_used_twice_has_two_edges():
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    assert draw(y).source.count("wire0:e -> gate1") == 2


def test_tensors_show_small_arrays_and_shapes():
    w = Tensor(np.ones((3, 4)), requires_grad=True, label="W")
    x = Tensor([1.0, 0.25, 0.0, -1.0], label="x")
    out = (w @ x).sum()
    out.backward(retain_grads=True)
    seen = Drawn(out)
    assert seen.wires == {"W": ("(3, 4) float64", "(3, 4) float64"), "x": ("[1, 0.25, 0, −1]", "")}
    assert sorted(seen.gates) == ["@", "Σ"]


def test_labels_are_escaped():
    x = Value(1.0, label="<a & b>")
    assert Drawn(x * 2).wires["<a & b>"][0] == "1"


@pytest.mark.parametrize(
    ("x", "text"),
    [(0.0, "0"), (-2.0, "−2"), (0.36787944, "0.3679"), (12345.678, "12345.678"), (1e-5, "1e−05"), (-3e8, "−3e+08"),
     (float("nan"), "nan"), (float("inf"), "inf")],
)  # fmt: skip
def test_numbers(x, text):
    assert number(x) == text


def test_files_of_every_format(tmp_path):
    root = product(*product_inputs())
    starts = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF", "dot": b"digraph"}
    for suffix, start in starts.items():
        path = tmp_path / "new" / f"f.{suffix}"
        draw(root, path)
        assert path.read_bytes().startswith(start)
    assert sorted(p.suffix for p in (tmp_path / "new").iterdir()) == [".dot", ".pdf", ".png", ".svg"]
    assert draw(root)._repr_svg_().startswith("<?xml")
    with pytest.raises(ValueError, match=r"one of svg, png, pdf, dot, but 'gif'"):
        draw(root, tmp_path / "f.gif")


def test_before_backward_no_gradient_is_shown():
    x = Value(3.0, label="x")
    y = x * 2
    assert Drawn(y).wires == {"x": ("3", "")}
    y.backward()
    assert Drawn(y).wires == {"x": ("3", "2")}


def test_suffixes(tmp_path):
    drawing = draw(Value(3.0, label=7) * 2)
    assert drawing.save(tmp_path / "plain") == tmp_path / "plain.svg"
    assert drawing.save(tmp_path / "loud.PNG").read_bytes().startswith(b"\x89PNG")


def test_from_top_to_bottom():
    assert "rankdir=TB" in draw(product(*product_inputs()), direction="TB").source
    with pytest.raises(ValueError, match="LR, TB"):
        draw(Value(1.0), direction="XX")
    with pytest.raises(TypeError, match="Value or a Tensor"):
        draw(3.0)


@pytest.fixture
def without_dot(monkeypatch):
    def not_there(self, **options):
        raise graphviz.ExecutableNotFound(["dot"])

    monkeypatch.setattr(graphviz.Source, "pipe", not_there)


def test_pygraphviz_serves_where_dot_is_missing(without_dot):
    pytest.importorskip("pygraphviz")
    seen = drawn(sigmoid_neuron, neuron_inputs())
    assert len(seen.gates) == 8
    assert seen.wires["w0"] == ("2", "−0.1966")


def test_without_a_renderer_the_source_is_written_and_a_line_says_what_to_install(
    without_dot, monkeypatch, tmp_path, caplog
):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)  # as where it is not installed
    drawing = draw(product(*product_inputs()))
    picture._say_what_to_install.cache_clear()
    with caplog.at_level(logging.WARNING):
        path = drawing.save(tmp_path / "f.svg")
        drawing.save(tmp_path / "f.png")
    assert path == tmp_path / "f.dot"
    assert path.read_text() == drawing.source
    assert [p.name for p in tmp_path.iterdir()] == ["f.dot"]
    (line,) = caplog.messages
    assert "apt install graphviz" in line
    assert "\n" not in line
    with pytest.raises(RuntimeError, match="pip install pygraphviz"):
        drawing.render("png")


def test_the_line_is_seen_by_someone_who_configured_nothing(tmp_path):
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


def test_formats_are_those_that_the_error_names():
    assert picture.FORMATS == ("svg", "png", "pdf", "dot")


def test_a_graph_too_large_to_read_is_refused_at_once():
    x = y = Value(1.0)
    for _ in range(600):
        y = y * 1.01 + x
    with pytest.raises(ValueError, match=r"a graph of 1201 nodes .* at most 1000"):
        draw(y)
    assert "wire1200" in draw(y, max_nodes=2000).source


def test_a_dense_graph_does_not_take_minutes():
    x = y = Value(1.0)
    for _ in range(30):
        y = y * 1.01 + x
    assert len(Drawn(y).gates) == 60


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match="folder"):
        draw(Value(1.0) * 2, tmp_path / "folder.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]
