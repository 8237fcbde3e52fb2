"""Trace: the checks of what `compile` is given, and graphs as arrays."""

import numpy as np
import pytest

from autograd import Tensor, Value, compile, where
from autograd.program.trace import trace


def test_numbers_inputs_before_gates():
    w, x = Value(3.0), Value(2.0)
    unused = Value(7.0)
    product = w * x
    graph = trace(product + w, [unused, w])
    assert [gate.name for gate in graph.gates] == ["mul", "add"]
    assert graph.data[graph.leaves].tolist() == [7.0, 3.0]
    assert (graph.kinds[-1], graph.data[-1]) == (1, 9.0)  # the root is last
    nodes = np.arange(len(graph.kinds))
    assert graph.starts[-1] == len(graph.inputs) == 4
    assert (graph.inputs < np.repeat(nodes, np.diff(graph.starts))).all()
    root_inputs = graph.inputs[graph.starts[-2] :]
    assert graph.data[root_inputs].tolist() == [6.0, 3.0]


def test_python_decisions_are_frozen_and_where_warns():
    x = Value(1.0)
    replay = compile(2 * x if x > 0 else 3 * x, inputs=[x])
    assert replay([-1.0])[0] == -2.0
    with pytest.warns(UserWarning, match=r"1 of the `where`.*heaviside") as caught:
        replay = compile(where(x > 0, 2 * x, 3 * x), inputs=[x])
    assert caught[0].filename == __file__  # the warning names the user's line
    assert replay([-1.0])[0] == -2.0


def test_rejects_frozen_leaves_that_have_changed_but_not_inputs():
    w, x = Value(3.0, label="w"), Value(2.0, label="x")
    loss = w * x
    w.data = 4.0
    assert compile(loss, inputs=[w])([5.0])[0] == 10.0
    x.data = 7.0
    with pytest.raises(RuntimeError, match="x"):
        compile(loss, inputs=[w])


def test_the_graph_is_not_changed():
    x = Value(2.0)
    loss = x * x
    compile(loss, inputs=[x])([5.0])
    assert (x.data, x.grad, loss.data, loss.grad) == (2.0, 0.0, 4.0, 0.0)


def test_rejects_wrong_arguments():
    x, y = Value(1.0), Value(2.0)
    with pytest.raises(TypeError, match=r"compile expects a Value.*Tensor of shape \(2,\).*unfold"):
        compile(Tensor([1.0, 2.0]), inputs=[x])
    with pytest.raises(TypeError, match=r"input 1 is.*gate=mul"):
        compile(x * y, inputs=[x, x * y])
    with pytest.raises(TypeError, match=r"a list of its inputs.*got Value Value\(1\.0"):
        compile(x * y, inputs=x)
    with pytest.raises(ValueError, match="twice"):
        compile(x * y, inputs=[x, x])
    with pytest.raises(ValueError, match="at least one input"):
        compile(x * y, inputs=[])
