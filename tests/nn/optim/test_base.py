"""The base of the optimisers: steps agree with PyTorch's; groups; saved states; compiled loops give NumPy's bits."""

import subprocess
import sys

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import Linear, optim
from nn.optim import adam, base, rmsprop, sgd

try:
    import torch
except ImportError:
    torch = None

MAKERS = {
    "SGD": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
    "Nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "RMSProp": lambda p: optim.RMSProp(p, momentum=0.9, weight_decay=0.1),
    "Adam": lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1),
    "AdamW": lambda p: optim.AdamW(p, lr=0.1, weight_decay=0.1),
}
every_kind = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


@every_kind
@pytest.mark.parametrize("shape", [(), (3,), (301, 333), (2, base.BLOCK), (base.BLOCK + 1,)])
def test_blocks_cover_every_element_once(updated, make, shape, monkeypatch):
    rng = np.random.default_rng(0)
    start, gradients = rng.normal(size=shape), rng.normal(size=(2, *shape))
    ours, _ = updated(make, gradients, start)
    monkeypatch.setattr(base, "BLOCK", start.size)
    in_one_block, _ = updated(make, gradients, start)
    np.testing.assert_array_equal(ours, in_one_block)
    assert (ours != start).all()


@every_kind
def test_a_scalar_keeps_its_shape_and_gradients_are_unchanged(make):
    parameter = Tensor(1.0, requires_grad=True)
    parameter.grad = np.array(2.0)
    make([parameter]).step()
    assert parameter.shape == ()
    assert parameter.grad == 2.0


@every_kind
def test_float32_stays_float32(updated, make):
    data, optimizer = updated(make, [[1.0, 2.0]], [1.0, 2.0], np.float32)
    arrays = [data, *(array for state in optimizer.state for array in state.values())]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_accepts_gradients_that_are_not_contiguous():
    parameter = Tensor(np.zeros((2, 3)), requires_grad=True)
    parameter.grad = np.arange(6.0).reshape(3, 2).T
    optim.SGD([parameter], lr=1.0).step()
    assert parameter.data.tolist() == [[0, -2, -4], [-1, -3, -5]]


def test_updates_parameters_that_are_not_contiguous():
    for make in (lambda p: optim.SGD(p, lr=1.0, momentum=0.5), optim.AdamW):
        plain, transposed = (Tensor(np.ones((2, 3)), requires_grad=True) for _ in range(2))
        transposed.data = np.ones((3, 2)).T
        for parameter in (plain, transposed):
            optimizer = make([parameter])
            for _ in range(2):
                parameter.grad = np.arange(6.0).reshape(2, 3) + 1
                optimizer.step()
        assert (plain.data == transposed.data).all()
        assert (plain.data != 1).all()


def test_a_model_may_change_its_dtype_during_a_run():
    parameter = Tensor([1.0], dtype=np.float32, requires_grad=True)
    optimizer = optim.AdamW([parameter], lr=0.1)
    parameter.data = parameter.data.astype(float)
    parameter.grad = np.array([2.0])
    optimizer.step()
    assert parameter.data.tolist() == [pytest.approx(0.899)]
    parameter.data = parameter.data.astype(np.float32)
    optimizer.step()
    assert {array.dtype for array in optimizer.state[0].values()} == {np.dtype(np.float32)}


def test_skips_parameters_without_a_gradient_and_zero_grad_clears():
    a, b = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    optimizer = optim.SGD(iter([a, b]), lr=0.5)
    (a * 2).backward()
    optimizer.step()
    assert (a.data.tolist(), b.data.tolist()) == ([0.0], [1.0])
    optimizer.zero_grad()
    assert a.grad is None


shares = st.sampled_from([0.0, 0.5, 0.9, 0.99])
decays = st.sampled_from([0.0, 1e-4, 0.1])
PEERS = {  # our class, PyTorch's, and the settings to draw
    "SGD": (optim.SGD, "SGD", {"momentum": shares, "nesterov": st.booleans()}),
    "RMSProp": (optim.RMSProp, "RMSprop", {"alpha": shares, "eps": st.floats(1e-8, 1e-2), "momentum": shares}),
    "Adam": (optim.Adam, "Adam", {"betas": st.tuples(shares, shares), "eps": st.floats(1e-8, 1e-2)}),
    "AdamW": (optim.AdamW, "AdamW", {"betas": st.tuples(shares, shares), "eps": st.floats(1e-8, 1e-2)}),
}


