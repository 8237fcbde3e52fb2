"""Unpickling: batches of all protocols are read; anything else is rejected, and nothing is run."""

import builtins
import copyreg
import os
import pickle
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.data import unpickling

DATA = np.random.default_rng(0).integers(256, size=(4, 6), dtype=np.uint8)
LABELS = [3, 8, 0, 9]
BATCH = {"batch_label": "one of five", "labels": LABELS, "data": DATA, "filenames": ["a.png", "b.png", "c", "ü"]}
PROTOCOLS = [2, 3, 4, 5]


def load(content, *wanted, max_opcodes=1000):
    return unpickling.load(content, wanted or ("data", "labels"), max_opcodes=max_opcodes)


def check_rejected(content, match, **settings):
    """Check that the content is rejected for this reason, and that the next valid file can be read."""
    with pytest.raises(pickle.UnpicklingError, match=match):
        load(content, **settings)
    good = load(pickle.dumps(BATCH, protocol=2))
    np.testing.assert_array_equal(good["data"], DATA)
    assert good["labels"] == LABELS


def in_bytes(batch):
    """A batch of Python 2, as Python 3 reads it with encoding="bytes"."""
    if isinstance(batch, dict):
        return {in_bytes(key): in_bytes(value) for key, value in batch.items()}
    if isinstance(batch, list):
        return [in_bytes(item) for item in batch]
    return batch.encode() if isinstance(batch, str) else batch


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("batch", [BATCH, in_bytes(BATCH)], ids=["str", "bytes"])
def test_reads_a_batch(batch, protocol):
    found = load(pickle.dumps(batch, protocol), *BATCH, "nothing")
    assert found.keys() == BATCH.keys()
    np.testing.assert_array_equal(found.pop("data"), DATA, strict=True)
    assert found == {key: value for key, value in BATCH.items() if key != "data"}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "array",
    [np.asfortranarray(DATA), DATA[::2, ::3], DATA.astype(">i4"), np.linspace(0, 1, 5), np.float32([[1.5]]), DATA[0]],
    ids=["by columns", "strided", "big-endian", "float64", "float32", "vector"],
)
def test_reads_arrays(array, protocol):
    np.testing.assert_array_equal(load(pickle.dumps({"data": array}, protocol))["data"], array)


def python2(name, content):
    """{"labels": [3, 8], name: array} as Python 2 and the NumPy of its time wrote the official files."""
    return (
        b"\x80\x02}q\x01(U\x06labelsq\x04]q\x05(K\x03K\x08e" + b"U" + bytes([len(name)]) + name + b"q\x06"
        b"cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\tU\x01bq\n\x87Rq\x0b(K\x01K\x02K\x03\x86"
        b"cnumpy\ndtype\nq\x0cU\x02u1K\x00K\x01\x87Rq\r(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"T" + struct.pack("<i", len(content)) + content + b"q\x0etbu."
    )


def test_reads_a_batch_of_python_2():
    found = load(python2(b"data", bytes(range(250, 256))))
    np.testing.assert_array_equal(found["data"], [[250, 251, 252], [253, 254, 255]])
    assert found["labels"] == [3, 8]


class Reduces:
    """Pickles as a call with a state, as pickle.dumps would write another object."""

    def __init__(self, *parts):
        self.parts = parts

    def __reduce__(self):
        return self.parts


