"""Archives (.tar.gz) unpacked: the wanted files and nothing else, none outside their folder, none too large."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from classifiers import errors
from classifiers.data.folders import FetchError, whole_folder

BESIDE = 2**22  # bytes that an archive may hold beside the files that are wanted


def unpack(archive: Path, folder: Path, files: Mapping[str, int]) -> None:
    """Take files out of an archive; `folder` appears once all are in it.

    files  the name of each, wherever it lies in the archive, and how many bytes it may hold
    Members with absolute names, with `..`, links and devices are left where they are. Raises FetchError where the
    archive is cut short or broken, lacks a file, or holds more than it may.
    """
    with whole_folder(folder) as whole:
        try:
            with _Bounded(archive, sum(files.values()) + BESIDE) as content:
                with tarfile.open(fileobj=content, mode="r|") as tar:
                    _take(tar, whole, files)
                while content.read(2**20):  # to the end, where the checksum stands
                    pass
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, RecursionError) as error:
            raise FetchError(errors.ARCHIVE.format(path=archive, why=error)) from error
        if missing := files.keys() - {path.name for path in whole.iterdir()}:
            why = errors.ARCHIVE_LACKS.format(missing=", ".join(sorted(missing)))
            raise FetchError(errors.ARCHIVE.format(path=archive, why=why))


def _take(tar: tarfile.TarFile, whole: Path, files: Mapping[str, int]) -> None:
    for member in tar:
        path = PurePosixPath(member.name)
        if not member.isreg() or path.is_absolute() or ".." in path.parts or path.name not in files:
            continue
        if member.size > files[path.name]:
            raise ValueError(errors.ARCHIVE_SIZE.format(what=member.name, most=files[path.name]))
        content = tar.extractfile(member)
        assert content is not None  # as it is a regular file
        with content, (whole / path.name).open("wb") as out:
            shutil.copyfileobj(content, out)


class _Bounded(gzip.GzipFile):
    """A .gz file that ends with an error where more is unpacked than it may hold."""

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(path)
        self.most, self.left = most, most

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(self.left + 1 if size is None or size < 0 else min(size, self.left + 1))
        self.left -= len(content)
        if self.left < 0:
            raise ValueError(errors.ARCHIVE_SIZE.format(what="what is in it", most=self.most))
        return content