# Each optimiser has a test of its own against its formula, without torch.
@pytest.mark.parametrize("peers", [pytest.param(peers, id=name) for name, peers in PEERS.items()] if torch else [])
@hypothesis.settings(max_examples=20)
@given(data=st.data())
def test_agrees_with_torch_over_a_hundred_steps(peers, data):
    ours, theirs, strategies = peers
    shapes = data.draw(st.lists(st.sampled_from([(), (3,), (2, 1, 3), (0,)]), min_size=2, max_size=2))
    settings = [
        data.draw(st.fixed_dictionaries({"lr": st.floats(1e-4, 0.1), "weight_decay": decays, **strategies}))
        for _ in shapes
    ]
    for group in settings:
        if not group.get("momentum"):
            group.pop("nesterov", None)
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    mine = [Tensor(rng.normal(size=shape), requires_grad=True) for shape in shapes]
    others = [torch.tensor(parameter.data, requires_grad=True) for parameter in mine]

    def grouped(parameters):
        return [{"params": [parameter], **group} for parameter, group in zip(parameters, settings, strict=True)]

    optimizer, oracle = ours(grouped(mine), lr=1.0), getattr(torch.optim, theirs)(grouped(others), lr=1.0)
    for _ in range(100):
        for parameter, other in zip(mine, others, strict=True):
            parameter.grad = rng.normal(size=parameter.shape)
            other.grad = torch.tensor(parameter.grad)
        optimizer.step()
        oracle.step()
    for parameter, other in zip(mine, others, strict=True):
        np.testing.assert_allclose(parameter.data, other.detach().numpy(), rtol=1e-8, atol=1e-8)


def test_groups_have_their_own_settings():
    a, b = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    optimizer = optim.SGD([{"params": iter([a])}, {"params": [b], "lr": 0.5, "momentum": 0.9}], lr=0.1)
    assert [{**group, "params": len(group["params"])} for group in optimizer.param_groups] == [
        {"params": 1, "lr": 0.1, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0},
        {"params": 1, "lr": 0.5, "momentum": 0.9, "nesterov": False, "weight_decay": 0.0},
    ]
    assert optimizer.parameters[0] is a
    assert optimizer.parameters[1] is b
    a.grad = b.grad = np.array([1.0])
    optimizer.step()
    assert (a.data.tolist(), b.data.tolist()) == ([0.9], [0.5])
    optimizer.param_groups[0]["momentum"] = 0.5  # settings may change during a run
    optimizer.lr = 1.0
    assert optimizer.lr == 1.0
    optimizer.step()
    optimizer.step()
    assert (a.data.tolist(), b.data.tolist()) == ([pytest.approx(0.9 - 1 - 1.5)], [pytest.approx(0.5 - 1.9 - 2.71)])
    with pytest.raises(ValueError, match="lr must be above 0 and finite, got -1"):
        optimizer.lr = -1


def trained(make, dtype, steps):
    """Three parameters in two groups, and their optimiser, after some steps; one parameter never has a gradient."""
    shapes = [(2, 3), (), (4,)]
    parameters = [Tensor(np.ones(shape), dtype=dtype, requires_grad=True) for shape in shapes]
    optimizer = make([{"params": parameters[:2]}, {"params": parameters[2:], "lr": 0.5}])
    for seed in range(steps):
        move(optimizer, seed)
    return parameters, optimizer


def move(optimizer, seed):
    rng = np.random.default_rng(seed)
    for parameter in optimizer.parameters[:2]:
        parameter.grad = rng.normal(size=parameter.shape).astype(parameter.dtype)
    optimizer.step()


def leaves(thing):
    if isinstance(thing, (dict, list)):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from leaves(part)
    else:
        yield thing


