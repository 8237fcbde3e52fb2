"""summary lists the layers of a model with their output shapes and numbers of parameters."""

import numpy as np
import pytest

from autograd import Tensor
from nn import Dropout, Linear, ReLU, Sequential


def test_network_of_the_slides_has_1_578_506_parameters():
    summary = Sequential(Linear(3072, 512), ReLU(), Linear(512, 10)).summary((3072,))
    assert summary.parameters == 1_578_506
    assert [row.output for row in summary.rows] == [(512,), (512,), (10,)]
    assert [row.parameters for row in summary.rows] == [1_573_376, 0, 5_130]
    assert "total                 1,578,506  (6.3 MB)" in str(summary)


def test_no_output_shapes_without_an_input_shape():
    lines = str(Sequential(Linear(2, 2)).summary()).splitlines()
    assert lines[0].split() == ["layer", "parameters"]
    assert lines[1].split() == ["0", "Linear", "6"]


def test_counts_shared_parameters_once_and_names_nested_layers():
    shared = Linear(4, 4)
    summary = Sequential(shared, Sequential({"drop": Dropout(0.5)}), shared).summary((4,))
    assert summary.parameters == 20
    assert [(row.name, row.parameters) for row in summary.rows] == [("0", 20), ("1.drop", 0)]


def test_parameters_outside_of_layers_have_a_row():
    model = Sequential(Linear(4, 2))
    model.scale = Tensor(np.ones(100), requires_grad=True)
    rows = model.summary((4,)).rows
    assert [(row.name, row.parameters) for row in rows] == [("", 100), ("0", 10)]


def test_leaves_the_model_unchanged():
    model = Sequential(Linear(4, 4), Dropout(0.5, rng=0), Sequential(ReLU()))
    model[2].eval()
    model.summary((4,))
    assert [module.training for module in model.modules()] == [True, True, True, False, False]
    assert all("forward" not in vars(module) for module in model.modules())
    assert model[1].rng.random() == np.random.default_rng(0).random()


def test_rejects_wrong_shapes_and_leaves_the_model_unchanged():
    model = Sequential(Linear(4, 4))
    with pytest.raises(ValueError, match=r"expected inputs of shape \(n, 4\)"):
        model.summary((5,))
    assert "forward" not in vars(model)
    for shape in (4, (0,), [4], (2.5,)):
        with pytest.raises(ValueError, match=r"the shape of one sample, without the batch"):
            model.summary(shape)


def test_keeps_a_forward_assigned_by_the_user():
    model = Linear(4, 2)
    own = model.forward = lambda x: x * 0
    model.summary((4,))
    assert model.forward is own
