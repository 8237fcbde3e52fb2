"""Whatever bytes a file has, a reader returns or raises its documented error, in proportion to the file's size."""

import gzip
import io
import json
import pickle
import signal
import struct
import tarfile
import tracemalloc
import zlib
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pytest

from classifiers import FetchError
from classifiers.data import archives, photos, unpickling
from nn import BatchNorm1d, CrossEntropyLoss, Dropout, Linear, ReLU, Sequential, optim
from nn.saving import ArchitectureError, FileError, files, models
from nn.training import Training
from nn.training.history import read_history

SPECIAL = [0, 1, 2, 7, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**32 - 1, 2**62, 2**63 - 1, 2**64 - 1]
WORDS = [b"null", b"NaN", b"Infinity", b"-1", b"1e999", b"9" * 30, b"[]", b"{}", b'""', b"true", b'"\\ud800"', b"0.5"]


# Files with checksums: hostile ones have right checksums


def sealed(arrays, header, text=None):
    """A safetensors file with this header, whose metadata have the right checksum."""
    if text is not None:
        try:
            digest = files._digest(arrays, text)
        except UnicodeEncodeError:
            digest = ""
        header = {**header, "__metadata__": {files.METADATA_KEY: text, files.DIGEST_KEY: digest}}
    raw = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode(errors="replace")
    data = b"".join(array.tobytes() for array in arrays.values())
    return struct.pack("<Q", len(raw)) + raw + data


def tensors(arrays):
    """The header of these arrays of uint8 or float32."""
    header, start = {}, 0
    for name, array in arrays.items():
        kind = {"uint8": "U8", "float32": "F32"}[str(array.dtype)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [start, start + array.nbytes]}
        start += array.nbytes
    return header


def model_file(architecture, arrays=None, **metadata):
    arrays = {"z": np.zeros(100_000, np.uint8)} if arrays is None else arrays
    notes = {"architecture": architecture, "buffers": [], **metadata}
    return sealed(arrays, tensors(arrays), json.dumps({"version": 1, "notes": notes}))


def png(width, height, body):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


# The readers, in memory where they can be

PLACE = TemporaryDirectory()


class Reader(NamedTuple):
    """A function of bytes, the errors that it may raise, and valid files."""

    read: object
    errors: tuple
    seeds: object
    seal: object = staticmethod(lambda content: content)


def read_model(content):
    return models.restore(files.parse(content, "file"), "file")


def new_training():
    model = Sequential(Linear(2, 3, rng=0), BatchNorm1d(3), ReLU(), Dropout(0.5, rng=1), Linear(3, 2, rng=2))
    return Training(model, CrossEntropyLoss(), optim.AdamW(model.parameters(), lr=0.1), batch_size=4, rng=0)


def model_seeds():
    training = new_training()
    rng = np.random.default_rng(0)
    training.run((rng.normal(size=(8, 2)), np.arange(8) % 2), epochs=1)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint"
        training.save(path)
        return [path.read_bytes()]


def reseal_model(content):
    """The file with a right checksum, where it can be read at all."""
    try:
        end = files._header_end(content)
        header = json.loads(content[8:end])
        text = header.pop("__metadata__")[files.METADATA_KEY]
        arrays = {"": np.frombuffer(content[end:], np.uint8)}
        whole = sealed(arrays, header, text)
        from safetensors.numpy import load

        header["__metadata__"] = {files.METADATA_KEY: text, files.DIGEST_KEY: files._digest(load(whole), text)}
        return sealed(arrays, header)
    except Exception:
        return content


def resume(content):
    path = Path(PLACE.name) / "checkpoint"
    path.write_bytes(content)
    new_training().resume(path)


def history_of(content):
    path = Path(PLACE.name) / "history"
    path.write_bytes(content)
    return read_history(path)


def unpack(content):
    wanted = {"one": 100, "two": 2000}
    folder = Path(PLACE.name) / "unpacked"
    folder.mkdir(exist_ok=True)
    try:
        with archives._Bounded(io.BytesIO(content), 2**16) as unpacked:
            archives._extract(unpacked, folder, wanted)
            while unpacked.read(2**20):
                pass
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:  # as `unpack` does
        raise FetchError(str(error)) from error
    assert {path.name for path in folder.iterdir()} <= wanted.keys()


