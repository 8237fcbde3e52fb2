"""The compiled moons: the graph of micrograd's demo, and its first result."""

from autograd import Value
from benchmarks import eager
from benchmarks.compiled import first_result, record


def count_gates(root):
    seen, todo = {root}, [root]
    while todo:
        new = [node for node in todo.pop().inputs if node not in seen]
        seen.update(new)
        todo += new
    return sum(node.gate is not None for node in seen)


def test_the_graph_is_that_of_micrograds_demo():
    loss, leaves = record(100)
    assert len(leaves) == 337
    assert count_gates(loss) == 65_077


def test_the_first_result_equals_the_eager_step():
    value, gradient = first_result(*record(3))
    assert [value, *gradient] == eager.result(*eager.step(Value, 3, constant=Value))
