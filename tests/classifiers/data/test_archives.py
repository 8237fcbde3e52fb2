"""Archives: the expected files are extracted; nothing is written elsewhere, followed, or unpacked without limit."""

import gzip
import io
import os
import shutil
import tarfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers import FetchError
from classifiers.data import archives

FILES = {"one": 1000, "two": 2000}
CONTENT = {"one": b"first" * 200, "two": bytes(range(250)) * 8}


def archive(*members, wanted=CONTENT, form=tarfile.GNU_FORMAT):
    """The bytes of a .tar.gz: the expected files in a folder, after other members, (TarInfo, content)."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as tar:
        for info, content in (*members, *((member(f"data/{name}", it), it) for name, it in wanted.items())):
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def member(name, content=b"", kind=tarfile.REGTYPE, target=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, target
    return info


@pytest.fixture
def place(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "outside").write_text("mine")
    return tmp_path


def unpack(place, content):
    (place / "archive.tar.gz").write_bytes(content)
    archives.unpack(place / "archive.tar.gz", place / "home" / "data", FILES)


def check_rejected(place, content, match):
    with pytest.raises(
        FetchError, match=rf"complete archive of CIFAR-10, got .*archive.tar.gz: .*{match}.*; remove it"
    ):
        unpack(place, content)
    assert list((place / "home").iterdir()) == []


def check_extracted(place):
    assert {path.name: path.read_bytes() for path in (place / "home" / "data").iterdir()} == CONTENT
    assert not any(path.is_symlink() for path in place.rglob("*"))
    assert sorted(path.name for path in place.iterdir()) == ["archive.tar.gz", "home", "outside"]
    assert (place / "outside").read_text() == "mine"


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_extracts_the_expected_files(place, form):
    unpack(place, archive((member("data/readme.html", b"hello"), b"hello"), (member("data"), b""), form=form))
    check_extracted(place)


@pytest.mark.parametrize(
    "name",
    ["../one", "../../outside", "data/../../outside", "/one", "{place}/outside", "..\\outside", "a/../one", "d" * 300],
)
def test_ignores_members_outside_the_folder(place, name):
    evil = member(name.format(place=place), b"evil")
    unpack(place, archive((evil, b"evil")))
    check_extracted(place)
    shutil.rmtree(place / "home" / "data")
    check_rejected(place, archive((evil, b"evil"), wanted={"two": CONTENT["two"]}), "it does not contain one")


@pytest.mark.parametrize("target", ["../../outside", "{place}/outside", "/etc/passwd", "two", "data/two"])
@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE], ids=["symlink", "hardlink"])
def test_follows_no_links(place, kind, target):
    link = member("data/one", kind=kind, target=target.format(place=place))
    folder = member("data", kind=kind, target=str(place))
    unpack(place, archive((link, b""), (folder, b"")))  # a file of this name follows, and is not a link
    check_extracted(place)
    shutil.rmtree(place / "home" / "data")
    check_rejected(place, archive((link, b""), wanted={"two": CONTENT["two"]}), "it does not contain one")


@pytest.mark.parametrize("kind", [tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_creates_no_devices(place, kind):
    content = archive((member("data/one", kind=kind), b""), wanted={"two": CONTENT["two"]})
    check_rejected(place, content, "it does not contain one")


def test_rejects_a_file_that_is_too_large(place):
    content = archive(wanted={**CONTENT, "one": bytes(1001)})
    check_rejected(place, content, "data/one is larger than 1,000 bytes")


def test_rejects_bombs(place):
    """Small archives that would unpack to much more, in another member, in a header, and after the end."""
    zeros = gzip.compress(bytes(2**23), compresslevel=1)  # members of a gzip file follow one another
    larger = "its contents are larger than 4,197,304 bytes"
    check_rejected(place, archive((member("beside", bytes(2**23)), bytes(2**23))), larger)
    check_rejected(place, archive((member("header", bytes(2**23), tarfile.XHDTYPE), bytes(2**23))), larger)
    check_rejected(place, archive() + zeros, larger)


def test_long_chains_of_headers_are_skipped(place):
    """Each header contains the name of the next; tarfile would recurse for each."""
    chain = member("././@LongLink", b"a", tarfile.GNUTYPE_LONGNAME).tobuf() + b"a".ljust(512, b"\0")
    unpack(place, gzip.compress(chain * 4000 + gzip.decompress(archive()), compresslevel=1))
    check_extracted(place)


@pytest.mark.parametrize("size", [2**80, 2**62, 2**33, 10**6])
@pytest.mark.parametrize("name", ["readme", "one"])
def test_rejects_a_size_that_the_file_does_not_have(place, name, size):
    """A header of 512 bytes claims a size, in base 256."""
    header = bytearray(member(f"data/{name}").tobuf())
    header[124:136] = b"\x80" + size.to_bytes(11, "big")
    check_rejected(place, gzip.compress(with_checksum(header) + b"x" * 512), "too early|larger than")


def test_rejects_a_negative_size(place):
    header = bytearray(member("data/readme").tobuf())
    header[124:136] = b"\xff" * 12
    check_rejected(place, gzip.compress(with_checksum(header) + b"x" * 512), "a size below 0")


def test_ignores_the_numbers_of_pax_headers(place):
    content = b"9" * 30 + b" path=abc\n" + b"8" * 400
    evil = [(member("pax", content, kind), content) for kind in (tarfile.XHDTYPE, tarfile.XGLTYPE, b"X")]
    unpack(place, archive(*evil))
    check_extracted(place)


def with_checksum(header):
    """A header with its own checksum."""
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_rejects_a_pipe(place):
    os.mkfifo(place / "archive.tar.gz")
    with pytest.raises(FetchError, match=r"expected a regular file, got .*, a named pipe"):
        archives.unpack(place / "archive.tar.gz", place / "home" / "data", FILES)


def test_rejects_a_wrong_checksum_at_the_end(place):
    content = bytearray(archive())
    content[-6] ^= 1
    check_rejected(place, bytes(content), "CRC check failed")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "it does not contain one, two"),
        (b"<html>not found</html>" * 100, "bad checksum|invalid header"),
        (bytes(10240), "it does not contain one, two"),
        (b"\xff" * 10240, "bad checksum|invalid header"),
    ],
)
def test_rejects_what_is_not_an_archive(place, content, match):
    check_rejected(place, content, "Not a gzipped file" if content else match)
    check_rejected(place, gzip.compress(content), match)


def test_rejects_truncated_archives(place):
    noise = np.random.default_rng(0).bytes(1000)
    content = archive(wanted={"one": noise, "two": CONTENT["two"]})
    for length in range(0, len(content), 37):
        check_rejected(place, content[:length], "")


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6))
def test_changed_headers_are_rejected_or_harmless(tmp_path_factory, changes):
    """The header of a member is changed: the archive is rejected, or has the expected files."""
    place = tmp_path_factory.mktemp("changed")
    (place / "home").mkdir()
    tar = bytearray(gzip.decompress(archive()))
    for position, byte in changes:
        tar[position % 512] = byte
    header = bytearray(tar[:512])
    header[148:156] = b" " * 8
    tar[148:156] = b"%06o\0 " % sum(header)  # the header's own checksum, so that the change counts
    try:
        unpack(place, gzip.compress(bytes(tar), compresslevel=1))
    except FetchError:
        assert list((place / "home").iterdir()) == []
    else:
        assert sorted(path.name for path in (place / "home" / "data").iterdir()) == ["one", "two"]
    assert sorted(path.name for path in place.iterdir()) == ["archive.tar.gz", "home"]
