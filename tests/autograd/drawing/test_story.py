"""The story of backpropagation: its numbers are those of the backward pass, its words those of the slides."""

from itertools import pairwise

import numpy as np
import pytest
from circuits import neuron_inputs, product, product_inputs, sigmoid_neuron

from autograd import Tensor, Value, maximum
from autograd.drawing.labels import Labels
from autograd.drawing.story import Story, chain_rule_products
from autograd.gates import GATES
from autograd.gates.arrays import ARRAY_GATES
from autograd.graph.backward import gradients, unit
from nn import CrossEntropyLoss, Linear, ReLU, Sequential


def story(root, label="f", **options):
    root.label = label
    return Story(root, Labels(**options))


def sentences(root, kind, **options):
    return [frame.sentence for frame in story(root, **options).frames if frame.kind == kind]


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
def test_the_products_of_the_edges_add_up_to_the_gradients(name):
    root = ROOTS[name]()
    products = chain_rule_products(root)
    totals = {root: unit(root)} | {edge.input: edge.total for edge in products}
    walked = gradients(root, unit(root))
    assert totals.keys() == walked.keys()
    for node, gradient in walked.items():
        np.testing.assert_array_equal(totals[node], gradient)
        contributions = [edge.downstream for edge in products if edge.input is node]
        assert bool(contributions) is (node is not root)
        if contributions:
            np.testing.assert_allclose(sum(contributions), gradient, rtol=1e-12)


@pytest.mark.parametrize("gate", [*GATES.values(), *ARRAY_GATES.values()], ids=lambda gate: gate.name)
def test_every_gate_has_its_frames(gate):
    """A frame for the gate forward, and one for each edge backward."""
    sample = gate.samples[0]
    numbers, attributes = (sample, {}) if gate in GATES.values() else sample
    inputs = [Tensor(data, dtype=float, requires_grad=True) for data in numbers]
    root = Tensor.record(gate, tuple(inputs), **attributes)
    seen = story(root)
    assert [frame.kind for frame in seen.frames] == ["inputs", "forward", "seed", *["backward"] * len(inputs), "end"]
    walked = gradients(root, unit(root))
    for edge in chain_rule_products(root):
        np.testing.assert_array_equal(edge.total, walked[edge.input])


def test_no_node_is_changed():
    root = shared()
    story(root)
    assert root.inputs[1].grad == 0.0
    network = small_network()
    story(network)
    assert network.grad is None


def test_the_story_of_the_slides():
    assert [frame.sentence for frame in story(product(*product_inputs())).frames] == [
        "The inputs: x = −2, y = 5, z = −4.",
        "Forward through +: q = x + y = −2 + 5 = 3.",
        "Forward through ×: f = q × z = 3 × (−4) = −12.",
        "The gradient of f with respect to itself: ∂f / ∂f = 1. The backward pass starts here.",
        "Backward through × to q: local −4 × upstream 1 = downstream −4.",
        "Backward through × to z: local 3 × upstream 1 = downstream 3.",
        "Backward through + to x: local 1 × upstream (−4) = downstream −4.",
        "Backward through + to y: local 1 × upstream (−4) = downstream −4.",
        "The gradients of the inputs: ∂f/∂x = −4, ∂f/∂y = −4, ∂f/∂z = 3. They say how fast f changes with each input.",
    ]


def test_the_order_of_the_frames():
    seen = story(sigmoid_neuron(*neuron_inputs()))
    kinds = [frame.kind for frame in seen.frames]
    assert kinds == ["inputs", *["forward"] * 8, "seed", *["backward"] * 12, "end"]
    assert seen.forward_frames == 9
    assert "local −0.5344 × upstream 1 = downstream −0.5344" in seen.frames[10].sentence
    last = [term.text for term in seen.frames[-1].formula if term.role == "gradient"]
    assert last == [
        "∂f/∂w0 = −0.1966", "∂f/∂x0 = 0.3932", "∂f/∂w1 = −0.3932", "∂f/∂x1 = −0.5898", "∂f/∂w2 = 0.1966",
    ]  # fmt: skip


def test_gradients_of_a_node_used_more_than_once_add_up():
    seen = story(shared())
    notes = [frame.note for frame in seen.frames if frame.note.startswith("The gradients from")]
    assert notes == [
        "The gradients from several edges add up: 1 + 3 = 4.",
        "The gradients from several edges add up: 4 + 3 = 7.",
    ]
    texts = seen.wire_texts["wire0", "gradient"]
    assert [timed.text.lines for timed in texts] == [["1"], ["1 + 3 = 4"], ["4"], ["4 + 3 = 7"], ["7"]]
    for earlier, later in pairwise(texts):
        assert earlier.until == later.since  # one at a time
    assert texts[-1].until is None


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
    (text,) = sentences(root(Value(-2.0, label="x")), "forward")
    assert text.endswith(f": f = {formula}.")


def test_without_names_expressions_have_numbers():
    (text,) = sentences(Value(3.0, label="x") * 2, "forward", names=False)
    assert text == "Forward through ×: 3 × 2 = 6."
    assert sentences(Value(3.0, label="x") * 2, "backward", names=False) == [
        "Backward through × to 3: local 2 × upstream 1 = downstream 2."
    ]


def test_tensors():
    backward = sentences(broadcast(), "backward", number=lambda x: f"{x:.2f}")
    assert backward[0] == (
        "Backward through Σ to (2, 3): upstream 1.00 → downstream (2, 3). "
        "The vector-Jacobian product of sum: upstream, for every element of the sum."
    )
    assert backward[2] == "Backward through ÷ to (2, 3): local [[0.50], [0.25]] × upstream (2, 3) = downstream (2, 3)."
    assert "Σ local 1.00 × upstream (2, 3) = downstream [" in backward[4]
    assert "The input was broadcast, so its gradient is summed to its shape (3,)." in backward[4]


def test_large_arrays_are_described_by_their_shape():
    weight = Tensor(np.ones((5, 2)), requires_grad=True, label="W")
    seen = story((weight @ np.array([3.0, 4.0])).sum(), "loss")
    assert seen.frames[0].sentence == "The inputs: W of shape (5, 2), [3, 4]."
    assert "∂loss/∂W of shape (5, 2)." in seen.frames[-1].sentence


def test_constants_and_untracked_inputs_get_no_gradient():
    weight = Tensor([1.0, 2.0], requires_grad=True, label="w")
    x = Tensor([3.0, 4.0], label="x")
    seen = story((weight * x + np.array([1.0, 1.0])).sum() * 2)
    targets = {frame.title.rpartition(" to ")[2] for frame in seen.frames if frame.kind == "backward"}
    assert "w" in targets
    assert "x" not in targets
    assert not seen.wire_texts[seen.wires[x], "gradient"]


def test_a_leaf_and_an_untracked_root():
    assert [frame.kind for frame in story(Value(2.0)).frames] == ["inputs", "seed", "end"]
    assert [frame.kind for frame in story(Tensor([1.0])).frames] == ["inputs"]


def test_long_lists_of_inputs_are_cut_off():
    total = sum((Value(float(i), label=f"x{i}") for i in range(1, 12)), Value(0.0))
    assert story(total).frames[0].sentence.endswith("x7 = 7, and 4 more.")


def test_infinite_gradients_raise_no_warning():
    x = Value(0.0, label="x")
    assert "local inf × upstream 1 = downstream inf" in sentences(x.sqrt(), "backward")[0]
