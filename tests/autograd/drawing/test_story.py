"""The steps of backpropagation: their numbers are those of the walk, their words those of the slides."""

from itertools import pairwise

import numpy as np
import pytest
from circuits import neuron_inputs, product, product_inputs, sigmoid_neuron

from autograd import Tensor, Value, maximum
from autograd.drawing.labels import Writing
from autograd.drawing.story import Story, chain_rule_products
from autograd.gates.arrays import ARRAY_GATES
from autograd.gates.elementwise import GATES
from autograd.graph.backward import gradients, unit
from nn import CrossEntropyLoss, Linear, ReLU, Sequential


def story(root, label="f", **writing):
    root.label = label
    return Story(root, Writing(**writing))


def told(root, kind, **writing):
    return [step.text for step in story(root, **writing).steps if step.kind == kind]


def shared():
    x = Value(3.0, label="x")
    return x * x + x


def broadcast():
    x = Tensor([[1.0, -2.0, 0.5], [3.0, 0.1, -1.0]], requires_grad=True, label="x")
    b = Tensor([0.5, 0.25, -1.0], requires_grad=True, label="b")
    return np.tanh((x * b + b) / Tensor([[2.0], [4.0]])).sum()


def small_network():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 2, rng=1)).astype(float)
    return CrossEntropyLoss()(model(np.sin(np.arange(15.0)).reshape(5, 3)), np.array([0, 1, 1, 0, 1]))


ROOTS = {
    "product": lambda: product(*product_inputs()),
    "sigmoid": lambda: sigmoid_neuron(*neuron_inputs()),
    "shared": shared,
    "broadcast": broadcast,
    "network": small_network,
}


@pytest.mark.parametrize("name", ROOTS)
def test_what_the_edges_pass_down_adds_up_to_the_gradients(name):
    root = ROOTS[name]()
    products = chain_rule_products(root)
    totals = {root: unit(root)} | {edge.input: edge.total for edge in products}
    walked = gradients(root, unit(root))
    assert totals.keys() == walked.keys()
    for node, gradient in walked.items():
        np.testing.assert_array_equal(totals[node], gradient)
        arriving = [edge.downstream for edge in products if edge.input is node]
        assert not arriving or np.allclose(sum(arriving), gradient)


@pytest.mark.parametrize("gate", [*GATES.values(), *ARRAY_GATES.values()], ids=lambda gate: gate.name)
def test_every_gate_has_its_steps(gate):
    """Whatever stands in the tables: an expression forward, and a step for each edge backward."""
    sample = gate.samples[0]
    numbers, attributes = (sample, {}) if gate in GATES.values() else sample
    inputs = [Tensor(data, dtype=float, requires_grad=True) for data in numbers]
    root = Tensor.record(gate, tuple(inputs), **attributes)
    seen = story(root)
    assert [step.kind for step in seen.steps] == ["inputs", "forward", "seed", *["backward"] * len(inputs), "end"]
    walked = gradients(root, unit(root))
    for edge in chain_rule_products(root):
        np.testing.assert_array_equal(edge.total, walked[edge.input])


def test_nothing_is_touched():
    root = shared()
    story(root)
    assert root.inputs[1].grad == 0.0
    network = small_network()
    story(network)
    assert network.grad is None


def test_the_story_of_the_slides():
    assert [step.text for step in story(product(*product_inputs())).steps] == [
        "The inputs: x = −2, y = 5, z = −4.",
        "Forward through +: q = x + y = −2 + 5 = 3.",
        "Forward through ×: f = q × z = 3 × (−4) = −12.",
        "The gradient of f by itself: ∂f / ∂f = 1. Here the way back begins.",
        "Backward through × to q: local −4 × upstream 1 = downstream −4.",
        "Backward through × to z: local 3 × upstream 1 = downstream 3.",
        "Backward through + to x: local 1 × upstream (−4) = downstream −4.",
        "Backward through + to y: local 1 × upstream (−4) = downstream −4.",
        "The gradients of the inputs: ∂f/∂x = −4, ∂f/∂y = −4, ∂f/∂z = 3. How fast f changes with each of them.",
    ]


def test_a_gate_is_read_before_what_is_made_of_it_and_its_edge_after_all_that_arrives():
    seen = story(sigmoid_neuron(*neuron_inputs()))
    kinds = [step.kind for step in seen.steps]
    assert kinds == ["inputs", *["forward"] * 8, "seed", *["backward"] * 12, "end"]
    assert seen.forward_steps == 9
    assert "local −0.5344 × upstream 1 = downstream −0.5344" in seen.steps[10].text
    last = [term.text for term in seen.steps[-1].formula if term.role == "gradient"]
    assert last == [
        "∂f/∂w0 = −0.1966", "∂f/∂x0 = 0.3932", "∂f/∂w1 = −0.3932", "∂f/∂x1 = −0.5898", "∂f/∂w2 = 0.1966",
    ]  # fmt: skip


