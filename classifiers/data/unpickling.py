"""Unpickling: arrays, strings, numbers, lists and dicts from pickles, without importing or running anything.

A pickle is a program for a small stack machine, and Python's `pickle` runs whatever it asks for. Here, instead:

- All opcodes are checked before any is executed. Only those that such data needs are accepted, and none that would use
  memory (a distant place of the memo) or time out of proportion to the size of the file. Only the keys of a dict could
  take long, as they are hashed: the hash of a pair of one tuple, nested thirty times, takes 2³⁰ steps, and integers can
  be chosen that all have one hash. Thus keys must be strings, which are hashed once, with a secret of the process.
- The few names that an array needs are replaced by placeholders, new for each file, which record the arguments of their
  calls. Any other name is an error.
- Arrays are built last, from these records, if dtype, shape and number of bytes fit together.
"""

from __future__ import annotations

import io
import math
import pickle
from collections.abc import Iterable
from dataclasses import dataclass
from pickletools import genops, markobject
from typing import Any, Literal

import numpy as np

Plain = str | int | float | None
Entry = np.ndarray | list[Plain] | Plain

NAMES = {  # in pickles of arrays, by NumPy 1 (core) and 2 (_core), and by Python 2 and 3
    *((f"numpy.{core}.multiarray", "_reconstruct") for core in ("core", "_core")),
    *((f"numpy.{core}.numeric", "_frombuffer") for core in ("core", "_core")),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}
