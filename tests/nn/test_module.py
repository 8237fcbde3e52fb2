"""Module finds its parameters and buffers, and switches modes and dtypes."""

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
        self.mean = Tensor([0.0])  # a buffer
        self.name = "model"


def test_finds_parameters_once_in_lists_dicts_and_tuples():
    names = [name for name, _ in Model().named_parameters()]
    assert names == [
        "layers.0.weight", "layers.0.bias", "heads.left.weight", "heads.left.bias", "heads.right.0.weight", "scale",
    ]  # fmt: skip


def test_train_and_eval_apply_to_all_modules():
    model = Sequential(Linear(2, 2, rng=0), Sequential(Dropout(0.5, rng=0)))
    assert all(not module.training for module in model.eval().modules())
    assert all(module.training for module in model.train().modules())


def test_accepts_arrays_and_zeroes_gradients():
    model = Sequential(Linear(3, 2, rng=0), ReLU())
    model(np.ones((4, 3), np.float32)).sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    model.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_computes_in_float32_by_default():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Dropout(0.5, rng=0), Linear(4, 2, rng=0))
    out = CrossEntropyLoss()(model(np.ones((5, 3), np.float32)), np.zeros(5, int))
    out.backward()
    assert {out.dtype, *(p.grad.dtype for p in model.parameters())} == {np.dtype(np.float32)}


def test_astype_float64_for_gradcheck():
    model = Sequential(Linear(3, 4, rng=0), ReLU(), Linear(4, 2, rng=0))
    loss = CrossEntropyLoss()
    X = np.random.default_rng(0).normal(size=(5, 3))
    labels = np.array([0, 1, 1, 0, 1])
    with pytest.raises(TypeError, match="float64"):
        gradcheck(lambda x: loss(model(x.astype(np.float32)), labels), X)
    model.astype(float)
    assert gradcheck(lambda x: loss(model(x), labels), X)
    weight = model[0].weight

    def by_weight(w):
        model[0].weight = w
        return loss(model(X), labels)

    assert gradcheck(by_weight, weight)


def test_a_module_must_define_forward():
    with pytest.raises(NotImplementedError, match="Module must define forward"):
        Module()(np.ones(1))


def test_ignores_inner_nodes_and_cycles():
    model = Sequential(Linear(2, 2, rng=0))
    model.last = model(np.ones((1, 2)))
    model[0].parent = model
    assert [name for name, _ in model.named_parameters()] == ["0.weight", "0.bias"]
    assert len(list(model.eval().modules())) == 2


def test_astype_rejects_integer_dtypes():
    model = Linear(2, 2, rng=0)
    with pytest.raises(TypeError, match="dtype int64"):
        model.astype(int)
    assert (model.weight.data != 0).all()


def test_rejects_ragged_lists():
    with pytest.raises(ValueError, match=r"regular shape, got list \[\[1.0, 2.0\], \[3.0\]\]"):
        Linear(2, 1, rng=0)([[1.0, 2.0], [3.0]])


class Block(Module):
    """A module with arguments of its own, a buffer, a generator, and a layer inside."""

    def __init__(self, size, *, scale=1.0):
        self.size, self.scale = size, scale
        self.inner = Linear(size, size, rng=0)
        self.seen = Tensor(np.zeros(size), dtype=np.float32)
        self.rng = np.random.default_rng(0)


def test_buffers_are_the_tensors_without_gradients():
    assert [name for name, _ in Block(2).named_buffers()] == ["seen"]
    assert [name for name, _ in Block(2).named_parameters()] == ["inner.weight", "inner.bias"]
    assert list(Block(2).state_dict()) == ["inner.weight", "inner.bias", "seen"]


def test_finds_generators_once():
    shared = np.random.default_rng(0)
    model = Sequential(Dropout(0.5, rng=shared), Sequential(Dropout(0.5, rng=shared), Dropout(0.5, rng=1)), Block(1))
    assert list(model.generators()) == ["0.rng", "1.1.rng", "2.rng"]
    assert model.generators()["0.rng"] is shared