def test_what_is_used_more_than_once_adds_up():
    seen = story(shared())
    notes = [step.note for step in seen.steps if step.note.startswith("What arrives")]
    assert notes == [
        "What arrives over several edges adds up: 1 + 3 = 4.",
        "What arrives over several edges adds up: 4 + 3 = 7.",
    ]
    layers = seen.layers["wire0", "gradient"]
    assert [layer.text.lines for layer in layers] == [["1"], ["1 + 3 = 4"], ["4"], ["4 + 3 = 7"], ["7"]]
    for earlier, later in pairwise(layers):
        assert earlier.until == later.since  # one at a time
    assert layers[-1].until is None


@pytest.mark.parametrize(
    ("root", "formula"),
    [
        (lambda x: x - 1, "x − 1 = −2 − 1 = −3"),
        (lambda x: x / -4, "x ÷ (−4) = −2 ÷ (−4) = 0.5"),
        (lambda x: x**2, "x ^ 2 = (−2) ^ 2 = 4"),
        (lambda x: -x, "x × (−1) = (−2) × (−1) = 2"),
        (lambda x: 1 / x, "1/x = 1/(−2) = −0.5"),
        (lambda x: abs(x), "|x| = |−2| = 2"),
        (lambda x: x.exp(), "exp(x) = exp(−2) = 0.1353"),
        (lambda x: x.sigmoid(), "σ(x) = σ(−2) = 0.1192"),
        (lambda x: maximum(x, 0), "max(x, 0) = max(−2, 0) = 0"),
    ],
)
def test_expressions(root, formula):
    (text,) = told(root(Value(-2.0, label="x")), "forward")
    assert text.endswith(f": f = {formula}.")


def test_without_names_the_numbers_speak():
    (text,) = told(Value(3.0, label="x") * 2, "forward", names=False)
    assert text == "Forward through ×: 3 × 2 = 6."
    assert told(Value(3.0, label="x") * 2, "backward", names=False) == [
        "Backward through × to 3: local 2 × upstream 1 = downstream 2."
    ]


def test_tensors():
    backward = told(broadcast(), "backward", number=lambda x: f"{x:.2f}")
    assert backward[0] == (
        "Backward through Σ to (2, 3): upstream 1.00 → downstream (2, 3). "
        "The vector-Jacobian product of sum: upstream, to every element that was summed."
    )
    assert (
        backward[2].endswith("local (2, 1) × upstream (2, 3) = downstream (2, 3).") or "[[0.50], [0.25]]" in backward[2]
    )
    assert "Σ local 1.00 × upstream (2, 3) = downstream [" in backward[4]
    assert "The input was stretched, so this is summed to its shape (3,)." in backward[4]


def test_many_numbers_are_told_as_a_shape():
    weight = Tensor(np.ones((5, 2)), requires_grad=True, label="W")
    seen = story((weight @ np.array([3.0, 4.0])).sum(), "loss")
    assert seen.steps[0].text == "The inputs: W of shape (5, 2), [3, 4]."
    assert "∂loss/∂W of shape (5, 2)." in seen.steps[-1].text


def test_constants_and_untracked_inputs_get_no_gradient():
    weight = Tensor([1.0, 2.0], requires_grad=True, label="w")
    x = Tensor([3.0, 4.0], label="x")
    seen = story((weight * x + np.array([1.0, 1.0])).sum() * 2)
    targets = {step.title.rpartition(" to ")[2] for step in seen.steps if step.kind == "backward"}
    assert "w" in targets
    assert "x" not in targets
    assert not seen.layers[seen.wires[x], "gradient"]


def test_a_leaf_and_an_untracked_root():
    assert [step.kind for step in story(Value(2.0)).steps] == ["inputs", "seed", "end"]
    assert [step.kind for step in story(Tensor([1.0])).steps] == ["inputs"]


def test_a_long_row_of_inputs_is_cut():
    total = sum((Value(float(i), label=f"x{i}") for i in range(1, 12)), Value(0.0))
    assert story(total).steps[0].text.endswith("x7 = 7, and 4 more.")


def test_infinite_gradients_are_told_without_a_warning():
    x = Value(0.0, label="x")
    assert "local inf × upstream 1 = downstream inf" in told(x.sqrt(), "backward")[0]