@every_kind
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_run_continues_from_a_state_bit_for_bit(make, dtype):
    parameters, optimizer = trained(make, dtype, steps=3)
    optimizer.lr = 0.03
    state = optimizer.state_dict()
    copies, other = trained(make, dtype, steps=0)
    for parameter, copy in zip(parameters, copies, strict=True):
        copy.data = np.array(parameter.data)
    other.load_state_dict(state)
    for seed in range(3, 6):
        move(optimizer, seed)
        move(other, seed)
    for parameter, copy in zip(parameters, copies, strict=True):
        assert parameter.data.tobytes() == copy.data.tobytes()
    assert optimizer.steps == other.steps == [6, 6, 0]
    assert {type(leaf) for leaf in leaves(state)} <= {np.ndarray, str, int, float, bool}


def test_states_are_copies_and_may_have_any_memory_order():
    _, optimizer = trained(optim.AdamW, float, steps=1)
    state = optimizer.state_dict()
    arrays = state["groups"][0]["parameters"][0]["state"]
    arrays["mean"] = np.asfortranarray(arrays["mean"])
    kept = {name: array.copy() for name, array in arrays.items()}
    move(optimizer, 1)
    optimizer.load_state_dict(state)
    move(optimizer, 1)
    for name, array in kept.items():
        assert (arrays[name] == array).all()
        assert (optimizer.state[0][name] != array).all()
    assert state["groups"][1]["settings"] == {"lr": 0.5, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}


def test_restores_a_rate_of_0_set_by_a_schedule():
    _, optimizer = trained(optim.AdamW, float, steps=1)
    optimizer.param_groups[1]["lr"] = 0.0
    _, other = trained(optim.AdamW, float, steps=0)
    other.load_state_dict(optimizer.state_dict())
    assert [group["lr"] for group in other.param_groups] == [0.001, 0.0]


def changed(*path, to):
    """A function that changes one entry of a state."""

    def change(state):
        for key in path[:-1]:
            state = state[key]
        state[path[-1]] = to

    return change


FIRST = ("groups", 0, "parameters", 0)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (changed("type", to="SGD"), r"AdamW.load_state_dict: the type must be 'AdamW', as in this AdamW, got 'SGD'"),
        (changed("groups", to=[]), r"the number of groups must be 2, as in this AdamW, got 0"),
        (changed("groups", to=None), r"the number of groups must be 2, as in this AdamW, got 'NoneType None'"),
        (changed("groups", 1, "parameters", to=[]), r"the number of parameters of group 1 must be 1, .* got 0"),
        (changed("groups", 1, to=3), r"the parts of group 1 must be \['parameters', 'settings'\], .* 'int 3'"),
        (changed("groups", 1, "settings", to={"lr": 1}), r"settings of group 1 must be \['betas', .* \['lr'\]"),
        (changed("groups", 1, "settings", "lr", to="fast"), r"lr must be at least 0 and finite, got 'fast'"),
        (changed(*FIRST, "shape", to=[3, 2]), r"shape of parameter 0 of group 0 must be \[2, 3\], .* \[3, 2\]"),
        (changed(*FIRST, "state", "mean", to=np.ones(3)), r"the shape of the mean of parameter 0 .* got \(3,\)"),
        (changed(*FIRST, "steps", to=-1), r"steps of parameter 0 of group 0 must be a whole number, at least 0, "),
    ],
)
def test_rejects_states_of_another_optimizer_and_changes_nothing(change, match):
    _, optimizer = trained(optim.AdamW, float, steps=1)
    _, other = trained(optim.AdamW, float, steps=2)
    state, before = other.state_dict(), list(map(repr, leaves(optimizer.state_dict())))
    change(state)
    with pytest.raises(ValueError, match=match):
        optimizer.load_state_dict(state)
    assert list(map(repr, leaves(optimizer.state_dict()))) == before


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda p: optim.SGD(p, lr=0), r"lr must be above 0 and finite, got 0"),
        (lambda p: optim.SGD(p, lr="fast"), r"lr must be above 0 and finite, got 'fast'"),
        (lambda p: optim.SGD([{"params": p, "lr": None}], lr=1), r"lr must be above 0 and finite, got None"),
        (lambda p: optim.SGD(p, lr=1, weight_decay=True), r"weight_decay must be at least 0 and finite, got True"),
        (lambda p: optim.SGD(p, lr=1, momentum=np.nan), r"momentum must be at least 0 and below 1, got nan"),
        (lambda p: optim.SGD(p, lr=1, momentum=0.9, nesterov="yes"), r"nesterov must be True or False, got 'yes'"),
        (lambda p: optim.SGD(p, lr=1, nesterov=True), r"momentum, which must be above 0, got 0\.0"),
        (lambda p: optim.RMSProp(p, alpha=1), r"alpha must be at least 0 and below 1"),
        (lambda p: optim.Adam(p, betas=0.9), r"betas must be a pair of numbers, got 0\.9"),
        (lambda p: optim.Adam([{"params": p, "rho": 1, "lr": 1}]), r"no setting 'rho'; .* lr, betas, eps, weight"),
        (lambda p: optim.Adam([{"params": p}, {"params": p}]), r"the same parameter twice, a Tensor of shape \(1,\)"),
        (lambda p: optim.Adam([*p, *p]), r"the same parameter twice"),
        (
            lambda p: optim.Adam([{"params": []}, {"params": []}]),
            r"Adam expected .* got no parameters",
        ),
        (lambda p: optim.AdamW(p, lr=-1), r"lr must be above 0"),
        (lambda p: optim.SGD(p, lr=1, momentum=1), r"momentum must be at least 0 and below 1"),
        (lambda p: optim.AdamW(p, weight_decay=-1), r"weight_decay must be at least 0"),
        (lambda p: optim.AdamW(p, betas=(0.9, 1.0)), r"betas\[1\]"),
        (lambda p: optim.AdamW(p, eps=0), r"eps must be above 0"),
        (lambda p: optim.SGD([], lr=1), r"SGD expected parameters .* got no parameters"),
    ],
)
def test_rejects_settings_out_of_range(make, match):
    with pytest.raises(ValueError, match=match):
        make([Tensor([1.0], requires_grad=True)])


