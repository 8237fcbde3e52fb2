"""Files of arrays and metadata in the safetensors format, written atomically and checked when read.

The format is open and runs no code: https://github.com/huggingface/safetensors. It has no checksum, so the metadata
contains one of the whole content: a truncated or altered file is rejected.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd.extend import NotRegularFileError, atomic_write, describe, read_regular
from nn import errors

VERSION = 1  # of the layout of the metadata; a file with a later version is refused
METADATA_KEY, DIGEST_KEY = "gatewise", "digest"  # the keys in the header of a safetensors file
ARRAY_KEY = "beside/"  # marks an array of the metadata, which is stored under this prefix; no parameter has a "/"


class FileError(ValueError):
    """A file is damaged, or does not contain what was expected."""


class Content(NamedTuple):
    """The content of a file.

    Attributes
    ----------
    arrays : dict of str to numpy.ndarray
        The arrays by name.
    metadata : dict or None
        The metadata; None if another program wrote the file.
    """

    arrays: dict[str, np.ndarray]
    metadata: dict[str, Any] | None


def write(
    path: str | os.PathLike[str], arrays: Mapping[str, np.ndarray], metadata: Mapping[str, object] | None = None
) -> Path:
    """Write arrays and metadata to a safetensors file, atomically.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write.
    arrays : mapping of str to numpy.ndarray
        The arrays by name, such as `model.state_dict()`: booleans, integers and floats of at most 64 bits.
    metadata : dict, optional
        Nested dicts and lists of strings, numbers and arrays.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    ValueError
        If an array or the metadata contains something else.
    OSError
        If the file cannot be written. An existing file is left unchanged.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = write(Path(folder) / "arrays.safetensors", {"x": np.zeros(2)}, {"epoch": 3})
    ...     read(path)
    Content(arrays={'x': array([0., 0.])}, metadata={'epoch': 3})
    """
    from safetensors.numpy import save

    stored = {name: _checked_array(array, f"as {name!r}") for name, array in arrays.items()}
    plain = _extract_arrays(dict(metadata or {}), "in the metadata", stored)
    text = json.dumps({"version": VERSION, "notes": plain})
    return atomic_write(path, _sort_header(save(stored, {METADATA_KEY: text, DIGEST_KEY: _digest(stored, text)})))


def read(path: str | os.PathLike[str]) -> Content:
    """Read a file that `write` or `nn.save` wrote, or any other safetensors file.

    Parameters
    ----------
    path : str or os.PathLike
        The file to read.

    Returns
    -------
    Content
        Its arrays and metadata.

    Raises
    ------
    OSError
        If the file cannot be read.
    FileError
        If it is not a safetensors file, is damaged, or was written by a newer version.
    """
    try:
        content = read_regular(path)
    except NotRegularFileError as error:
        raise FileError(error.strerror) from error
    return parse(content, path)


def parse(content: bytes, path: str | os.PathLike[str]) -> Content:
    """Check the bytes of a file, and return what they contain.

    Parameters
    ----------
    content : bytes
        The bytes, which may be anything. They take time and memory in proportion to their number.
    path : str or os.PathLike
        The file, for error messages.

    Returns
    -------
    Content
        The arrays and metadata.

    Raises
    ------
    FileError
        As `read`.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
        found = _parse_header(content).get("__metadata__") or {}
    except (SafetensorError, MemoryError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise FileError(
            f"{path} ({len(content):,} bytes) is not a safetensors file that NumPy can read, or was cut short or "
            f"damaged ({error}); use a copy of it, or save it again"
        ) from error
    if METADATA_KEY not in found and DIGEST_KEY not in found:
        return Content(arrays, None)
    if METADATA_KEY not in found or found.get(DIGEST_KEY) != _digest(arrays, found[METADATA_KEY]):
        raise FileError(f"{path} is damaged: its checksum does not match its content; use a copy, or save it again")
    try:
        decoded = json.loads(found[METADATA_KEY])
        if decoded["version"] > VERSION:
            raise FileError(
                f"{path} was written by a newer version of gatewise (expected format {VERSION} or lower, got "
                f"{decoded['version']}); update gatewise"
            )
        beside = {name: arrays.pop(name) for name in list(arrays) if name.startswith(ARRAY_KEY)}
        metadata = _insert_arrays(dict(decoded["notes"]), beside)
    except (MemoryError, RecursionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError(
            f"{path} has metadata that gatewise did not write ({type(error).__name__}: {error}); save it again"
        ) from error
    return Content(arrays, metadata)


def _checked_array(array: np.ndarray, where: str) -> np.ndarray:
    """A copy in C order and the machine's byte order, since safetensors writes the memory as it is."""
    if array.dtype.kind not in "biuf" or array.dtype.itemsize > 8:
        raise _unsupported(f"an array of {array.dtype}", where)
    return np.array(array, dtype=array.dtype.newbyteorder("="), order="C")


def _unsupported(got: str, where: str) -> ValueError:
    """The error for something that a file cannot contain."""
    return ValueError(
        "expected arrays of numbers of at most 64 bits, and metadata of strings, numbers, arrays, lists and dicts with "
        f"strings as keys, got {got} {where}; convert it to one of these"
    )


def _header_end(content: bytes) -> int:
    """Where the header of a safetensors file ends, whose length is in the first eight bytes."""
    return 8 + int.from_bytes(content[:8], "little")


def _parse_header(content: bytes) -> dict[str, Any]:
    """The header of a safetensors file."""
    return json.loads(content[8 : _header_end(content)])


def _sort_header(content: bytes) -> bytes:
    """The same file with sorted metadata, which the library writes in any order: equal models give equal bytes."""
    header, rest = _parse_header(content), content[_header_end(content) :]
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, separators=(",", ":")).encode()
    text = text.ljust(-(-len(text) // 8) * 8)  # padded with spaces, so that the arrays begin at a multiple of 8 bytes
    return len(text).to_bytes(8, "little") + text + rest


def _digest(arrays: dict[str, np.ndarray], text: str) -> str:
    """A checksum of the arrays and the metadata."""
    digest = blake2b(text.encode(), digest_size=16)
    for name, array in sorted(arrays.items()):
        digest.update(f"\n{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _extract_arrays(metadata: object, where: str, arrays: dict[str, np.ndarray]) -> object:
    """The metadata with each array moved to `arrays` and replaced by a reference to it."""
    if isinstance(metadata, dict) and all(isinstance(key, str) for key in metadata):
        if ARRAY_KEY in metadata:
            raise ValueError(errors.RESERVED.format(name=ARRAY_KEY))
        return {key: _extract_arrays(value, f"under {key!r}", arrays) for key, value in metadata.items()}
    if isinstance(metadata, (list, tuple)):
        return [_extract_arrays(value, where, arrays) for value in metadata]
    if isinstance(metadata, np.ndarray):
        name = f"{ARRAY_KEY}{len(arrays)}"
        arrays[name] = _checked_array(metadata, where)
        return {ARRAY_KEY: name}
    if metadata is None or isinstance(metadata, (bool, int, float, str)):
        return metadata
    if isinstance(metadata, np.generic) and metadata.dtype.kind in "biuf":
        return metadata.item()
    raise _unsupported(describe(metadata), where)


def _insert_arrays(metadata: object, arrays: dict[str, np.ndarray]) -> Any:
    """The metadata with each reference replaced by its array."""
    if isinstance(metadata, dict):
        if ARRAY_KEY in metadata:
            return arrays.pop(metadata[ARRAY_KEY]).copy()  # once: a name is shorter than its array
        return {key: _insert_arrays(value, arrays) for key, value in metadata.items()}
    return [_insert_arrays(value, arrays) for value in metadata] if isinstance(metadata, list) else metadata