def reconstruct(shape, dtype, content, by_columns=False):
    state = (1, shape, dtype, by_columns, content)
    return Reduces(np._core.multiarray._reconstruct, (np.ndarray, (0,), b"b"), state)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_runs_nothing_that_a_file_names(tmp_path, protocol):
    ran = tmp_path / "ran"
    write = f"open({str(ran)!r}, 'w').close()"
    calls = {
        rf"refers to {os.system.__module__}.system": (os.system, (f"echo > {ran}",)),
        r"refers to (builtins|__builtin__).eval": (eval, (write,)),
        r"refers to (builtins|__builtin__).exec": (exec, (write,)),
        r"refers to (builtins|__builtin__).getattr": (getattr, (np.ndarray, "tofile")),
    }
    for match, call in calls.items():
        inner = Reduces(*call)
        for evil in (
            inner,
            {"data": inner},
            {"labels": [inner]},
            {"not wanted": inner},
            {"data": Reduces(np.dtype, (inner, False, True))},  # a reduce in the arguments of another
            {"data": reconstruct((1,), np.dtype("u1"), inner)},
            {"data": reconstruct((1,), inner, b"1")},
        ):
            check_rejected(pickle.dumps(evil, protocol), match)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"\x80\x02cnumpy\nndarray.tofile\n.", "refers to numpy.ndarray.tofile"),
        (b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93.", "refers to numpy.ndarray.__init__"),
        (b"\x80\x02cnumpy.core.multiarray\nscalar\n.", "refers to numpy.core.multiarray.scalar"),
        (b"\x80\x02c_codecs\ndecode\n.", "refers to _codecs.decode"),
        (b"\x80\x02cpickle\nUnpickler\n.", "refers to pickle.Unpickler"),
        (b"\x80\x02cclassifiers.data.unpickling\n_Name\n.", "refers to classifiers.data.unpickling._Name"),
        # BUILD on a name, with a dict of attributes, and twice on the result of a call
        (b"\x80\x02}X\x04\x00\x00\x00datacnumpy\nndarray\n}X\x04\x00\x00\x00nameK\x01sbs.", "sets a state on ndarray"),
        (b"\x80\x02cnumpy\ndtype\nN}X\x08\x00\x00\x00__call__K\x01s\x86b.", "sets a state on dtype"),
        (b"\x80\x02cnumpy\ndtype\n)R}b}b.", "sets a state on dtype"),
        (b"\x80\x02cnumpy\ndtype\n)R)R.", "not callable"),
        (b"\x80\x02cnumpy\nndarray\n)\x81.", "the opcode NEWOBJ at byte 18"),
        (b"\x80\x04\x8c\x05numpy\x8c\x07ndarray\x93)}\x92.", "the opcode NEWOBJ_EX"),
        (b"(S'echo'\nios\nsystem\n.", "the opcode STRING at byte 1"),
        (b"\x80\x02(ios\nsystem\n.", "the opcode INST"),
        (b"\x80\x02(cnumpy\nndarray\no.", "the opcode OBJ"),
        (b"\x80\x02Pevil\n.", "the opcode PERSID"),
        (b"\x80\x02K\x01Q.", "the opcode BINPERSID"),
        (b"\x80\x02\x82\xf0.", "the opcode EXT1"),
        (b"\x80\x05\x97.", "the opcode NEXT_BUFFER"),
        (b"\x80\x04\x8f(K\x01\x90.", "the opcode EMPTY_SET"),
        (b"\x80\x02]U\x01aK\x02s.", "truncated or corrupt .*TypeError"),
        (b"\x80\x02K\x01.", "int instead of a dict"),
        (b"", "truncated or corrupt"),
        (b"\x1f\x8b\x08\x00", "truncated or corrupt"),
        (b"\x80\x7f}.", "truncated or corrupt|unsupported pickle protocol"),
        (b"\x80\x02h\x05.", "Memo value not found at index 5"),
    ],
)
def test_rejects_what_data_does_not_need(content, match):
    check_rejected(content, match)


def test_rejects_extension_codes_that_python_has_cached(monkeypatch):
    """Python caches the object of an extension code, and would return it without calling find_class."""
    copyreg.add_extension("builtins", "eval", 240)
    monkeypatch.setitem(copyreg._extension_cache, 240, builtins.eval)
    try:
        assert pickle.loads(b"\x80\x02\x82\xf0.") is eval
        check_rejected(b"\x80\x02\x82\xf0X\x03\x00\x00\x001/0\x85R.", "the opcode EXT1 at byte 2")
    finally:
        copyreg.remove_extension("builtins", "eval", 240)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("array", "match"),
    [
        (np.array([1, "two", None], object), "dtype '|O8'|refers to"),
        (np.array(["a", "b"]), "dtype '<U1'"),
        (np.array([(1, 2.0)], [("a", int), ("b", float)]), "another dtype"),
        (np.array(["2020-01-01"], "M8[D]"), "dtype|refers to"),
        (np.array([1j]), "dtype '<c16'"),
        (np.array([True]), r"dtype '\|b1'"),
        (reconstruct((4, 7), np.dtype("u1"), b"x" * 24), "uint8 whose 24 bytes do not fit its shape"),
        (reconstruct((2**62, 4), np.dtype("u1"), b""), "do not fit|refers to"),
        (reconstruct((-4, -6), np.dtype("u1"), b"x" * 24), "do not fit"),
        (reconstruct((4.0, 6), np.dtype("u1"), b"x" * 24), "do not fit"),
        (reconstruct((24, *[1] * 100), np.dtype("u1"), b"x" * 24), "24 bytes do not fit its shape"),
        (reconstruct(24, np.dtype("u1"), b"x" * 24), "_reconstruct instead of an array"),
        (reconstruct((1,), np.dtype("u1"), 7), "int instead of a string"),
        (reconstruct((1,), "u1", b"1"), "another dtype"),
        (Reduces(np.dtype, ("u1", False, True)), "dtype instead of an array"),
        (np.ndarray, "_Name instead of a string"),
        ({"a": 1}, "dict instead of a string"),
        ([[1]], "list instead of a string"),
        ([2**64], "int instead of a string"),
        (np.float64(1), "refers to numpy._?core.multiarray.scalar"),
    ],
)
def test_rejects_other_arrays(array, match, protocol):
    check_rejected(pickle.dumps({"data": array}, protocol), match)


