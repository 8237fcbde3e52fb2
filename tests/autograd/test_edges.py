"""Edge cases that were wrong once: found by people who tried to break the engine."""

import copy
import pickle

import numpy as np
import pytest

from autograd import Tensor, Value, detect_anomaly, draw, grad, gradcheck, hvp, no_grad, unfold
from autograd.gates import gate, remove_gate
from autograd.gates.blocks import SOFTMAX_CROSS_ENTROPY
from autograd.graph import node


@pytest.mark.parametrize(
    "index",
    [(slice(None), (0, 0)), ((0, 0, 1),), ((0, 0), (1, 1)), (range(-2, 2),), [0, 0], np.array([1, 1]), Tensor([0, 0])],
)
def test_repeated_indices_accumulate(index):
    x = np.arange(4.0).reshape(2, 2)
    plain = index.data if isinstance(index, Tensor) else index
    expected = np.zeros((2, 2))
    np.add.at(expected, plain, 1.0)
    assert grad(lambda x: np.sum(x[index]))(x).tolist() == expected.tolist()
    assert hvp(lambda x: np.sum(x[index] ** 2))(x, np.ones((2, 2))).tolist() == (2 * expected).tolist()


@pytest.mark.parametrize("index", [[0, 1], Tensor([0, 1])])
def test_changing_an_index_after_recording_has_no_effect(index):
    x = Tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x[index]
    (index.data if isinstance(index, Tensor) else index)[0] = 2
    y.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sqrt(np.where(x > 0, x, 0.0)),
        lambda x: np.sqrt(x.relu()),
        lambda x: np.sqrt(np.maximum(x, 0.0)),
        lambda x: np.sqrt(np.clip(x, 0.0, 9.0)),
    ],
)
def test_infinite_upstream_gradients_are_masked_where_not_chosen(f):
    assert grad(lambda x: np.sum(f(x)))(np.array([-1.0, 4.0])).tolist() == [0.0, 0.25]
    assert grad(lambda x: grad(lambda y: np.sum(f(y)))(x).sum())(np.array([-1.0, 4.0])).tolist() == [0.0, -1 / 32]


def test_infinite_upstream_gradients_are_masked_on_values():
    x = Value(-1.0)
    x.relu().sqrt().backward()
    assert x.grad == 0.0
    x.zero_grad()
    x.relu().sqrt().backward(create_graph=True)
    assert float(x.grad) == 0.0


def test_gradient_of_the_standard_deviation_of_equal_numbers_is_zero():
    assert grad(np.std)(np.full(3, 2.0)).tolist() == [0.0, 0.0, 0.0]


def test_logaddexp_at_infinity():
    inf = np.inf
    pairs = [(inf, inf), (-inf, -inf), (0.0, inf), (inf, -inf)]
    for x, y in pairs:
        assert np.logaddexp(Tensor(x), y).item() == np.logaddexp(Value(x), y).data == np.logaddexp(x, y)
    assert grad(np.logaddexp, (0, 1))(0.0, inf) == (0.0, 1.0)


