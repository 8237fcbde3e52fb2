"""Files of arrays and plain data, in the safetensors format: written whole or not at all, and checked when read.

The format is open and runs no code: https://github.com/huggingface/safetensors. It has no checksum, so one of all that
the file holds stands among its notes: a file that was cut short or changed is refused.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd.extend import atomic_write, describe
from nn import errors

VERSION = 1  # of what the notes say; a file of a later one is refused
NOTES, DIGEST = "gatewise", "digest"  # the keys of the notes
BESIDE = "beside/"  # how arrays inside the notes are called, with a number; '/' stands in no parameter's name


class FileError(ValueError):
    """A file that is damaged, or is not what was expected."""


class Content(NamedTuple):
    """What a file holds; `notes` is None where something else than gatewise wrote it."""

    arrays: dict[str, np.ndarray]
    notes: Any


def write(path: str | os.PathLike[str], arrays: dict[str, np.ndarray], notes: dict[str, Any]) -> Path:
    """Write arrays by name, and notes: dicts and lists of texts, numbers and arrays. Returns the path.

    Raises OSError where it cannot be written; what was there under that name is then as it was.
    """
    from safetensors.numpy import save

    every = {name: _plain(array, f"as {name!r}") for name, array in arrays.items()}
    text = json.dumps({"version": VERSION, "notes": _take_out(notes, "in them", every)})
    return atomic_write(path, _in_order(save(every, {NOTES: text, DIGEST: _digest(every, text)})))


def read(path: str | os.PathLike[str]) -> Content:
    """What `write` wrote; or the arrays of any other safetensors file. Raises OSError and FileError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = Path(path).read_bytes()
    try:
        arrays = load(content)
        header, _ = _parted(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise FileError(errors.NO_SAFETENSORS.format(path=path, size=len(content), why=error)) from error
    found = header.get("__metadata__", {})
    if NOTES not in found and DIGEST not in found:
        return Content(arrays, None)
    if NOTES not in found or found.get(DIGEST) != _digest(arrays, found[NOTES]):
        raise FileError(errors.DAMAGED.format(path=path))
    try:
        told = json.loads(found[NOTES])
        if told["version"] > VERSION:
            raise FileError(errors.NEWER.format(path=path, got=told["version"], known=VERSION))
        notes = _put_back(dict(told["notes"]), arrays)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(errors.MALFORMED.format(path=path, why=f"{type(error).__name__}: {error}")) from error
    return Content({name: array for name, array in arrays.items() if not name.startswith(BESIDE)}, notes)


def _plain(array: np.ndarray, where: str) -> np.ndarray:
    """In C's order and the machine's byte order: safetensors writes the memory as it lies."""
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise ValueError(errors.NOTES.format(got=f"an array of {array.dtype}", where=where))
    return np.array(array, dtype=array.dtype.newbyteorder("="), order="C")


def _parted(content: bytes) -> tuple[dict[str, Any], bytes]:
    """The header of a safetensors file, which comes after eight bytes that tell its length, and what follows it."""
    end = 8 + int.from_bytes(content[:8], "little")
    return json.loads(content[8:end]), content[end:]


def _in_order(content: bytes) -> bytes:
    """The same file with the notes in one order (the library has them in any): the same model gives the same bytes."""
    header, rest = _parted(content)
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text = text.ljust(-(-len(text) // 8) * 8)  # spaces, so that the arrays begin at a multiple of eight bytes
    return len(text).to_bytes(8, "little") + text + rest


def _digest(arrays: dict[str, np.ndarray], text: str) -> str:
    digest = blake2b(text.encode(), digest_size=16)
    for name, array in sorted(arrays.items()):
        digest.update(f"\n{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _take_out(notes: Any, where: str, arrays: dict[str, np.ndarray]) -> Any:
    """The notes without their arrays, which go among `arrays`; each leaves its name where it was."""
    if isinstance(notes, dict) and all(isinstance(key, str) for key in notes):
        if BESIDE in notes:
            raise ValueError(errors.RESERVED.format(name=BESIDE))
        return {key: _take_out(value, f"under {key!r}", arrays) for key, value in notes.items()}
    if isinstance(notes, (list, tuple)):
        return [_take_out(value, where, arrays) for value in notes]
    if isinstance(notes, np.ndarray):
        name = f"{BESIDE}{len(arrays)}"
        arrays[name] = _plain(notes, where)
        return {BESIDE: name}
    if notes is None or isinstance(notes, (bool, int, float, str)):
        return notes
    if isinstance(notes, np.generic) and notes.dtype.kind in "biuf":
        return notes.item()
    raise ValueError(errors.NOTES.format(got=describe(notes), where=where))


def _put_back(notes: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(notes, dict):
        if BESIDE in notes:
            return arrays[notes[BESIDE]].copy()
        return {key: _put_back(value, arrays) for key, value in notes.items()}
    return [_put_back(value, arrays) for value in notes] if isinstance(notes, list) else notes
