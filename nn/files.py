"""Files of arrays and plain data, in the safetensors format: written whole or not at all, and checked when read.

The format is open and runs no code: https://github.com/huggingface/safetensors. It has no checksum, so one of all that
the file holds stands among its notes: a file that was cut short or changed is refused.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from nn import errors

VERSION = 1  # of what the notes say; a file of a later one is refused
NOTES, DIGEST = "gatewise", "digest"  # the keys of the notes
BESIDE = "beside/"  # how arrays inside the notes are called: '/' stands in no parameter's name


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

    every = {name: _plain(array) for name, array in arrays.items()}
    text = json.dumps({"version": VERSION, "notes": _take_out(notes, BESIDE, every)})
    return write_whole(path, save(every, {NOTES: text, DIGEST: _digest(every, text)}))


def read(path: str | os.PathLike[str]) -> Content:
    """What `write` wrote; or the arrays of any other safetensors file. Raises OSError and FileError."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = Path(path).read_bytes()
    try:
        arrays = load(content)
        header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise FileError(errors.NO_SAFETENSORS.format(path=path, size=len(content), why=error)) from error
    found = header.get("__metadata__", {})
    if NOTES not in found and DIGEST not in found:
        return Content(arrays, None)
    if NOTES not in found or found.get(DIGEST) != _digest(arrays, found[NOTES]):
        raise FileError(errors.DAMAGED.format(path=path))
    told = json.loads(found[NOTES])
    if told["version"] > VERSION:
        raise FileError(errors.NEWER.format(path=path, came=told["version"], known=VERSION))
    notes = _put_back(told["notes"], arrays)
    return Content({name: array for name, array in arrays.items() if not name.startswith(BESIDE)}, notes)


def write_whole(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file so that at every moment its name leads to the old content or to the new, whole."""
    path = Path(path)
    target = Path(os.path.realpath(path))  # where a link leads
    unfinished = target.with_name(f".{target.name}.unfinished")  # one name: what a kill leaves, the next write takes
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise OSError(error.errno, errors.NOT_WRITTEN.format(path=path, why=error.strerror)) from error
    return path


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk too, where the system lets a folder be opened (Windows does not)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _plain(array: np.ndarray) -> np.ndarray:
    """In C's order and the machine's byte order: safetensors writes the memory as it lies."""
    return np.array(array, dtype=array.dtype.newbyteorder("="), order="C")


def _digest(arrays: dict[str, np.ndarray], text: str) -> str:
    digest = blake2b(text.encode(), digest_size=16)
    for name, array in sorted(arrays.items()):
        digest.update(f"\n{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _take_out(notes: Any, name: str, arrays: dict[str, np.ndarray]) -> Any:
    """The notes without their arrays, which go among `arrays`; each leaves its name where it was."""
    if isinstance(notes, dict):
        return {key: _take_out(value, f"{name}{key}/", arrays) for key, value in notes.items()}
    if isinstance(notes, (list, tuple)):
        return [_take_out(value, f"{name}{i}/", arrays) for i, value in enumerate(notes)]
    if isinstance(notes, np.ndarray):
        arrays[name] = _plain(notes)
        return {BESIDE: name}
    return notes.item() if isinstance(notes, np.generic) else notes


def _put_back(notes: Any, arrays: dict[str, np.ndarray]) -> Any:
    if isinstance(notes, dict):
        if BESIDE in notes:
            return arrays[notes[BESIDE]].copy()
        return {key: _put_back(value, arrays) for key, value in notes.items()}
    return [_put_back(value, arrays) for value in notes] if isinstance(notes, list) else notes
