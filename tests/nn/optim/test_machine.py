"""Updates in machine code: the bits that NumPy gives, for any size and any numbers."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tensor
from nn import optim
from nn.optim import base, machine, updates

FACTORS = {  # as the optimisers give them, and their states
    updates.descent: ([1e-2, 0.0], 0),
    updates.momentum: ([1e-2, 5e-4, 0.9, False], 1),
    updates.rmsprop: ([1e-2, 1e-3, 0.99, 0.01, 1e-8], 1),
    updates.rmsprop_momentum: ([1e-2, 0.0, 0.99, 0.01, 1e-8, 0.9], 2),
    updates.adam: ([1e-3, 0.999, 0.0, 0.1, 0.999, 0.001, 5.0, 1e-8], 2),
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


def test_every_update_has_a_loop():
    public = {thing for name, thing in vars(updates).items() if callable(thing) and name.islower()}
    assert public == set(machine.LOOPS) == set(FACTORS)


@pytest.mark.parametrize("update", FACTORS, ids=lambda update: update.__name__)
@given(
    size=st.sampled_from([0, 1, 7, 33, 1000]),
    dtype=st.sampled_from([np.float32, np.float64]),
    scale=st.sampled_from([1.0, 1e-30, 1e25, np.inf]),
    decay=st.sampled_from([0.0, 1e-2]),
    seed=st.integers(0, 1000),
)
def test_a_loop_gives_the_bits_of_arrays(update, size, dtype, scale, decay, seed):
    rng = np.random.default_rng(seed)
    factors, states = FACTORS[update]
    place = 2 if update is updates.adam else 1
    factors = tuple(map(dtype, [*factors[:place], decay, *factors[place + 1 :]]))
    arrays = [rng.normal(size=size).astype(dtype) for _ in range(2 + states)]
    arrays[2:] = map(np.abs, arrays[2:])
    arrays[1][: size // 2] *= dtype(scale)
    copies = [array.copy() for array in arrays]
    machine.LOOPS[update](*arrays, *factors)
    with np.errstate(all="ignore"):
        base._in_blocks(update, copies, factors)
    for ours, numpys in zip(arrays, copies, strict=True):
        np.testing.assert_array_equal(ours, numpys)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_training_that_goes_over_to_machine_code_ends_with_the_same_bits(kind, dtype, monkeypatch):
    monkeypatch.setattr(base, "WARM", 3)
    results = []
    for large in (10, 10**9):  # of 41 elements: with machine code from the fourth step on, and without
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


def test_what_machine_code_does_not_take_goes_on_in_numpy(monkeypatch):
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
    with pytest.raises(ValueError, match="read-only"):
        optimizer.step()


def test_a_short_training_loads_no_numba():
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
