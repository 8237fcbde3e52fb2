"""Archives: extracts the expected files from a .tar.gz, none outside their folder and none too large."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from autograd.extend import NotRegularFileError, open_regular
from classifiers.data.folders import FetchError, atomic_folder

BLOCK, CHUNK = 512, 2**20  # bytes: of a tar, and of what is in memory at once
REGULAR = {tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE}
EXTRA_BYTES = 2**22  # that an archive may contain in addition to the expected files


def unpack(archive: Path, folder: Path, files: Mapping[str, int]) -> None:
    """Extract files from an archive; the folder appears when all are there.

    Parameters
    ----------
    archive : pathlib.Path
        The archive, a .tar.gz. Members with absolute names or with ``..``, links and devices are ignored.
    folder : pathlib.Path
        The folder to create.
    files : mapping from str to int
        The names of the files, wherever they are in the archive, and how many bytes each may have.

    Raises
    ------
    FetchError
        If the archive is truncated or corrupt, lacks a file, or contains more than it may.
    """
    with atomic_folder(folder) as temporary:
        try:
            with open_regular(archive) as file, _Bounded(file, sum(files.values()) + EXTRA_BYTES) as content:
                _extract(content, temporary, files)
                while content.read(CHUNK):  # up to the end, where the checksum is
                    pass
        except (NotRegularFileError, tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
            raise _incomplete(archive, error) from error
        if missing := files.keys() - {path.name for path in temporary.iterdir()}:
            raise _incomplete(archive, f"it does not contain {', '.join(sorted(missing))}")


def _incomplete(archive: Path, why: object) -> FetchError:
    """The error for an archive that cannot be used."""
    return FetchError(
        f"expected a complete archive of CIFAR-10, got {archive}: {why}; remove it and fetch the data again"
    )


def _extract(content: gzip.GzipFile, folder: Path, files: Mapping[str, int]) -> None:
    """Extract regular files whose names are expected.

    The blocks of the tar are read one by one, since the headers that tarfile interprets (long names, tables of numbers
    in pax headers) may make it read, compute or recurse without end. The expected files need none of them.
    """
    while (block := content.read(BLOCK)).strip(b"\0"):  # a block of zeros, or nothing, ends the archive
        member = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if member.size < 0:
            raise ValueError(f"{member.name} has a size below 0")
        path = PurePosixPath(member.name)
        expected = path.name in files and not path.is_absolute() and ".." not in path.parts
        if member.type not in REGULAR or not expected:
            for _ in _chunks(content, member.size):
                pass
            continue
        if member.size > files[path.name]:
            raise ValueError(f"{member.name} is larger than {files[path.name]:,} bytes")
        with (folder / path.name).open("wb") as out:
            for chunk in _chunks(content, member.size):
                out.write(chunk)


def _chunks(content: gzip.GzipFile, size: int) -> Iterator[bytes]:
    """The bytes of a member, without those that fill its last block."""
    left = -(-size // BLOCK) * BLOCK
    padding = left - size
    while left:
        chunk = content.read(min(left, CHUNK))
        if not chunk:
            raise EOFError(f"it ends {left:,} bytes too early")
        left -= len(chunk)
        yield chunk[: len(chunk) - padding + left] if left < padding else chunk


class _Bounded(gzip.GzipFile):
    """A .gz file that raises an error when more is unpacked than it may contain."""

    def __init__(self, file: BinaryIO, most: int) -> None:
        super().__init__(fileobj=file)
        self.most, self.left = most, most

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(self.left + 1 if size is None or size < 0 else min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(f"its contents are larger than {self.most:,} bytes")
        return content