def archive_seeds():
    found = []
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=form) as tar:
            for name, content in (
                ("é" * (30 if form == tarfile.USTAR_FORMAT else 60), b"x"),
                ("data/one", b"1" * 100),
                ("data/two", b"2" * 700),
            ):
                member = tarfile.TarInfo(name)
                member.size, member.mtime = len(content), 0.5
                tar.addfile(member, io.BytesIO(content))
        found.append(buffer.getvalue())
    return found


def reseal_archive(content):
    """Compressed, with right checksums in the headers of the first members."""
    tar = bytearray(content)
    for start in range(0, min(len(tar), 8192) - 511, 512):
        header = tar[start : start + 512]
        if header[257:262] == b"ustar":
            header[148:156] = b" " * 8
            tar[start + 148 : start + 156] = b"%06o\0 " % sum(header)
    return gzip.compress(bytes(tar), compresslevel=1, mtime=0)


def load_pickle(content):
    return unpickling.load(content, ["data", "labels"], max_opcodes=1000)


def pickle_seeds():
    batch = {"data": np.arange(12, dtype=np.uint8).reshape(2, 6), "labels": [3, 2**40], "name": b"x", "é": "text"}
    return [pickle.dumps(batch, protocol) for protocol in range(2, 6)]


def decode(content):
    return photos.decode(io.BytesIO(content), Path("file"))


def photo_seeds():
    from PIL import Image

    found = []
    for kind in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
        buffer = io.BytesIO()
        Image.fromarray(np.arange(300, dtype=np.uint8).reshape(10, 10, 3)).save(buffer, kind)
        found.append(buffer.getvalue())
    return found