def test_gradient_of_mod_uses_the_quotient_of_its_value():
    assert grad(lambda y: 1.0 % y)(0.1) == -(1.0 // 0.1) == -9.0


def test_no_grad_around_an_inner_derivative():
    def f(x):
        with no_grad():
            derivative = grad(lambda t: t**3)(x)
        return x * derivative

    assert grad(f)(2.0) == 12.0


def test_a_hook_on_the_argument_of_grad_is_called():
    def f(x):
        x.register_hook(lambda gradient: 10 * gradient)
        return (x * x).sum()

    assert grad(f)(np.array([1.0, 2.0])).tolist() == [20.0, 40.0]


@pytest.mark.parametrize("name", ["power", "multiply", "where", "exp", "step"])
def test_rejects_a_gate_with_a_name_in_use(name):
    with pytest.raises(ValueError, match=r"has a gate or a method of that name"):
        gate(name, "?", lambda x: x, lambda out, x: 1.0, samples=[(1.0,)])
    with pytest.raises(ValueError, match="the table has a gate"):
        gate("mine", "?", lambda x: x, lambda out, x: 1.0, samples=[(1.0,)], ufunc="exp")


def test_rejects_a_rule_that_fails_at_its_sample():
    for rule, local in ((lambda x: x.exp(), lambda out, x: out), (lambda x: x, lambda out: 1.0)):
        with pytest.raises(TypeError, match=r"a rule fails"):
            gate("mine", "?", rule, local, samples=[(1.0,)])
    with pytest.raises(TypeError, match="expected rules that are Python functions"):
        gate("mine", "?", np.exp, lambda out, x: out, samples=[(1.0,)])


def test_loading_a_graph_with_a_removed_gate_names_it():
    gate("mine", "?", lambda x: 2.0 * x, lambda out, x: 2.0, samples=[(1.0,)])
    pickled = pickle.dumps(Value(1.0).mine())
    remove_gate("mine")
    assert not hasattr(Value, "mine")
    with pytest.raises(LookupError, match=r"'mine', which is not in the table"):
        pickle.loads(pickled)


def test_grad_accepts_an_array_of_one_value_and_rejects_several():
    assert grad(lambda x: np.array([3.0]) * x)(Value(2.0)).data == 3.0
    with pytest.raises(TypeError, match=r"np.stack several"):
        grad(lambda x: np.array([1.0, 2.0]) * x)(Value(2.0))
    by_x, by_y = grad(lambda x, y: x * y, (0, 1))(Value(2.0), 3.0)
    assert (by_x.data, by_y.data) == (3.0, 2.0)


@pytest.mark.parametrize(
    ("subscripts", "shapes"), [("i,i->", [(1,), (3,)]), ("ij,ij->", [(1, 2), (2, 2)]), ("ij,jk->ik", [(2, 1), (3, 4)])]
)
def test_einsum_broadcasts_an_axis_that_is_summed(subscripts, shapes):
    inputs = [np.arange(1.0, np.prod(shape) + 1).reshape(shape) for shape in shapes]
    assert gradcheck(lambda *x: np.einsum(subscripts, *x), *inputs)


@pytest.mark.parametrize("f", [np.sum, np.mean, np.max, np.linalg.norm])
def test_a_reduction_of_a_single_number(f):
    assert grad(lambda x: np.sum(f(x)))(3.0) == 1.0


def test_sum_over_axis_zero_of_a_scalar_tensor():
    t = Tensor(3.0, requires_grad=True)
    np.sum(t, axis=0).backward()
    assert t.grad.tolist() == 1.0


def test_product_of_an_empty_array():
    assert np.prod(Tensor(np.zeros((0, 3))), axis=0).tolist() == [1.0, 1.0, 1.0]
    assert np.prod(Tensor(np.zeros((3, 0))), axis=0).shape == (0,)
    assert grad(lambda x: np.prod(x))(np.zeros(0)).shape == (0,)


def test_the_upstream_gradient_may_be_tracked():
    x, v = Tensor([1.0, 2.0], requires_grad=True), Tensor([1.0, 1.0], requires_grad=True)
    (x * x).backward(v, create_graph=True)
    x.grad.sum().backward()
    assert v.grad.tolist() == [2.0, 4.0]


def test_intermediate_values_of_a_block_are_no_anomaly():
    logits = Tensor([[0.0, -np.inf, 1.0]], requires_grad=True)
    with detect_anomaly():
        loss = node.apply(SOFTMAX_CROSS_ENTROPY, logits, labels=np.array([0]))
        loss.backward(create_graph=True)
    assert np.isfinite(logits.grad.data).all()


def test_reports_an_anomaly_without_a_finite_number():
    with pytest.raises(FloatingPointError, match="without a finite number"), detect_anomaly():
        np.exp(Tensor(np.full(10, np.nan), requires_grad=True))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))])
def test_a_long_graph_with_recorded_gradients_is_copied(duplicate):
    x = y = Value(1.0)
    for _ in range(3000):
        y = y * (0.5 + 0.5 * x)
    y.backward(create_graph=True)
    again = duplicate(y)
    leaf = again
    while leaf.gate:
        leaf = leaf.inputs[0]
    assert leaf.grad.data == x.grad.data == pytest.approx(1501.0)
    assert again.inputs[0].grad.gate is y.inputs[0].grad.gate
    derivative = leaf.grad
    leaf.zero_grad()
    derivative.backward()
    assert leaf.grad == pytest.approx(3000 + 3000 * 2999 / 4)


