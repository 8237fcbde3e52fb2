"""Kernels: each gate as machine code that runs over many gates of its kind.

The kernels of a gate are Python text, generated from its entry in the table. The text is kept in a file whose name
contains a hash of it and of the modules it calls, so that a changed gate gets a new file. numba compiles it once and
keeps the machine code next to it.

A kernel gets three arrays, and then the columns of its instruction (see `Schedule.instructions`):

values : float64, shape (nodes, lanes)
    The number of each node, for `lanes` columns of a batch.
gradients : float64, shape (slots, lanes)
    The gradient in each slot.
indices : int32
    Rows of `values` and slots of `gradients`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import unpack_tuple
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

from autograd.atomic_write import atomic_write
from autograd.gates import Gate
from autograd.gates.backends import floats, numba_math
from autograd.jit import compiled

ARGUMENTS = "values, gradients, indices, lanes, rule, inputs, upstreams, count, output, target"
FLOATS, INTEGERS = types.CPointer(types.float64), types.CPointer(types.int32)  # type: ignore[no-untyped-call]
SIGNATURE = types.void(FLOATS, FLOATS, INTEGERS, *7 * [types.int64])
HEAD = '''"""Kernels of the gate {name}, generated from the table of gates. Do not edit."""

from math import inf, nan

from autograd.gates.backends import numba_math as xp
'''

Variable = tuple[str, str, str]  # a variable of a rule, the array that holds its numbers, and the index there


def write(gate: Gate) -> str:
    """Write the Python text of a gate's kernels.

    Parameters
    ----------
    gate : Gate
        An elementwise gate.

    Returns
    -------
    str
        A module with two functions: `single` computes one column, `several` the columns of a batch. Their argument
        `rule` is 0 for the value, and 1 + i for the vjp of input i, which is local gradient × upstream gradient.
    """
    forward, local_gradients = _rules(gate)
    inputs: list[Variable] = [(f"x{i}", "values", f"indices[inputs + {i} * count + i]") for i in range(gate.arity)]
    out: Variable = ("out", "values", "output + i")
    upstream: Variable = ("upstream", "gradients", "indices[upstreams + i]")
    rules: dict[int, tuple[list[Variable], Variable, str]] = {0: (inputs, out, forward)}
    for position, local in enumerate(local_gradients):
        vjp = gate.python_text.downstream(local, "upstream")
        if vjp != "upstream":
            rules[1 + position] = [*inputs, out, upstream], ("vjp", "gradients", "target + i"), vjp
    text = HEAD.format(name=gate.name)
    for name, loop in (("single", _loop), ("several", _loop_over_lanes)):
        text += f"\n\ndef {name}({ARGUMENTS}):\n"
        text += "".join(f"    if rule == {number}:\n{loop(*rule)}" for number, rule in rules.items())
    return text


def passed_through(gates: Sequence[Gate]) -> np.ndarray:
    """Find the inputs whose vjp is the upstream gradient, unchanged, as in sums: there is nothing to compute.

    Parameters
    ----------
    gates : sequence of Gate
        The gates of a program.

    Returns
    -------
    ndarray, shape (len(gates), most inputs of a gate), bool
        Whether a gate (row) passes its upstream gradient through to an input (column).
    """
    through = np.zeros((len(gates), max((gate.arity for gate in gates), default=0)), bool)
    for row, gate in zip(through, gates, strict=True):
        downstream = gate.python_text.downstream
        row[: gate.arity] = [downstream(local, "upstream") == "upstream" for local in _rules(gate)[1]]
    return through


def _rules(gate: Gate) -> tuple[str, list[str]]:
    """The rules of a gate as text: forward, and the local gradient of each input."""
    names = [f"x{i}" for i in range(gate.arity)]
    return gate.python_text.forward(*names), [local("out", *names) for local in gate.python_text.local_gradients]


def _loop(inputs: list[Variable], output: Variable, expression: str) -> str:
    """The loop over the gates of a run, with one number for each."""
    _, array, index = output
    lines = ["for i in range(count):"]
    lines += [f"    {name} = {origin}[{where}]" for name, origin, where in inputs]
    lines += [f"    {array}[{index}] = {expression}"]
    return "".join(f"        {line}\n" for line in lines)


def _loop_over_lanes(inputs: list[Variable], output: Variable, expression: str) -> str:
    """The same loop with `lanes` numbers for each gate, next to each other."""
    result, array, _ = output
    lines = ["for i in range(count):"]
    lines += [f"    at_{name} = lanes * ({where})" for name, _, where in (*inputs, output)]
    lines += ["    for lane in range(lanes):"]
    lines += [f"        {name} = {origin}[at_{name} + lane]" for name, origin, _ in inputs]
    lines += [f"        {array}[at_{result} + lane] = {expression}"]
    return "".join(f"        {line}\n" for line in lines)


def add_up(  # type: ignore[no-untyped-def]
    values, gradients, indices, lanes, rule, inputs, upstreams, count, output, target
):
    """Add up the vjps of each of `count` nodes: the kernel of sums.

    Parameters
    ----------
    values : pointer to float64
        Not used.
    gradients : pointer to float64
        The gradients (slots, lanes); the sums are written there.
    indices : pointer to int32
        The lists of indices.
    lanes : int
        The number of columns.
    rule : int
        Not used.
    inputs : int
        Where in `indices` the starts of the terms of each sum begin; the end of the last one follows.
    upstreams : int
        Not used.
    count : int
        The number of sums.
    output : int
        Not used.
    target : int
        The slot of the first sum.
    """
    for i in range(count):
        begin, end = indices[inputs + i], indices[inputs + i + 1]
        for lane in range(lanes):
            total = 0.0
            for k in range(begin, end):
                total += gradients[indices[k] * lanes + lane]
            gradients[(target + i) * lanes + lane] = total


@cache
def address(gate: Gate | None, *, several: bool) -> int:
    """Compile a kernel, or load it from disk.

    Parameters
    ----------
    gate : Gate or None
        The gate; None for the kernel of sums, `add_up`.
    several : bool
        Whether the kernel computes the columns of a batch.

    Returns
    -------
    int
        The address of the kernel's machine code in this process.
    """
    function = add_up if gate is None else getattr(_module(gate.name, write(gate)), "several" if several else "single")
    kernel = compiled(function, SIGNATURE)
    _alive.append(kernel)
    return int(kernel.address)


_alive: list[object] = []  # objects that must live as long as the process


def _module(name: str, text: str) -> ModuleType:
    """Import the generated kernels of a gate; write their file first if it is missing."""
    called = (Path(str(module.__file__)).read_bytes() for module in (numba_math, floats))
    path = _folder() / f"{name}_{sha256(b''.join((text.encode(), *called))).hexdigest()[:16]}.py"
    if not path.exists():
        atomic_write(path, text.encode())  # as another process may be reading it
    spec = spec_from_file_location(f"gatewise_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)  # numba looks there when it loads the machine code
    spec.loader.exec_module(module)
    return module


@cache
def _folder() -> Path:
    """The folder of the kernels, in $NUMBA_CACHE_DIR or the user's cache; a temporary one if that is not writable."""
    from platformdirs import user_cache_path

    folder = Path(os.environ.get("NUMBA_CACHE_DIR") or user_cache_path("gatewise")) / "kernels"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        temporary = tempfile.TemporaryDirectory(prefix="gatewise-")
        _alive.append(temporary)
        return Path(temporary.name)


