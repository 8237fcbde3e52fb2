"""The DOT text: its wires, gates and edges, and its rendering."""

import sys
import xml.etree.ElementTree as ET

import graphviz
import numpy as np
import pytest
from circuits import product, product_inputs

from autograd import Tensor, Value, draw
from autograd.drawing import forward_order
from autograd.drawing.dot import color_legend, count_bypassed_gates, drawn_inputs, render_dot, wire_ids
from autograd.gates import gate, remove_gate

SVG = "{http://www.w3.org/2000/svg}"


def test_wires_are_in_forward_order_with_the_first_input_first():
    x, y, z = product_inputs()
    f = product(x, y, z)
    q = f.inputs[0]
    assert forward_order(f) == [x, y, q, z, f]
    assert list(wire_ids(f).values()) == ["wire0", "wire1", "wire2", "wire3", "wire4"]


def test_plain_numbers_are_no_wires_but_arrays_and_untracked_tensors_are():
    x = Value(3.0)
    assert [node.data for node in forward_order(x * 2 + 1)] == [3.0, 6.0, 7.0]
    out = Tensor([1.0], requires_grad=True) * Tensor([2.0]) + np.array([3.0])
    assert [node.data.tolist() for node in forward_order(out)] == [[1.0], [2.0], [2.0], [3.0], [5.0]]


def test_drawn_inputs_keep_their_positions():
    x = Value(3.0)
    assert list(drawn_inputs(2 - x)) == [(1, x)]
    assert list(drawn_inputs(x * x)) == [(0, x), (1, x)]


def test_a_long_chain_is_no_recursion():
    y = Value(1.0)
    for _ in range(3000):
        y = y * 1.01
    assert len(wire_ids(y)) == 3001


def test_count_bypassed_gates():
    x = y = Value(1.0)
    for _ in range(4):
        y = y * 1.01 + x  # x is used at ranks 2, 4, 6 and 8, and placed before rank 1 or 2
    assert count_bypassed_gates(wire_ids(y)) == 1 + 3 + 5 + 7
    assert count_bypassed_gates(wire_ids(product(*product_inputs()))) == 0


def test_a_node_used_twice_has_two_edges():
    x = Value(3.0, label="x")
    y = x * x
    y.backward()
    assert draw(y).source.count("wire0:e -> gate1") == 2


def test_gates_have_their_name_and_attributes_as_tooltip():
    w = Tensor(np.ones((2, 3)), requires_grad=True)
    source = draw(w.sum(axis=1)[np.array([0, 0])]).source
    assert 'tooltip="sum axis=1 keepdims=False"' in source
    assert 'tooltip="index index=array([0, 0])"' in source


def test_the_legend_mentions_gradients_only_if_they_are_shown():
    assert "gradient below" in color_legend(gradients=True)
    assert "gradient below" not in color_legend(gradients=False)


@pytest.mark.usefixtures("renderer")
def test_a_wire_meets_its_edges():
    """A wire is at the height of the edge that enters it, however many lines are above and below it."""
    out = (Tensor(np.ones((2, 3)), requires_grad=True) * 2).sum()
    graph = ET.fromstring(draw(out).render("svg")).find(f"{SVG}g")
    parts = {group.get("id"): group for group in graph}
    line = parts["wire0"].find(f"{SVG}polygon").get("points").split()[0]
    assert parts["edge1-0"].find(f"{SVG}path").get("d").startswith("M")
    height = float(parts["edge1-0"].find(f"{SVG}path").get("d").split("C")[0].split(",")[1])
    assert abs(float(line.split(",")[1]) - height) < 1


@pytest.mark.usefixtures("renderer")
def test_renders():
    assert render_dot("digraph {a -> b}", "svg").startswith(b"<?xml")
    assert render_dot("digraph {a -> b}", "png").startswith(b"\x89PNG")


def test_without_graphviz_an_error_says_what_to_install(monkeypatch):
    def not_found(self, **options):
        raise graphviz.ExecutableNotFound(["dot"])

    monkeypatch.setattr(graphviz.Source, "pipe", not_found)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(RuntimeError, match=r"no Graphviz found to render png: .* pip install pygraphviz"):
        render_dot("digraph {a -> b}", "png")


SYMBOLS = [r"\N", r"\G", r"a\lb", "<b>", "<", "&amp;", 'say "x"', "\\", "é≤"]


@pytest.mark.usefixtures("renderer")
@pytest.mark.parametrize("symbol", SYMBOLS)
def test_a_symbol_is_escaped_like_a_label(symbol):
    r"""Graphviz replaces "\N" by the name of the node, and reads <b> as HTML."""
    gate("odd", symbol, lambda x: x * 2.0, lambda out, x: 2.0, samples=[(1.5,)])
    try:
        svg = draw(Value(3.0, label=symbol).odd()).render("svg")
    finally:
        remove_gate("odd")
    texts = ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert texts.count(symbol) == 2  # in the circle, and as the label of its input
