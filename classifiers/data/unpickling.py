"""Pickles of arrays, strings, numbers, lists and dicts, read so that nothing that a file names is imported or run.

A pickle is a program for a small stack machine, and that of Python runs whatever the program asks for. Here:

- The opcodes are looked through before any is run: only those that such data needs, and none that would have the
  machine take memory (a far place of its memo) or time out of proportion to the file. Only a dict's keys could take
  time, as they are hashed: a tuple of the same tuple twice, thirty times over, is hashed 2³⁰ times, and integers may
  be chosen that all have one hash. So keys are strings, which are hashed once, each time with another secret.
- For the few names that an array needs the machine gets stand-ins, new for each file, that record what they were called
  with. For any other name it gets an error.
- Arrays are built last, from what was recorded, once dtype, shape and number of bytes are found to fit.
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

from classifiers import errors

NAMES = {  # what arrays are pickled with, by NumPy 1 (core) and 2 (_core), by Python 2 and 3
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
KEYS = {*STRINGS, "REDUCE"}  # what may leave a key: in protocol 2, Python 3 has bytes as a call, here a _Call
MOST_TEXT = 1000  # letters; as an array's content may be text, and lie in a list many times


def load(content: bytes, wanted: Iterable[str], *, most_opcodes: int) -> dict[str, Any]:
    """The wanted entries of a pickled dict, as far as it has them: arrays, strings, numbers, or lists of the last two.

    content       a pickle of protocol 2 to 5, of Python 2 or 3; what Python 2 called a string comes as a str
    most_opcodes  refuse a pickle with more than so many, which bounds time and memory
    Raises pickle.UnpicklingError, which says why, where the content is anything else.
    """
    try:
        _check_opcodes(content, most_opcodes)
        found = _Recorder(io.BytesIO(content), encoding="bytes").load()
        if type(found) is not dict:
            raise pickle.UnpicklingError(errors.PICKLE_TYPE.format(got=type(found).__name__, expected="a dict"))
        entries = {_text(key): value for key, value in found.items()}
        return {name: _value(entries[name]) for name in wanted if name in entries}
    except pickle.UnpicklingError:
        raise
    except Exception as error:  # of a file that is no pickle, Python's machine may raise anything
        raise pickle.UnpicklingError(errors.PICKLE_BROKEN.format(why=f"{type(error).__name__}: {error}")) from error


def _check_opcodes(content: bytes, most: int) -> None:
    stack: list[str] = []  # of the machine: for each thing on it the opcode that left it there
    marks: list[int] = []  # how high the stack was at each mark
    memo: dict[int, str] = {}  # the same for each place of the machine's memo
    argument: Any  # of the kind that its opcode has
    for number, (opcode, argument, position) in enumerate(genops(content)):
        name, takes = opcode.name, opcode.stack_before
        if name not in OPCODES:
            raise pickle.UnpicklingError(errors.PICKLE_OPCODE.format(opcode=name, position=position))
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
                raise pickle.UnpicklingError(errors.PICKLE_KEY.format(position=position))
            del stack[bottom:]
            if opcode.stack_after:
                stack.append(memo.get(argument, "") if name in GETS else name)
        if number >= most or place > number:
            raise pickle.UnpicklingError(errors.PICKLE_MUCH.format(opcode=name, position=position))


class _Name:
    """Stands for a function or class that a file names: called, it only records. It has no attribute to write to."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any) -> _Call:
        return _Call(self.name, arguments)

    def __setstate__(self, state: Any) -> None:
        raise pickle.UnpicklingError(errors.PICKLE_STATE.format(name=self.name))


@dataclass(eq=False, slots=True)
class _Call:
    """What a name was called with, and the state that its result was given."""

    name: str
    arguments: tuple
    state: Any = None

    def __setstate__(self, state: Any) -> None:
        if self.state is not None:
            raise pickle.UnpicklingError(errors.PICKLE_STATE.format(name=self.name))
        self.state = state


class _Recorder(pickle.Unpickler):
    """Python's machine, without what it could import."""

    def find_class(self, module: str, name: str) -> _Name:
        if (module, name) not in NAMES:
            raise pickle.UnpicklingError(errors.PICKLE_NAME.format(name=f"{module}.{name}"))
        return _Name(name)


def _value(value: Any) -> Any:
    if isinstance(value, _Call) and value.name != "encode":
        return _array(value)
    return [_plain(item) for item in value] if type(value) is list else _plain(value)


def _plain(value: Any) -> str | int | float | None:
    small = isinstance(value, int) and value.bit_length() <= 64
    return value if value is None or small or isinstance(value, float) else _text(value)


def _text(value: Any) -> str:
    text = value if isinstance(value, str) else _bytes(value)
    if len(text) > MOST_TEXT:
        raise pickle.UnpicklingError(errors.PICKLE_TYPE.format(got=f"{len(text):,} letters", expected="a name"))
    return text if isinstance(text, str) else text.decode(errors="replace")


def _bytes(value: Any) -> bytes | bytearray:
    match value:
        case bytes() | bytearray():
            return value
        case _Call("encode", (str(text), "latin1"), None):  # how Python 3 writes bytes in protocol 2
            return text.encode("latin1")
    got = value.name if isinstance(value, _Call) else type(value).__name__
    raise pickle.UnpicklingError(errors.PICKLE_TYPE.format(got=got, expected="a string"))


def _array(call: _Call) -> np.ndarray:
    order: Literal["C", "F"]
    match call:
        case _Call("_reconstruct", _, (_, tuple(shape), dtype, bool(by_columns), content)):
            order = "F" if by_columns else "C"
        case _Call("_frombuffer", (content, dtype, tuple(shape), "C" | "F" as order), None):
            pass
        case _:
            raise pickle.UnpicklingError(errors.PICKLE_TYPE.format(got=call.name, expected="an array"))
    kind, raw = _dtype(dtype), _bytes(content)
    if not all(type(size) is int and size >= 0 for size in shape) or math.prod(shape) * kind.itemsize != len(raw):
        raise pickle.UnpicklingError(errors.PICKLE_SHAPE.format(dtype=kind, size=len(raw)))
    return np.frombuffer(raw, kind).reshape(shape, order=order)


def _dtype(call: Any) -> np.dtype:
    match call:
        case _Call("dtype", (code, _, _), (3, order, None, None, None, _, _, _)):
            code, order = _text(code), _text(order)
            if code in DTYPES and order in {"|", "<", ">", "="}:
                return np.dtype(order + code)
            got = f"dtype {order + code!r}"
        case _:
            got = "another dtype"
    raise pickle.UnpicklingError(errors.PICKLE_TYPE.format(got=got, expected="one of plain numbers"))
