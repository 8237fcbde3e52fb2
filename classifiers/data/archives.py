"""Archives: extracts the expected files from a .tar.gz, none outside their folder and none too large."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from classifiers.data.folders import FetchError, atomic_folder

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
            with _Bounded(archive, sum(files.values()) + EXTRA_BYTES) as content:
                with tarfile.open(fileobj=content, mode="r|") as tar:
                    _extract(tar, temporary, files)
                while content.read(2**20):  # up to the end, where the checksum is
                    pass
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, RecursionError) as error:
            raise _incomplete(archive, error) from error
        if missing := files.keys() - {path.name for path in temporary.iterdir()}:
            raise _incomplete(archive, f"it does not contain {', '.join(sorted(missing))}")


def _incomplete(archive: Path, why: object) -> FetchError:
    """The error for an archive that cannot be used."""
    return FetchError(
        f"expected a complete archive of CIFAR-10, got {archive}: {why}; remove it and fetch the data again"
    )


def _extract(tar: tarfile.TarFile, folder: Path, files: Mapping[str, int]) -> None:
    """Extract regular files whose names are expected."""
    for member in tar:
        path = PurePosixPath(member.name)
        if not member.isreg() or path.is_absolute() or ".." in path.parts or path.name not in files:
            continue
        if member.size > files[path.name]:
            raise ValueError(f"{member.name} is larger than {files[path.name]:,} bytes")
        content = tar.extractfile(member)
        assert content is not None  # as it is a regular file
        with content, (folder / path.name).open("wb") as out:
            shutil.copyfileobj(content, out)


class _Bounded(gzip.GzipFile):
    """A .gz file that raises an error when more is unpacked than it may contain."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(path)
        self.most, self.left = most, most

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(self.left + 1 if size is None or size < 0 else min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(f"its contents are larger than {self.most:,} bytes")
        return content
