"""The picture: its numbers and symbols, read out of the SVG as a reader would see them."""

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
from autograd.drawing.labels import Writing, format_number, number_formatter
from autograd.gates.blocks import LINEAR
from autograd.graph.node import apply

pytestmark = pytest.mark.usefixtures("renderer")
SVG = "{http://www.w3.org/2000/svg}"


class Drawn:
    """An SVG taken apart: its gates' symbols, its wires' (name, value, gradient), its edges' local gradients."""

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


@pytest.mark.parametrize(
    ("data", "lines", "small"),
    [
        (2.0, ["2"], ""),
        ([-1, 2], ["[−1, 2]"], ""),
        ([True, False], ["[True, False]"], ""),
        ([0.123456] * 6, ["[0.1235, 0.1235, 0.1235, 0.1235,", " 0.1235, 0.1235]"], ""),
        ([[1.0, 2.0], [3.0, 4.5]], ["[[1, 2],", " [3, 4.5]]"], ""),
        ([], ["[]"], ""),
        ([1.0, np.nan, 3.0, np.inf, -np.inf, 2.0, 2.0], ["(7,) float64"], "1 … 3, mean 2, 1 nan, 2 inf"),
        (np.linspace(-1, 1, 10), ["(10,) float64"], "−1 … 1, mean 0"),
        ([np.nan] * 7, ["(7,) float64"], "7 nan"),
        (np.arange(100).reshape(20, 5), ["(20, 5) int64"], "0 … 99, mean 49.5"),
        ([True] * 5 + [False] * 5, ["(10,) bool"], "5 of 10 true"),
        (np.full(9, 6e4, np.float16), ["(9,) float16"], "60000 … 60000, mean 60000"),
    ],
)
def test_how_arrays_are_written(data, lines, small):
    assert Writing().text(np.array(data)) == (lines, small)


def test_no_array_makes_a_picture_wide():
    wide = Tensor(np.full((4, 4), 123456.789), requires_grad=True)
    box = ET.fromstring(draw(wide * wide, gradients=True).render("svg")).get("viewBox")
    assert float(box.split()[2]) < 800


def test_a_wire_meets_its_edges():
    """However many lines stand above and below it: at the same height as the edge that enters it."""
    out = (Tensor(np.ones((2, 3)), requires_grad=True) * 2).sum()
    graph = ET.fromstring(draw(out).render("svg")).find(f"{SVG}g")
    parts = {group.get("id"): group for group in graph}
    line = parts["wire0"].find(f"{SVG}polygon").get("points").split()[0]
    assert parts["edge1-0"].find(f"{SVG}path").get("d").startswith("M")
    height = float(parts["edge1-0"].find(f"{SVG}path").get("d").split("C")[0].split(",")[1])
    assert abs(float(line.split(",")[1]) - height) < 1


def test_names_are_shown_hidden_or_given():
    x, y = Value(3.0, label="x"), Value(4.0)
    assert set(Drawn(x * y).wires) == {"x"}
    assert set(Drawn(x * y, names=False).wires) == set()
    assert set(Drawn(x * y, names={y: "other"}).wires) == {"x", "other"}
    assert set(Drawn(x * y, names={x: "mine"}).wires) == {"mine"}
    with pytest.raises(TypeError, match=r"names= takes True, False or a mapping of nodes .* got str 'x'"):
        draw(x, names="x")


def test_numbers_are_written_as_one_likes():
    x = Value(2.0, label="x")
    assert Drawn(x * -3, number=".2f").wires["x"][0] == "2.00"
    assert Drawn(x * -3, number=".1e").gates == ["×(−3.0e+00)"]
    assert Drawn(x * -3, number=lambda number: f"<{number:g}>").wires["x"][0] == "<2>"
    assert Writing(number=number_formatter(".1f")).brief(np.array([1.0, -2.0])) == "[1.0, −2.0]"
    for wrong in (".2q", "d", 3):
        with pytest.raises((TypeError, ValueError), match=r"number= takes a format of floats such as '\.2f'"):
            draw(x, number=wrong)


def test_gradients_are_those_left_or_those_of_a_walk_or_none():
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
    assert "gradient below" not in draw(root, gradients=False).source  # the legend tells of what is there