def test_repr():
    assert repr(Dropout()) == "Dropout()"
    assert repr(Dropout(0.1, rng=3)) == "Dropout(p=0.1)"
    assert repr(Linear(3, 2, init="he", bias=False)) == "Linear(3, 2, bias=False)"
    assert repr(Block(2)) == "Block(\n  inner: Linear(2, 2)\n)"


def test_state_is_a_copy_and_can_be_loaded():
    model, other = Block(3), Block(3)
    for tensor in dict(other.named_tensors()).values():
        tensor.data = tensor.data + 1
    state = model.state_dict()
    assert other.load_state_dict(state) == ([], [])
    for name, array in other.state_dict().items():
        assert (array == state[name]).all()
    other.inner.weight.data[0, 0] = 7
    assert state["inner.weight"][0, 0] != 7
    assert model.inner.weight.data[0, 0] != 7


def test_error_lists_all_differences_of_a_state_and_nothing_changes():
    model = Block(3)
    before = model.state_dict()
    state = {"inner.weight": np.ones((2, 3)), "inner.bias": np.ones(3), "outer": np.zeros(1)}
    with pytest.raises(ValueError, match="does not fit Block") as caught:
        model.load_state_dict(state)
    assert str(caught.value).splitlines()[1:] == [
        "  missing: seen (3,)",
        "  unexpected: outer (1,)",
        "  wrong shape: inner.weight expected (3, 3), got (2, 3)",
    ]
    assert all((array == before[name]).all() for name, array in model.state_dict().items())
    with pytest.raises(ValueError, match="wrong shape"):
        model.load_state_dict(state, strict=False)
    del state["inner.weight"]
    assert model.load_state_dict(state, strict=False) == (["inner.weight", "seen"], ["outer"])
    assert (model.inner.bias.data == 1).all()
    with pytest.raises(ValueError, match=r"inner\.bias expected numbers, got dtype <U1"):
        model.load_state_dict({"inner.bias": np.array(["a", "b", "c"])}, strict=False)


def test_load_state_dict_keeps_the_dtype_unless_assign():
    model, wide = Linear(2, 2, rng=0), Linear(2, 2, rng=1, dtype=float).state_dict()
    model.load_state_dict(wide)
    assert model.weight.dtype == np.float32
    model.load_state_dict(wide, assign=True)
    assert model.weight.dtype == np.float64
    assert (model.weight.data == wide["weight"]).all()


def test_finds_generators_in_lists_and_passes_options_to_forward():
    class Noisy(Module):
        def __init__(self):
            self.rngs = [np.random.default_rng(0)]

        def forward(self, x, *, by=1):
            return x * by

    assert list(Noisy().generators()) == ["rngs.0"]
    assert Noisy()(np.ones(2), by=3).data.tolist() == [3, 3]


def test_evaluating_restores_the_mode_of_each_module():
    model = Sequential(Linear(2, 2, rng=0), Dropout(0.5, rng=0), Sequential(Dropout(0.5, rng=1), ReLU()))
    model.train()
    model[1].eval()
    model[2].training = False  # the modules inside stay in training mode
    before = [module.training for module in model.modules()]
    assert before == [True, True, False, False, True, True]
    with pytest.raises(KeyError), model.evaluating():
        assert not any(module.training for module in model.modules())
        raise KeyError
    assert [module.training for module in model.modules()] == before


def test_a_state_does_not_change_with_its_model():
    model = Block(3)
    state = model.state_dict()
    before = {name: array.copy() for name, array in state.items()}
    for name, tensor in model.named_tensors():
        assert not np.shares_memory(state[name], tensor.data)
        tensor.data[...] = 7.0
    assert before.keys() == dict(model.named_tensors()).keys()
    for name, array in before.items():
        np.testing.assert_array_equal(state[name], array)
        state[name][...] = 9.0  # nor the model with the state
    assert all((tensor.data == 7.0).all() for _, tensor in model.named_tensors())