def test_rejects_objects_that_are_not_parameters():
    with pytest.raises(TypeError, match=r"AdamW expected .* leaf Tensors with requires_grad=True, got Tensor of shape"):
        optim.AdamW([Tensor([1.0])])
    leaf = Tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(TypeError, match="expected parameters, which are leaf Tensors"):
        optim.SGD([leaf * 1.0], lr=1)
    with pytest.raises(TypeError, match=r"expected a list of parameters, got one Tensor; pass .* \[tensor\]"):
        optim.SGD(leaf, lr=1)
    with pytest.raises(TypeError, match=r"got one Linear; pass model.parameters\(\)"):
        optim.SGD(Linear(2, 1), lr=1)
    with pytest.raises(TypeError, match="got one int"):
        optim.SGD([{"params": 3}], lr=1)
    for groups in ([{"params": [leaf]}, leaf], [{"lr": 1}]):
        with pytest.raises(TypeError, match="expected parameter groups as dicts with 'params'"):
            optim.SGD(groups, lr=1)


# Compiled loops

FACTORS = {  # the factors of each formula, and its number of state arrays
    sgd.descent: ([1e-2, 0.0], 0),
    sgd.momentum: ([1e-2, 5e-4, 0.9, False], 1),
    rmsprop.rmsprop: ([1e-2, 1e-3, 0.99, 0.01, 1e-8], 1),
    rmsprop.rmsprop_momentum: ([1e-2, 0.0, 0.99, 0.01, 1e-8, 0.9], 2),
    adam.adam: ([1e-3, 0.999, 0.0, 0.1, 0.999, 0.001, 5.0, 1e-8], 2),
}
OPTIMIZERS = {
    "plain": lambda p: optim.SGD(p, lr=0.1),
    "momentum": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=1e-3),
    "nesterov": lambda p: optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: optim.RMSProp(p, weight_decay=1e-3),
    "rmsprop, momentum": lambda p: optim.RMSProp(p, momentum=0.5),
    "adam": lambda p: optim.Adam(p, weight_decay=1e-3),
    "adamw": optim.AdamW,
}


def test_every_formula_has_a_loop():
    assert set(base.LOOPS) == set(FACTORS)