DTYPES = {"i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}

STRINGS = {
    "BINSTRING", "SHORT_BINSTRING", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8",
    "BINBYTES", "SHORT_BINBYTES", "BINBYTES8",
}  # fmt: skip
PUTS = {"BINPUT", "LONG_BINPUT", "MEMOIZE"}
GETS = {"BINGET", "LONG_BINGET"}
OPCODES = {  # of protocols 2 to 5
    *STRINGS, *PUTS, *GETS, "PROTO", "FRAME", "STOP", "MARK", "GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD",
    "NONE", "NEWTRUE", "NEWFALSE", "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "BINFLOAT", "BYTEARRAY8",
    "EMPTY_LIST", "APPEND", "APPENDS", "EMPTY_DICT", "SETITEM", "SETITEMS",
    "EMPTY_TUPLE", "TUPLE", "TUPLE1", "TUPLE2", "TUPLE3",
}  # fmt: skip
KEYS = {*STRINGS, "REDUCE"}  # that may produce a key: Python 3 writes bytes as a call in protocol 2, here a _Call
MAX_TEXT = 1000  # characters; the bytes of an array may be a text, which a list may contain many times
MAX_AXES = 32  # of an array
DATA = "data of arrays, strings, numbers, lists and dicts"


def load(content: bytes, wanted: Iterable[str], *, max_opcodes: int) -> dict[str, Entry]:
    """Read entries of a pickled dict.

    Parameters
    ----------
    content : bytes
        A pickle of protocol 2 to 5, written by Python 2 or 3. Strings of Python 2 become str.
    wanted : iterable of str
        The keys of the entries to read.
    max_opcodes : int
        The largest number of opcodes to accept, which bounds time and memory.

    Returns
    -------
    dict
        The wanted entries that the pickle has: arrays, strings, numbers, None, or lists of the last three.

    Raises
    ------
    pickle.UnpicklingError
        If the content is anything else; the message says why.

    Examples
    --------
    >>> load(pickle.dumps({"labels": [3, 8], "name": "batch 1"}), ["labels"], max_opcodes=100)
    {'labels': [3, 8]}
    """
    try:
        _check_opcodes(content, max_opcodes)
        found = _Recorder(io.BytesIO(content), encoding="bytes").load()
        if type(found) is not dict:
            raise _unexpected(type(found).__name__, "a dict")
        entries = {_text(key): value for key, value in found.items()}
        return {name: _value(entries[name]) for name in wanted if name in entries}
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # for a file that is not a pickle, Python may raise anything
        raise pickle.UnpicklingError(f"it is truncated or corrupt ({type(error).__name__}: {error})") from error


def _unexpected(got: str, expected: str) -> pickle.UnpicklingError:
    """The error for a value of another type."""
    return pickle.UnpicklingError(f"it has {got} instead of {expected}")


def _check_opcodes(content: bytes, most: int) -> None:
    """Raise an error unless all opcodes of a pickle are harmless."""
    stack: list[str] = []  # for each value on the stack, the opcode that produced it
    marks: list[int] = []  # the height of the stack at each mark
    memo: dict[int, str] = {}  # for each value in the memo, the opcode that produced it
    argument: Any  # an int in GETS and PUTS
    for number, (opcode, argument, position) in enumerate(genops(content)):
        name, takes = opcode.name, opcode.stack_before
        if name not in OPCODES:
            raise pickle.UnpicklingError(f"it has the opcode {name} at byte {position}, which {DATA} does not need")
        place = 0
        if name in PUTS:
            place = len(memo) if name == "MEMOIZE" else argument
            memo[place] = stack[-1]
        elif name == "MARK":
            marks.append(len(stack))
        else:
            if markobject in takes:
                start = marks.pop()
                keys, bottom = stack[start::2], start - takes.index(markobject)
            else:
                keys, bottom = stack[-2:-1], len(stack) - len(takes)
            if name in {"SETITEM", "SETITEMS"} and not KEYS.issuperset(keys):
                raise pickle.UnpicklingError(f"it has a dict at byte {position} whose keys are not strings")
            del stack[bottom:]
            if opcode.stack_after:
                stack.append(memo.get(argument, "") if name in GETS else name)
        if number >= most or place > number:
            raise pickle.UnpicklingError(
                f"it has more parts than {DATA} needs, from the opcode {name} at byte {position} on"
            )


class _Name:
    """A placeholder for a function or class that a file names. It records calls, and has no attributes to set."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: object) -> _Call:
        return _Call(self.name, arguments)

    def __setstate__(self, state: object) -> None:
        raise _no_state(self.name)


def _no_state(name: str) -> pickle.UnpicklingError:
    """The error for a state that cannot be set."""
    return pickle.UnpicklingError(f"it sets a state on {name}, which has none")


@dataclass(eq=False, slots=True)
class _Call:
    """A call of a name: its arguments, and the state that was set on its result."""

    name: str
    arguments: tuple[object, ...]
    state: object = None

    def __setstate__(self, state: object) -> None:
        if self.state is not None:
            raise _no_state(self.name)
        self.state = state


class _Recorder(pickle.Unpickler):
    """Python's unpickler, which imports nothing."""

    def find_class(self, module: str, name: str) -> _Name:
        if (module, name) not in NAMES:
            raise pickle.UnpicklingError(f"it refers to {module}.{name}, which {DATA} does not need")
        return _Name(name)


def _value(value: object) -> Entry:
    """An array, a list of plain values or a plain value."""
    if isinstance(value, _Call) and value.name != "encode":
        return _array(value)
    if type(value) is not list:
        return _plain(value)
    # A list may contain one text many times: it is converted once, as the copies may be far larger than the file.
    plain = {id(item): _plain(item) for item in value}
    return [plain[id(item)] for item in value]


def _plain(value: object) -> Plain:
    """A number, a string or None."""
    if value is None or isinstance(value, float) or (isinstance(value, int) and value.bit_length() <= 64):
        return value
    return _text(value)


def _text(value: object) -> str:
    """A short string."""
    text = value if isinstance(value, str) else _bytes(value)
    if len(text) > MAX_TEXT:
        raise _unexpected(f"{len(text):,} characters", "a name")
    return text if isinstance(text, str) else text.decode(errors="replace")


def _bytes(value: object) -> bytes | bytearray:
    """Bytes, also as Python 3 writes them in protocol 2."""
    match value:
        case bytes() | bytearray():
            return value
        case _Call("encode", (str(text), "latin1"), None):
            return text.encode("latin1")
    got = value.name if isinstance(value, _Call) else type(value).__name__
    raise _unexpected(got, "a string")


def _array(call: _Call) -> np.ndarray:
    """An array from the call that would have built it."""
    order: Literal["C", "F"]
    match call:
        case _Call("_reconstruct", _, (_, tuple(shape), dtype, bool(by_columns), content)):
            order = "F" if by_columns else "C"
        case _Call("_frombuffer", (content, dtype, tuple(shape), "C" | "F" as order), None):
            pass
        case _:
            raise _unexpected(call.name, "an array")
    kind, raw = _dtype(dtype), _bytes(content)
    plain = len(shape) <= MAX_AXES and all(type(size) is int and 0 <= size <= len(raw) for size in shape)
    if not plain or math.prod(shape) * kind.itemsize != len(raw):
        raise pickle.UnpicklingError(f"it has an array of {kind} whose {len(raw):,} bytes do not fit its shape")
    return np.frombuffer(raw, kind).reshape(shape, order=order)


def _dtype(call: object) -> np.dtype:
    """The dtype of an array, one of plain numbers."""
    match call:
        case _Call("dtype", (code, _, _), (3, order, None, None, None, _, _, _)):
            code, order = _text(code), _text(order)
            if code in DTYPES and order in {"|", "<", ">", "="}:
                return np.dtype(order + code)
            got = f"dtype {order + code!r}"
        case _:
            got = "another dtype"
    raise _unexpected(got, "one of plain numbers")
