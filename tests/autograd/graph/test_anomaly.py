"""detect_anomaly names the first gate that gives NaN or infinity, its inputs and the user's line."""

import threading

import numpy as np
import pytest

from autograd import AnomalyError, Tensor, Value, detect_anomaly
from nn import CrossEntropyLoss, Linear


def test_forward_names_the_gate_its_inputs_and_the_line():
    x = Value(-1.0, label="x")
    with pytest.raises(AnomalyError) as caught, detect_anomaly():
        y = x * 2.0
        z = y.log() + 1.0  # the line
    text = str(caught.value)
    assert text.startswith("gate 'log' made nan of x = -2.0, in ")
    assert "test_anomaly.py:" in text
    assert "z = y.log() + 1.0  # the line" in text
    assert "z" not in locals()


def test_the_position_in_an_array_is_named():
    t = Tensor(np.arange(10.0), requires_grad=True)
    with (
        pytest.raises(AnomalyError, match=r"gate 'div' made inf at \[0\] \(1 of 10 elements\) of x = 1.0"),
        detect_anomaly(),
    ):
        1.0 * (2.0 * t - t) ** 1 + np.divide(1.0, t)


def test_backward_names_the_argument_and_the_line_of_the_forward_pass():
    t = Tensor([0.0, 4.0], requires_grad=True)
    with detect_anomaly():
        root = np.sqrt(t)  # sqrt itself is fine at 0
        loss = root.sum()
        with pytest.raises(AnomalyError) as caught:
            loss.backward()
    text = str(caught.value)
    assert "backward: gate 'sqrt' gave its input x the gradient inf at [0] (1 of 2 elements)" in text
    assert "root = np.sqrt(t)  # sqrt itself is fine at 0" in text
    assert t.grad is None


def test_a_gate_recorded_before_has_no_known_line():
    x = Value(0.0)
    y = x.sqrt()
    with pytest.raises(AnomalyError, match="record the graph within detect_anomaly"), detect_anomaly():
        y.backward()


def test_the_line_is_the_users_not_one_inside_a_layer():
    layer = Linear(2, 2, rng=0)
    layer.weight.data[0, 0] = np.nan
    with (
        pytest.raises(AnomalyError, match=r"(?s)gate 'linear' made nan .*scores = layer\(np.ones") as caught,
        detect_anomaly(),
    ):
        scores = layer(np.ones((1, 2)))
        CrossEntropyLoss()(scores, [0])
    assert "linear.py" not in str(caught.value)


def test_is_off_by_default_and_restored_after_an_exception():
    assert Value(0.0).log().data == -np.inf
    with pytest.raises(KeyError), detect_anomaly():
        raise KeyError
    assert Value(0.0).log().data == -np.inf
    seen = []

    def other():
        seen.append(Value(0.0).log().data)

    with detect_anomaly():
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        y = Value(2.0) * 3.0
        y.backward()
    assert seen == [-np.inf]
    assert y.inputs[0].grad == 3.0


def made(*data, labels, tracked=(True, True)):
    """Two inputs of one kind, and what an error calls them."""
    for make in (Value, lambda x, label: Tensor(x, requires_grad=True, label=label)):
        nodes = [make(x, label=label) if track else x for x, label, track in zip(data, labels, tracked, strict=True)]
        yield nodes, [label or argument for label, argument in zip(labels, "xy", strict=True)]


LABELS = [(None, None), ("a", None), (None, "b"), ("a", "b")]


@pytest.mark.parametrize("labels", LABELS)
def test_forward_names_both_inputs_in_their_order(labels):
    for (x, y), (first, second) in made(3.0, 0.0, labels=labels):
        with pytest.raises(AnomalyError) as caught, detect_anomaly():
            np.divide(x, y)
        assert str(caught.value).startswith(f"gate 'div' made inf of {first} = 3.0, {second} = 0.0, in ")


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize(("data", "faulty"), [((1e-200, 1e200), "x"), ((1e200, 1e-200), "y")])
def test_backward_names_the_input_whose_gradient_is_not_finite(labels, data, faulty):
    for (x, y), (first, second) in made(*data, labels=labels):
        with detect_anomaly():
            out = x * y * 1e200  # finite, as is one of the two gradients
            with pytest.raises(AnomalyError) as caught:
                out.backward()
        assert str(caught.value).startswith(
            f"backward: gate 'mul' gave its input {faulty} the gradient inf, "
            f"with {first} = {data[0]}, {second} = {data[1]} and the upstream gradient 1e+200; "
        )


def test_backward_names_the_second_input_if_the_first_is_a_plain_number():
    for (number, y), (_, second) in made(1e-320, 1e-320, labels=(None, None), tracked=(False, True)):
        with (
            detect_anomaly(),
            pytest.raises(AnomalyError, match=r"gave its input y the gradient -inf, with x = 1e-320"),
        ):
            (number / y).backward()
        assert second == "y"