@pytest.mark.parametrize("formula", FACTORS, ids=lambda formula: formula.__name__)
@given(
    size=st.sampled_from([0, 1, 7, 33, 1000]),
    dtype=st.sampled_from([np.float32, np.float64]),
    scale=st.sampled_from([1.0, 1e-30, 1e25, np.inf]),
    decay=st.sampled_from([0.0, 1e-2]),
    seed=st.integers(0, 1000),
)
def test_compiled_loops_give_the_bits_of_numpy(formula, size, dtype, scale, decay, seed):
    rng = np.random.default_rng(seed)
    factors, states = FACTORS[formula]
    index = 2 if formula is adam.adam else 1  # of the decay
    factors = tuple(map(dtype, [*factors[:index], decay, *factors[index + 1 :]]))
    arrays = [rng.normal(size=size).astype(dtype) for _ in range(2 + states)]
    arrays[2:] = map(np.abs, arrays[2:])
    arrays[1][: size // 2] *= dtype(scale)
    copies = [array.copy() for array in arrays]
    base._compiled_loop(formula)(*arrays, *factors)
    with np.errstate(all="ignore"):
        base._in_blocks(formula, copies, factors)
    for ours, numpys in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(ours, numpys)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_that_switches_to_compiled_loops_ends_with_the_same_bits(kind, dtype, monkeypatch):
    monkeypatch.setattr(base, "WARM", 3)
    results = []
    for large in (10, 10**9):  # of 41 elements: compiled from the fourth step on, and never
        monkeypatch.setattr(base, "LARGE", large)
        rng = np.random.default_rng(0)
        tensors = [Tensor(rng.normal(size=shape), dtype=dtype, requires_grad=True) for shape in ((5, 8), ())]
        optimizer = OPTIMIZERS[kind](tensors)
        for _ in range(8):
            for tensor in tensors:
                tensor.grad = np.asarray(rng.normal(size=tensor.shape), dtype)
            optimizer.step()
        state = [array for states in optimizer.state for array in states.values()]
        results.append([tensor.data for tensor in tensors] + state)
    for ours, numpys in zip(*results, strict=True):
        assert ours.dtype == dtype
        np.testing.assert_array_equal(ours, numpys)


def test_arrays_that_loops_do_not_accept_are_updated_by_numpy(monkeypatch):
    monkeypatch.setattr(base, "WARM", 0)
    monkeypatch.setattr(base, "LARGE", 0)
    weight = Tensor(np.ones((4, 4), np.float16), requires_grad=True)
    other = Tensor(np.ones((4, 4), np.float32), requires_grad=True)
    optimizer = optim.SGD([weight, other], lr=0.5)
    weight.grad, other.grad = np.ones((4, 4), np.float16), np.ones((4, 4)).T  # float64, as set by hand
    optimizer.step()
    assert (weight.data == 0.5).all()
    assert (other.data == 0.5).all()
    assert (weight.dtype, other.dtype) == (np.float16, np.float32)
    frozen = np.ones((4, 4), np.float32)
    frozen.flags.writeable = False
    other.data = frozen
    optimizer.step()  # of a copy
    assert (other.data == 0.5).all()
    assert (frozen == 1.0).all()


def test_a_short_run_loads_no_numba():
    code = """
import sys, numpy as np
from nn import Linear, optim
layer = Linear(300, 300, rng=0)
optimizer = optim.SGD(layer.parameters(), lr=0.1)
for step in range(101):
    assert "numba" not in sys.modules, step
    for p in layer.parameters():
        p.grad = np.ones(p.shape, np.float32)
    optimizer.step()
print("numba" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "True"


def test_an_optimizer_of_your_own_needs_only_a_formula(monkeypatch):
    monkeypatch.setattr(base, "WARM", 0)
    monkeypatch.setattr(base, "LARGE", 0)

    class SignDescent(optim.Optimizer):
        def __init__(self, parameters, *, lr):
            super().__init__(parameters, lr=lr)

        def state_names(self, group):
            return ()

        def update(self, group, step):
            return (lambda w, g, rate: (w - rate * np.sign(g),)), (group["lr"],)

    weight = Tensor([1.0, 2.0], requires_grad=True)
    optimizer = SignDescent([weight], lr=0.5)
    weight.grad = np.array([3.0, -4.0])
    optimizer.step()
    assert weight.data.tolist() == [0.5, 2.5]