@intrinsic
def _call(typing: object, address: types.Type, arguments: types.Type) -> tuple[Signature, Callable[..., ir.Value]]:
    """Call the kernel at an address with a tuple of arguments."""

    def generate(context, builder, signature, given):  # type: ignore[no-untyped-def]
        kinds = [context.get_value_type(kind) for kind in SIGNATURE.args]
        function = builder.inttoptr(given[0], ir.FunctionType(ir.VoidType(), kinds).as_pointer())
        values = unpack_tuple(builder, given[1], len(kinds))  # type: ignore[no-untyped-call]
        pointers = [builder.inttoptr(value, kind) for value, kind in zip(values[:3], kinds[:3], strict=True)]
        builder.call(function, [*pointers, *values[3:]])
        return context.get_dummy_value()

    return types.void(address, arguments), generate


@compiled
def run(
    instructions: np.ndarray,
    addresses: np.ndarray,
    values: np.ndarray,
    gradients: np.ndarray,
    indices: np.ndarray,
    lanes: int,
) -> None:
    """Execute instructions, one after the other.

    Parameters
    ----------
    instructions : ndarray, shape (instructions, 7), int64
        The instructions; see `Schedule.instructions`.
    addresses : ndarray, shape (kernels,), int64
        The address of each kernel.
    values : ndarray, shape (nodes, lanes), float64
        The number of each node. Those of gates are written.
    gradients : ndarray, shape (slots, lanes), float64
        The gradients, which are written. Slot 0 must hold 1.
    indices : ndarray, shape (indices,), int32
        See `Schedule.indices`.
    lanes : int
        The number of columns.
    """
    numbers, slots, lists = values.ctypes.data, gradients.ctypes.data, indices.ctypes.data
    for i in range(len(instructions)):
        row = instructions[i]
        given = numbers, slots, lists, lanes, row[1], row[2], row[3], row[4], row[5], row[6]
        _call(addresses[row[0]], given)  # type: ignore[call-arg,arg-type]
