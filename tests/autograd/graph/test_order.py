"""The topological order of a graph."""

from autograd import Value
from autograd.graph import order


def test_a_graph_that_branches_and_joins_takes_linear_time():
    x = y = Value(1.0)
    for _ in range(200):  # 2^200 paths
        y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad == 1.0
    assert len(order.topological_order(y)) == 601


def test_topological_order_puts_users_first():
    a = Value(1.0)
    b = a.exp()
    c = a * b
    assert order.topological_order(c) == [c, b, a]