def test_rejects_a_frombuffer_that_does_not_fit():
    frombuffer = np._core.numeric._frombuffer
    for buffer, shape, order in ((bytearray(5), (4,), "C"), (bytearray(4), (4,), "K"), (bytearray(4), 4, "C")):
        array = Reduces(frombuffer, (buffer, np.dtype("u1"), shape, order))
        check_rejected(pickle.dumps({"data": array}, 5), "do not fit its shape|_frombuffer instead of an array")


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b"x.",  # BINBYTES8
        b"\x80\x02B\xff\xff\xff\xffx.",  # BINBYTES, 4 GiB
        b"\x80\x02T\xff\xff\xff\x7fx.",  # BINSTRING, 2 GiB
        b"\x80\x04\x8d" + struct.pack("<Q", 2**63) + b"x.",  # BINUNICODE8
        b"\x80\x05\x96" + struct.pack("<Q", 2**40) + b"x.",  # BYTEARRAY8
        b"\x80\x02\x8b\xff\xff\xff\x7fx.",  # LONG4
        b"\x80\x04\x95" + struct.pack("<Q", 2**62) + b"}.",  # FRAME
        b"\x80\x02}r\xff\xff\xff\x3f.",  # LONG_BINPUT: a memo of 8 GiB
        b"\x80\x02" + b"]" * 5000 + b".",
        b"\x80\x02})" + b"\x85" * 900 + b"K\x01s.",  # nested tuples, whose hash overflows the stack
        b"\x80\x04})" + b"\x85\x94cnumpy\ndtype\nh\x00R" * 200 + b"K\x01s.",
        b"\x80\x02}(X\x04\x00\x00\x00dataX\x00\x00\x01\x00" + b"x" * 2**16 + b"q\x010](" + b"h\x01" * 900 + b"eu.",
    ],
)
def test_allocates_little_memory(content):
    tracemalloc.start()
    try:
        check_rejected(
            content, "truncated or corrupt|more parts|keys are not strings|opcode POP|FRAME|exhausted|truncated"
        )
        assert tracemalloc.get_traced_memory()[1] < 2**21
    finally:
        tracemalloc.stop()


def test_rejects_long_texts_in_a_list():
    text = b"x" * 2**16
    check_rejected(pickle.dumps({"labels": [text] * 900}, 4), "65,536 characters instead of a name")


TWICE = b"".join(b"h%ch%c\x86q%c" % (i, i, i + 1) for i in range(30))  # pairs of pairs
ONE_HASH = b"".join(b"\x8a\x0a" + (k * (2**61 - 1)).to_bytes(10, "little") + b"N" for k in range(90_000))


@pytest.mark.parametrize(
    "content",
    [
        b"})" + b"\x85" * 300_000 + b"Ns.",  # so deep that the hash overflows the stack
        b"})q\x00" + TWICE + b"Ns.",  # so wide that the hash takes 2³⁰ steps
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86Nb") + b"Ns.",  # a state of None is set on each, which ignores it
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86(e") + b"Ns.",  # nothing is added to each
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86(u") + b"Ns.",
        b"})q\x00(" + TWICE + b"tNs.",
        b"}(X\x01\x00\x00\x00aN)q\x00" + TWICE + b"Nu.",
        b"}(" + ONE_HASH + b"u.",
        b"}" + ONE_HASH.replace(b"N", b"Ns") + b".",
        b"}(" + b"G@\x00\x00\x00\x00\x00\x00\x00N" + b"u.",
    ],
)
def test_rejects_keys_that_take_long_to_hash(content):
    began = time.monotonic()
    check_rejected(b"\x80\x02" + content, "a dict at byte .* whose keys are not strings", max_opcodes=10**6)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_rejects_truncated_pickles(protocol):
    content = pickle.dumps(BATCH, protocol)
    for length in range(len(content)):
        with pytest.raises(pickle.UnpicklingError):
            load(content[:length])


EMPTY = b"\x80\x04}."


@given(st.binary(max_size=200))
def test_random_bytes_are_rejected_or_an_empty_dict(content):
    """No entry that is wanted is ever found in them, but a dict without it may be."""
    try:
        assert load(b"\x80\x04" + content) == {}
    except pickle.UnpicklingError:
        return
    assert b"}" in content


def test_an_empty_dict_has_no_entries():
    assert load(EMPTY) == load(EMPTY + b"anything") == {}


@given(
    st.sampled_from([pickle.dumps(BATCH, protocol) for protocol in PROTOCOLS]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes_are_rejected_or_data(content, changes):
    """A changed file is rejected, or contains only data."""
    changed = bytearray(content)
    for position, byte in changes:
        changed[position % len(changed)] = byte
    try:
        found = load(bytes(changed))
    except pickle.UnpicklingError:
        return
    assert all(type(value) in {np.ndarray, list, str, int, float, bool, type(None)} for value in found.values())


def test_the_names_that_a_file_may_refer_to():
    """A literal here, so that no name is added to the list by accident: each is a function that a file could call."""
    names = {
        ("numpy", "dtype"),
        ("numpy", "ndarray"),
        ("numpy.core.multiarray", "_reconstruct"),
        ("numpy._core.multiarray", "_reconstruct"),
        ("numpy.core.numeric", "_frombuffer"),
        ("numpy._core.numeric", "_frombuffer"),
        ("_codecs", "encode"),
    }
    assert names == unpickling.NAMES
    for module, name in [("os", "system"), ("builtins", "eval"), ("numpy", "load"), ("_codecs", "lookup")]:
        named = f"c{module}\n{name}\n".encode()
        check_rejected(b"\x80\x02" + named + b"(tR.", f"refers to {module}.{name}")