def test_the_gates_of_a_tensor_say_their_attributes_to_whoever_points_at_them():
    w = Tensor(np.ones((2, 3)), requires_grad=True)
    source = draw(w.sum(axis=1)[np.array([0, 0])]).source
    assert 'tooltip="sum axis=1 keepdims=False"' in source
    assert 'tooltip="index index=array([0, 0])"' in source


def test_labels_are_escaped():
    x = Value(1.0, label="<a & b>")
    assert Drawn(x * 2).wires["<a & b>"][0] == "1"
    x.label = "a\\N&amp;"
    assert Drawn(x * 2).wires["a\\N&amp;"][0] == "1"


@pytest.mark.parametrize(
    ("x", "text"),
    [(-0.0, "0"), (np.float16(-1), "−1"), (0.0, "0"),
     (-2.0, "−2"), (0.36787944, "0.3679"), (12345.678, "12345.678"), (1e-5, "1e−05"), (-3e8, "−3e+08"),
     (float("nan"), "nan"), (float("inf"), "inf")],
)  # fmt: skip
def test_numbers(x, text):
    assert format_number(x) == text


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
    with pytest.raises(ValueError, match=r"one of svg, png, pdf, dot, html, but 'gif'"):
        draw(root, tmp_path / "f.gif")
    with pytest.raises(ValueError, match="but 'gif'"):
        draw(root, format="gif")


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
    assert draw(Value(3.0), format="pdf").save(tmp_path / "plain") == tmp_path / "plain.pdf"


def test_a_notebook_shows_the_picture_or_the_page():
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
    for format in ("png", "html"):
        with pytest.raises(RuntimeError, match="pip install pygraphviz"):
            drawing.render(format)
    assert drawing._repr_mimebundle_() == {"text/plain": drawing.source}


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
    assert picture.FORMATS == ("svg", "png", "pdf", "dot", "html")


def test_a_graph_too_large_to_read_is_refused_at_once():
    x = y = Value(1.0)
    for _ in range(600):
        y = y * 1.01 + x
    with pytest.raises(ValueError, match=r"a graph of 1201 nodes .* at most 1000"):
        draw(y)
    assert "wire1200" in draw(y, max_nodes=20_000).source


def test_a_dense_graph_does_not_take_minutes():
    x = y = Value(1.0)
    for _ in range(80):
        y = y * 1.01 + x
    assert len(Drawn(y).gates) == 160  # curved edges take dot minutes, or crash it
    assert "splines" not in draw(sigmoid_neuron(*neuron_inputs())).source
    for _ in range(200):
        y = y * 1.01 + x
    with pytest.raises(ValueError, match=r"pass by 78400 gates, .* of more than 25000 it would take minutes"):
        draw(y)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(OSError, match="folder"):
        draw(Value(1.0) * 2, tmp_path / "folder.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_a_model_is_drawn_by_its_blocks_or_unfolded():
    weight, bias = Tensor(np.ones((2, 3)), requires_grad=True, label="W"), Tensor([0.0, 1.0], requires_grad=True)
    loss = apply(LINEAR, Tensor([[1.0, 2.0, 3.0]]), weight, bias).sum()
    loss.label = "loss"
    folded, unfolded = Drawn(loss), Drawn(loss, unfold=True)
    assert sorted(folded.gates) == ["xWᵀ + b", "Σ"]
    assert sorted(unfolded.gates) == ["+", "@", "Σ", "ᵀ"]
    assert unfolded.wires["loss"] == ("13", "")
    loss.backward()
    loss.grad = np.array(1.0)  # as backward(retain_grads=True) leaves it
    assert Drawn(loss, unfold=True).wires["loss"] == ("13", "1")
    x = Value(2.0) * 3
    assert draw(x, unfold=True).source == draw(x).source


def test_the_gradients_of_a_recorded_walk_are_shown_too():
    x = Value(3.0, label="x")
    y = x * x
    y.backward(create_graph=True)
    assert Drawn(y).wires["x"] == ("3", "6")
    slope = x.grad
    slope.label = "slope"
    assert Drawn(slope).wires["slope"][0] == "6"
