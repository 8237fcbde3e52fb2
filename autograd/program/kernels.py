"""Kernels: each gate in machine code, over a run of gates of its kind, written from the table.

A program is a list of steps, and a step is a kernel over a run: `count` gates of one kind that do not wait for each
other. The kernel of a gate is Python text made of its entry in the table. It stands in a file that is named by what it
says and calls, so that a gate that changes has another; numba compiles it once and keeps the machine code beside it.

What a kernel is given, before the rest of its step (see schedule.py):

    values    the number of each node, `lanes` of them side by side: one for each column of a batch
    adjoints  what is passed down, `lanes` for each slot
    pool      integers: places in values, slots in adjoints
"""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core.cgutils import unpack_tuple
from numba.extending import intrinsic

from autograd.atomic_write import atomic_write
from autograd.gates.backends import floats
from autograd.gates.backends import numba_math as machine
from autograd.gates.backends.python_text import passed
from autograd.gates.elementwise import Gate
from autograd.jit import compiled

ARGUMENTS = "values, adjoints, pool, lanes, which, operands, upstreams, count, start, target"
NUMBERS, INTEGERS = types.CPointer(types.float64), types.CPointer(types.int32)  # type: ignore[no-untyped-call]
SIGNATURE = types.void(NUMBERS, NUMBERS, INTEGERS, *7 * [types.int64])
HEAD = '''"""The gate {name} as compiled programs run it: written from the table of gates, not by hand."""

from math import inf, nan

from autograd.gates.backends import numba_math as xp
'''

Place = tuple[str, str, str]  # a name in a rule, the array that has it, and where


def write(gate: Gate) -> str:
    """The text of a gate's kernels: `single` for one column, `several` for the columns of a batch.

    `which` chooses the rule: 0 for the value, 1 + i for what goes down to input i, local gradient × upstream gradient.
    """
    forward, locals_ = _rules(gate)
    inputs: list[Place] = [(f"x{i}", "values", f"pool[operands + {i} * count + i]") for i in range(gate.arity)]
    above: list[Place] = [*inputs, ("out", "values", "start + i"), ("upstream", "adjoints", "pool[upstreams + i]")]
    rules = {0: (inputs, ("value", "values", "start + i"), forward)}
    for position, local in enumerate(locals_):
        down = passed(local)
        if gate.selects:  # an input that was not chosen gets 0, whatever arrives
            down = f"0.0 if {local} == 0.0 else {down}"
        if down != "upstream":
            rules[1 + position] = above, ("passed", "adjoints", "target + i"), down
    text = HEAD.format(name=gate.name)
    for name, loop in (("single", _loop), ("several", _loop_over_lanes)):
        text += f"\n\ndef {name}({ARGUMENTS}):\n"
        text += "".join(f"    if which == {which}:\n{loop(*rule)}" for which, rule in rules.items())
    return text


def _rules(gate: Gate) -> tuple[str, list[str]]:
    names = [f"x{i}" for i in range(gate.arity)]
    return gate.sources.forward(*names), [local("out", *names) for local in gate.sources.local_gradients]


def passes_on(gate: Gate, position: int) -> bool:
    """Whether the gate passes on to an input just what arrives, as sums do: then there is nothing to compute."""
    return passed(_rules(gate)[1][position]) == "upstream"


def _loop(inputs: list[Place], output: Place, expression: str) -> str:
    """The loop over a run of gates: one number for each."""
    _, array, place = output
    lines = ["for i in range(count):"]
    lines += [f"    {name} = {taken}[{where}]" for name, taken, where in inputs]
    lines += [f"    {array}[{place}] = {expression}"]
    return "".join(f"        {line}\n" for line in lines)


def _loop_over_lanes(inputs: list[Place], output: Place, expression: str) -> str:
    """The same with `lanes` numbers for each, next to each other."""
    result, array, _ = output
    lines = ["for i in range(count):"]
    lines += [f"    at_{name} = lanes * ({where})" for name, _, where in (*inputs, output)]
    lines += ["    for lane in range(lanes):"]
    lines += [f"        {name} = {taken}[at_{name} + lane]" for name, taken, _ in inputs]
    lines += [f"        {array}[at_{result} + lane] = {expression}"]
    return "".join(f"        {line}\n" for line in lines)


def add_up(  # type: ignore[no-untyped-def]
    values, adjoints, pool, lanes, which, operands, upstreams, count, start, target
):
    """The kernel of sums: of what arrives at each of `count` nodes. From `operands` on stands where the terms of each
    begin.
    """
    for i in range(count):
        begin, end = pool[operands + i], pool[operands + i + 1]
        for lane in range(lanes):
            total = 0.0
            for k in range(begin, end):
                total += adjoints[pool[k] * lanes + lane]
            adjoints[(target + i) * lanes + lane] = total


@cache
def address(gate: Gate | None, *, several: bool) -> int:
    """Where the machine code of a gate's kernel is, in this process; of `add_up` for None."""
    function = add_up if gate is None else getattr(_module(gate.name, write(gate)), "several" if several else "single")
    kernel = compiled(function, SIGNATURE)
    _alive.append(kernel)
    return int(kernel.address)


_alive: list[Any] = []  # what must live as long as this process


def _module(name: str, text: str) -> ModuleType:
    """The text of a gate's kernels as a module, from its file."""
    called = (Path(str(module.__file__)).read_bytes() for module in (machine, floats))
    path = _folder() / f"{name}_{sha256(b''.join((text.encode(), *called))).hexdigest()[:16]}.py"
    if not path.exists():
        atomic_write(path, text.encode())  # as another process may be reading it
    spec: Any = spec_from_file_location(f"gatewise_{path.stem}", path)
    module = sys.modules[spec.name] = module_from_spec(spec)  # where numba looks for it as it loads the machine code
    spec.loader.exec_module(module)
    return module


@cache
def _folder() -> Path:
    """Where kernels are kept: $NUMBA_CACHE_DIR or the user's cache; where that cannot be written to, a folder that goes
    with this process.
    """
    from platformdirs import user_cache_path

    kept = Path(os.environ.get("NUMBA_CACHE_DIR") or user_cache_path("gatewise")) / "kernels"
    try:
        kept.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=kept):
            return kept
    except OSError:
        room = tempfile.TemporaryDirectory(prefix="gatewise-")
        _alive.append(room)
        return Path(room.name)


@intrinsic
def _call(typing: Any, place: Any, arguments: Any) -> Any:
    """Call the kernel at a place in memory with a tuple: a program finds its kernels in a table of such places."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kinds = [context.get_value_type(kind) for kind in SIGNATURE.args]
        function = builder.inttoptr(given[0], ir.FunctionType(ir.VoidType(), kinds).as_pointer())
        values = unpack_tuple(builder, given[1], len(kinds))  # type: ignore[no-untyped-call]
        pointers = [builder.inttoptr(value, kind) for value, kind in zip(values[:3], kinds[:3], strict=True)]
        builder.call(function, [*pointers, *values[3:]])
        return context.get_dummy_value()

    return types.void(place, arguments), generate


@compiled
def run(
    steps: np.ndarray, addresses: np.ndarray, values: np.ndarray, adjoints: np.ndarray, pool: np.ndarray, lanes: int
) -> None:
    """Take the steps, one after the other."""
    numbers, passed, places = values.ctypes.data, adjoints.ctypes.data, pool.ctypes.data
    for i in range(len(steps)):
        step = steps[i]
        given = numbers, passed, places, lanes, step[1], step[2], step[3], step[4], step[5], step[6]
        _call(addresses[step[0]], given)  # type: ignore[call-arg]
