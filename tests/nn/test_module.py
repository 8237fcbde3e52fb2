"""Module: parameters found by structure, modes, dtypes."""

import numpy as np
import pytest

from autograd import Tensor, gradcheck
from nn import CrossEntropyLoss, Dropout, Linear, Module, ReLU, Sequential


class Model(Module):
    def __init__(self):
        shared = Linear(4, 4, rng=0)
        self.layers = [shared, ReLU(), shared]
        self.heads = {"left": Linear(4, 2, rng=1), "right": (Linear(4, 3, bias=False, rng=2),)}
        self.scale = Tensor(2.0, requires_grad=True)
        self.mean = Tensor([0.0])  # not tracked: no parameter
        self.name = "model"


def test_parameters_are_found_by_structure_and_shared_ones_once():
    names = [name for name, _ in Model().named_parameters()]
    assert names == [
        "layers.0.weight", "layers.0.bias", "heads.left.weight", "heads.left.bias", "heads.right.0.weight", "scale",
    ]  # fmt: skip


def test_train_and_eval_reach_every_module():
    model = Sequential(Linear(2, 2, rng=0), Sequential(Dropout(0.5, rng=0)))
    assert all(not module.training for module in model.eval().modules())
    assert all(module.training for module in model.train().modules())


def test_arrays_go_in_without_ado_and_gradients_are_forgotten():
    model = Sequential(Linear(3, 2, rng=0), ReLU())
    model(np.ones((4, 3), np.float32)).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    model.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_float32_by_default_and_all_the_way():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Dropout(0.5, rng=0), Linear(4, 2, rng=0))
    out = CrossEntropyLoss()(model(np.ones((5, 3), np.float32)), np.zeros(5, int))
    out.backward()
    assert {out.dtype, *(p.grad.dtype for p in model.parameters())} == {np.dtype(np.float32)}


def test_astype_makes_a_model_fit_for_gradcheck():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 2, rng=0))
    loss = CrossEntropyLoss()
    X = np.random.default_rng(0).normal(size=(5, 3))
    labels = np.array([0, 1, 1, 0, 1])
    with pytest.raises(TypeError, match="float64"):
        gradcheck(lambda x: loss(model(x.astype(np.float32)), labels), X)
    model.astype(float)
    assert gradcheck(lambda x: loss(model(x), labels), X)
    weight = model.layers[0].weight

    def by_weight(w):
        model.layers[0].weight = w
        return loss(model(X), labels)

    assert gradcheck(by_weight, weight)


def test_a_module_must_define_forward():
    with pytest.raises(NotImplementedError, match="Module must define forward"):
        Module()(np.ones(1))


def test_inner_nodes_are_no_parameters_and_circles_end():
    model = Sequential(Linear(2, 2, rng=0))
    model.last = model(np.ones((1, 2)))
    model.layers[0].parent = model
    assert [name for name, _ in model.named_parameters()] == ["layers.0.weight", "layers.0.bias"]
    assert len(list(model.eval().modules())) == 2


def test_parameters_are_floating_point():
    model = Linear(2, 2, rng=0)
    with pytest.raises(TypeError, match="dtype int64 came"):
        model.astype(int)
    assert (model.weight.data != 0).all()


def test_a_ragged_list_is_refused_in_the_words_of_tensor():
    with pytest.raises(ValueError, match=r"regular shape, but list \[\[1.0, 2.0\], \[3.0\]\] came"):
        Linear(2, 1, rng=0)([[1.0, 2.0], [3.0]])