def reseal_png(content):
    """A PNG with right checksums."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content
    out, place = bytearray(content), 8
    while place + 12 <= len(out):
        end = place + 8 + int.from_bytes(out[place : place + 4])
        out[end : end + 4] = struct.pack(">I", zlib.crc32(out[place + 4 : end])) if end + 4 <= len(out) else b""
        place = end + 4
    return bytes(out)


EPOCH = b'{"number": 1, "loss": 0.5, "accuracy": 0.5, "validation_loss": null, "validation_accuracy": null, "metrics": '
HISTORY = EPOCH + b'{"top": 0.5}, "learning_rate": 0.1, "seconds": 1.0}\n'

READERS = {
    "model": Reader(read_model, (FileError, ArchitectureError), model_seeds, reseal_model),
    "raw model": Reader(read_model, (FileError, ArchitectureError), model_seeds),
    "checkpoint": Reader(resume, (ValueError,), model_seeds, reseal_model),
    "history": Reader(history_of, (ValueError,), lambda: [HISTORY * 3]),
    "archive": Reader(unpack, (FetchError,), archive_seeds, reseal_archive),
    "raw archive": Reader(unpack, (FetchError,), lambda: [gzip.compress(archive_seeds()[0], mtime=0)]),
    "pickle": Reader(load_pickle, (pickle.UnpicklingError,), pickle_seeds),
    "picture": Reader(decode, (ValueError,), photo_seeds, reseal_png),
}
CAMPAIGN = {  # 1,000,000 inputs
    "model": 150_000, "raw model": 250_000, "checkpoint": 10_000, "history": 20_000, "archive": 30_000,
    "raw archive": 70_000, "pickle": 440_000, "picture": 30_000,
}  # fmt: skip


def mutate(content, seeds, rng):
    """Change a few bytes, numbers or parts."""
    out = bytearray(content)
    for _ in range(int(rng.integers(1, 5))):
        place, length = int(rng.integers(len(out) + 1)), int(rng.integers(1, 40))
        match int(rng.integers(8)):
            case 0 if place < len(out):
                out[place] ^= 1 << int(rng.integers(8))
            case 1:
                out[place : place + 1] = rng.bytes(1)
            case 2:
                del out[place : place + length]
            case 3:
                out[place:place] = out[place : place + length]
            case 4:
                size, order = (1, 2, 4, 8, 12)[rng.integers(5)], ("little", "big")[rng.integers(2)]
                number = SPECIAL[rng.integers(len(SPECIAL))] % 256**size
                out[place : place + size] = number.to_bytes(size, order)
            case 5:
                word = WORDS[rng.integers(len(WORDS))]
                out[place : place + int(rng.integers(len(word) + 1))] = word
            case 6:
                digits = [i for i in range(place, min(place + 200, len(out))) if 48 <= out[i] < 58]
                if digits:
                    out[digits[0]] = 48 + int(rng.integers(10))
            case 7:
                other = seeds[rng.integers(len(seeds))]
                start = int(rng.integers(len(other)))
                out[place : place + length] = other[start : start + length]
    return bytes(out[: int(rng.integers(len(out) + 1))] if rng.integers(20) == 0 else out)


@contextmanager
def no_endless_loop(seconds=60):
    """Interrupt what would never end."""
    if not hasattr(signal, "SIGVTALRM"):
        yield
        return

    def stop(*_):
        raise AssertionError("a reader does not end")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def check(reader, content):
    """Read without another error than the documented ones."""
    try:
        return reader.read(content)
    except reader.errors as error:
        return error
    except Exception as error:
        raise AssertionError(f"{type(error).__name__}: {error} for {content[:2000]!r}") from error


def fuzz(name, count, seed):
    reader = READERS[name]
    seeds, rng = reader.seeds(), np.random.default_rng(seed)
    for i in range(count):
        if i % 1000 == 0:
            signal.setitimer(signal.ITIMER_VIRTUAL, 300)
        check(reader, reader.seal(mutate(seeds[i % len(seeds)], seeds, rng)))


@pytest.mark.parametrize("name", READERS)
def test_valid_files_are_read(name):
    for content in READERS[name].seeds():
        assert not isinstance(check(READERS[name], READERS[name].seal(content)), Exception)


@pytest.mark.parametrize("name", READERS)
def test_mutated_files(name):
    with no_endless_loop():
        fuzz(name, 100 if name == "checkpoint" else 400, seed=1)


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("name", READERS)
def test_a_million_mutated_files(name, part):
    with no_endless_loop(300):
        fuzz(name, CAMPAIGN[name] // 4, seed=[2, part])


# Bombs: small files that ask for much

LINEAR = {"module": "Linear", "arguments": {"in_features": 300, "out_features": 300, "bias": False}}
SMALL = {"module": "ReLU", "arguments": {}}


def sequential(layers):
    return {"module": "Sequential", "arguments": {"layers": {"named": layers}}}


def nested(depth, inner=SMALL, name="0"):
    for _ in range(depth):
        inner = sequential({name: inner})
    return inner


def doubled(depth):
    """Each Sequential has the one before it twice: 2**depth layers."""
    inner = sequential({"0": SMALL, "1": {"shared": 0}})
    for i in range(depth):
        inner = sequential({"0": inner, "1": {"shared": i + 1}})
    return inner


ONE = {"": np.zeros(100_000, np.uint8)}
REFERENCES = [{files.ARRAY_KEY: "beside/0"}] * 1000
BOMBS = {
    "many layers": model_file(sequential({str(i): LINEAR for i in range(1500)})),
    "many dropouts": model_file(sequential({f"d{i}": {"module": "Dropout", "arguments": {}} for i in range(2000)})),
    "one layer": model_file({"module": "Linear", "arguments": {"in_features": 10**6, "out_features": 10**6}}),
    "a huge number": model_file({"module": "Linear", "arguments": {"in_features": 10**4000, "out_features": 10}}),
    "many huge numbers": model_file({"module": "ReLU", "arguments": {str(i): 10**900 for i in range(1000)}}),
    "nested": model_file(nested(150)),
    "nested too deeply": model_file(nested(200)),
    "lists": model_file(["[" * 5]),
    "shared": model_file(doubled(60)),
    "a long name": model_file(nested(100, sequential({f"d{i}": SMALL for i in range(500)}), "n" * 900)),
    "a longer name": model_file(nested(3, SMALL, "n" * 100_000)),
    "shared arrays": model_file(SMALL, {"beside/0": np.zeros(100_000, np.uint8)}, more=REFERENCES),
    "empty arrays": sealed(
        {}, {f"{i}": {"dtype": "U8", "shape": [0, 2**40], "data_offsets": [0, 0]} for i in range(2000)}
    ),
    "no metadata": sealed({}, {"__metadata__": None}),
    "a number as metadata": sealed({}, {"__metadata__": 3}),
    "a list as metadata": sealed({}, {"__metadata__": ["a"]}),
    "a text as metadata": sealed({}, {"__metadata__": "a"}),
    "a null in metadata": sealed({}, {"__metadata__": {files.METADATA_KEY: None}}),
    "metadata twice": sealed({}, b'{"__metadata__":{"a":"b"},"__metadata__":{"gatewise":"{}"}}'),
    "a lone surrogate": sealed({}, b'{"__metadata__":{"gatewise":"\\ud800","digest":"0"}}'),
    "NaN": sealed({}, b'{"x":{"dtype":"U8","shape":[NaN],"data_offsets":[0,0]}}'),
    "an unknown dtype": sealed(ONE, b'{"x":{"dtype":"F8_E4M3","shape":[100000],"data_offsets":[0,100000]}}'),
    "overlapping arrays": sealed(
        ONE, {n: {"dtype": "U8", "shape": [100000], "data_offsets": [0, 100000]} for n in "ab"}
    ),
    "a hole": sealed(ONE, {"x": {"dtype": "U8", "shape": [99999], "data_offsets": [1, 100000]}}),
    "a long header": struct.pack("<Q", 2**63) + b"{}",
    "deep JSON": sealed({}, b"[" * 100_000),
    "deep metadata": sealed({}, {}, '{"version": 1, "notes": ' + "[" * 100_000),
    "a version of NaN": sealed({}, {}, '{"version": NaN, "notes": {"architecture": NaN}}'),
    "surrogates in metadata": sealed({}, {}, '{"version": 1, "notes": {"architecture": {"module": "\\\\ud800"}}}'),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_in_model_files(name):
    content = BOMBS[name]
    check_cost(READERS["model"], content)
    check_cost(READERS["checkpoint"], content)


def check_cost(reader, content):
    """Read in memory of a small multiple of the file's size. Python's own objects are about 60 times their JSON."""
    check(reader, content)  # imports
    tracemalloc.start()
    try:
        with no_endless_loop():
            check(reader, content)
        assert tracemalloc.get_traced_memory()[1] < 100 * len(content) + 5_000_000
    finally:
        tracemalloc.stop()


def huge_member(size):
    header = bytearray(tarfile.TarInfo("readme").tobuf())
    header[124:136] = b"\x80" + size.to_bytes(11, "big")
    return reseal_archive(bytes(header) + b"x" * 512)


ARRAY = pickle.dumps(np.zeros(1), 2)
TEXT = b"X" + struct.pack("<I", 900) + b"t" * 900


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("archive", huge_member(2**80)),
        ("archive", gzip.compress(bytes(2**24))),
        ("archive", gzip.compress(archive_seeds()[0] * 40)),
        ("pickle", b"\x80\x04\x8d" + struct.pack("<Q", 2**62) + b"x."),
        ("pickle", b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"x."),
        ("pickle", b"\x80\x02\x8b" + struct.pack("<i", 2**31 - 1) + b"x."),
        ("pickle", b"\x80\x02Nr\xff\xff\xff\x7f."),
        ("pickle", b"\x80\x02)" + b"q\x00\x85h\x00" * 300 + b"."),
        ("pickle", b"\x80\x02}U\x06labels](" + b"U\xc8" + b"t" * 200 + b"q\x00" + b"h\x00" * 900 + b"es."),
        ("picture", png(2**31 - 1, 2**31 - 1, b"")),
        ("picture", png(20_000, 20_000, b"")),
        ("history", b"[" * 100_000 + b"\n"),
        ("history", b'{"number": ' + b"9" * 10_000 + b"}\n"),
        ("history", b"\xff\xfe\n"),
    ],
)  # fmt: skip
def test_bombs_in_other_files(name, content):
    check_cost(READERS[name], content)
    assert isinstance(check(READERS[name], content), Exception) or b"labels" in content