def test_unfolding_max_and_norm_of_values_and_constants():
    x = Tensor([0.0, 0.0], requires_grad=True)
    out, leaves = unfold(
        np.linalg.norm(x) + np.max(np.concatenate([np.array([-1.0]), x])) + np.diag(x).max(axis=0).sum()
    )
    out.backward()
    assert np.isfinite([value.grad for value in leaves[x]]).all()
    assert unfold(np.linalg.norm(x)).out.data == 0.0


def test_a_hook_may_return_another_dtype_or_a_list():
    t = Tensor([1.0, 2.0], dtype=np.float32, requires_grad=True)
    t.register_hook(lambda gradient: [1.0, 2.0])
    t.sum().backward()
    assert (t.grad.dtype, t.grad.tolist()) == (np.float32, [1.0, 2.0])


@pytest.mark.parametrize("label", ["\x00", "a\x0bb", "\t", "\ud800", "two\nlines"])
def test_labels_with_unprintable_characters(label, renderer):
    assert draw(Value(1.0, label=label) * 2).render("svg").startswith(b"<?xml")


def test_rejects_a_page_of_a_changed_graph(renderer):
    x = Value(2.0)
    y = x * x
    x.data = 3.0
    with pytest.raises(RuntimeError, match="changed in place"):
        draw(y, format="html").render()


def test_converting_a_tracked_node_to_a_number_is_an_error():
    import math

    for f in (lambda x: x * math.exp(x), lambda x: x * float(x)):
        with pytest.raises(TypeError, match="would leave the graph here as a plain number"):
            grad(f)(1.0)
    with pytest.raises(ValueError, match="array element") as caught:  # NumPy's error, caused by ours
        grad(lambda x: np.zeros(2).__setitem__(0, x))(1.0)
    assert "would leave the graph" in str(caught.value.__cause__)
    assert grad(lambda x: x * x.item())(2.0) == 2.0
    assert grad(lambda x: x if x > 1 else -x)(2.0) == 1.0


# gradcheck


@pytest.fixture
def badsq():
    gate("badsq", "?", lambda x: x * x, lambda out, x: 3.0 * x, samples=[(1.0,)])
    yield
    remove_gate("badsq")


def test_a_large_element_does_not_hide_a_wrong_gradient_elsewhere(badsq):
    report = gradcheck(lambda x: np.concatenate([np.array([1e9]), x.badsq()]), np.array([0.01, 0.02]))
    assert not report
    assert [fault.gate.name for fault in report.faults] == ["badsq"]


def test_reports_elements_hidden_by_rounding(badsq):
    assert "1 element(s) of input 0 cannot be checked" in str(gradcheck(lambda x: x.badsq() * 1e-4 + 1e8, 1.0))
    assert "cannot be checked" not in str(gradcheck(lambda x: x.cos() + x * x, 0.0))


@pytest.mark.parametrize(
    ("f", "x"),
    [(lambda x: x.log(), 1e-9), (lambda x: 1 / x, 1e-8), (lambda x: x.sqrt(), 1e-10), (lambda x: -(x * x.log()), 1e-8),
     (lambda x: (1e5 * x).sin(), 1.0)],
)  # fmt: skip
def test_right_gradients_near_a_pole_pass(f, x):
    report = gradcheck(f, x)
    assert report, report


def test_near_a_pole_only_the_faulty_gate_is_reported(badsq):
    report = gradcheck(lambda x: x.log().badsq() + 1 / x, 1e-5)
    assert [fault.gate.name for fault in report.faults] == ["badsq"]


def test_a_jump_is_not_a_kink():
    for f, x in ((lambda x: np.where(x > 1, x + 5.0, x).sum(), np.array([1.0, 2.0])), (lambda x: x.floor(), 1.0)):
        report = gradcheck(f, x)
        assert not report
        assert "a jump or a pole of the function" in str(report)


def test_rejects_a_function_that_does_not_use_its_inputs():
    weight = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="does not depend on its inputs"):
        gradcheck(lambda w: (weight * weight).sum(), weight)


def test_rejects_a_function_that_computes_in_float32():
    with pytest.raises(TypeError, match="computed in float32"):
        gradcheck(lambda x: np.exp(x.astype(np.float32)).astype(float).sum(), np.ones(2))


def test_reports_inputs_outside_the_domain():
    assert "outside the domain" in str(gradcheck(lambda x: x.sqrt(), 0.0))


def test_gradcheck_works_inside_no_grad():
    with no_grad():
        assert gradcheck(lambda x: x * x, 3.0)
