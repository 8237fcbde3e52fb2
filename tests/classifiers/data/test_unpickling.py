"""The unpickler: batches of every Python and protocol come back; what else a file asks for is named, and not done."""

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


def load(content, *wanted, most_opcodes=1000):
    return unpickling.load(content, wanted or ("data", "labels"), most_opcodes=most_opcodes)


def refused(content, match, **settings):
    """The content is refused for that reason, and the next good file reads as ever."""
    with pytest.raises(pickle.UnpicklingError, match=match):
        load(content, **settings)
    good = load(pickle.dumps(BATCH, protocol=2))
    np.testing.assert_array_equal(good["data"], DATA)
    assert good["labels"] == LABELS


def in_bytes(batch):
    """As Python 2 has it, where Python 3 reads it with encoding="bytes"."""
    if isinstance(batch, dict):
        return {in_bytes(key): in_bytes(value) for key, value in batch.items()}
    if isinstance(batch, list):
        return [in_bytes(item) for item in batch]
    return batch.encode() if isinstance(batch, str) else batch


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("batch", [BATCH, in_bytes(BATCH)], ids=["str", "bytes"])
def test_a_batch_comes_back(batch, protocol):
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
def test_arrays_come_back(array, protocol):
    np.testing.assert_array_equal(load(pickle.dumps({"data": array}, protocol))["data"], array)


def python2(name, content):
    """{"labels": [3, 8], name: array} as Python 2 and the NumPy of its time wrote it: the official files are such."""
    return (
        b"\x80\x02}q\x01(U\x06labelsq\x04]q\x05(K\x03K\x08e" + b"U" + bytes([len(name)]) + name + b"q\x06"
        b"cnumpy.core.multiarray\n_reconstruct\nq\x07cnumpy\nndarray\nq\x08K\x00\x85q\tU\x01bq\n\x87Rq\x0b(K\x01K\x02K\x03\x86"
        b"cnumpy\ndtype\nq\x0cU\x02u1K\x00K\x01\x87Rq\r(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89"
        b"T" + struct.pack("<i", len(content)) + content + b"q\x0etbu."
    )


def test_a_batch_of_python_2():
    found = load(python2(b"data", bytes(range(250, 256))))
    np.testing.assert_array_equal(found["data"], [[250, 251, 252], [253, 254, 255]])
    assert found["labels"] == [3, 8]


class Reduces:
    """Pickles as a call with a state: what pickle.dumps would write for something else."""

    def __init__(self, *parts):
        self.parts = parts

    def __reduce__(self):
        return self.parts


def reconstruct(shape, dtype, content, by_columns=False):
    state = (1, shape, dtype, by_columns, content)
    return Reduces(np._core.multiarray._reconstruct, (np.ndarray, (0,), b"b"), state)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_that_is_named_runs(tmp_path, protocol):
    ran = tmp_path / "ran"
    write = f"open({str(ran)!r}, 'w').close()"
    calls = {
        rf"asks for {os.system.__module__}.system": (os.system, (f"echo > {ran}",)),
        r"asks for (builtins|__builtin__).eval": (eval, (write,)),
        r"asks for (builtins|__builtin__).exec": (exec, (write,)),
        r"asks for (builtins|__builtin__).getattr": (getattr, (np.ndarray, "tofile")),
    }
    for match, call in calls.items():
        inner = Reduces(*call)
        for evil in (
            inner,
            {"data": inner},
            {"labels": [inner]},
            {"never asked for": inner},
            {"data": Reduces(np.dtype, (inner, False, True))},  # a reduce in the arguments of another
            {"data": reconstruct((1,), np.dtype("u1"), inner)},
            {"data": reconstruct((1,), inner, b"1")},
        ):
            refused(pickle.dumps(evil, protocol), match)
    assert not ran.exists()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"\x80\x02cnumpy\nndarray.tofile\n.", "asks for numpy.ndarray.tofile"),
        (b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93.", "asks for numpy.ndarray.__init__"),
        (b"\x80\x02cnumpy.core.multiarray\nscalar\n.", "asks for numpy.core.multiarray.scalar"),
        (b"\x80\x02c_codecs\ndecode\n.", "asks for _codecs.decode"),
        (b"\x80\x02cpickle\nUnpickler\n.", "asks for pickle.Unpickler"),
        (b"\x80\x02cclassifiers.data.unpickling\n_Name\n.", "asks for classifiers.data.unpickling._Name"),
        # BUILD on a name, with a dict of attributes, and on what a call gave, twice
        (b"\x80\x02}X\x04\x00\x00\x00datacnumpy\nndarray\n}X\x04\x00\x00\x00nameK\x01sbs.", "gives ndarray a state"),
        (b"\x80\x02cnumpy\ndtype\nN}X\x08\x00\x00\x00__call__K\x01s\x86b.", "gives dtype a state"),
        (b"\x80\x02cnumpy\ndtype\n)R}b}b.", "gives dtype a state"),
        (b"\x80\x02cnumpy\ndtype\n)R)R.", "not callable"),
        (b"\x80\x02cnumpy\nndarray\n)\x81.", "has NEWOBJ at byte 18"),
        (b"\x80\x04\x8c\x05numpy\x8c\x07ndarray\x93)}\x92.", "has NEWOBJ_EX"),
        (b"(S'echo'\nios\nsystem\n.", "has STRING at byte 1"),
        (b"\x80\x02(ios\nsystem\n.", "has INST"),
        (b"\x80\x02(cnumpy\nndarray\no.", "has OBJ"),
        (b"\x80\x02Pevil\n.", "has PERSID"),
        (b"\x80\x02K\x01Q.", "has BINPERSID"),
        (b"\x80\x02\x82\xf0.", "has EXT1"),
        (b"\x80\x05\x97.", "has NEXT_BUFFER"),
        (b"\x80\x04\x8f(K\x01\x90.", "has EMPTY_SET"),
        (b"\x80\x02]U\x01aK\x02s.", "cut short or broken .*TypeError"),
        (b"\x80\x02K\x01.", "int in the place of a dict"),
        (b"", "cut short or broken"),
        (b"\x1f\x8b\x08\x00", "cut short or broken"),
        (b"\x80\x7f}.", "cut short or broken|unsupported pickle protocol"),
        (b"\x80\x02h\x05.", "Memo value not found at index 5"),
    ],
)
def test_what_data_has_no_need_of_is_named(content, match):
    refused(content, match)


def test_extension_codes_that_a_program_has_used_are_refused_too(monkeypatch):
    """Python's machine keeps what a code led to, and would hand it out without asking find_class."""
    copyreg.add_extension("builtins", "eval", 240)
    monkeypatch.setitem(copyreg._extension_cache, 240, builtins.eval)
    try:
        assert pickle.loads(b"\x80\x02\x82\xf0.") is eval
        refused(b"\x80\x02\x82\xf0X\x03\x00\x00\x001/0\x85R.", "has EXT1 at byte 2")
    finally:
        copyreg.remove_extension("builtins", "eval", 240)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("array", "match"),
    [
        (np.array([1, "two", None], object), "dtype '|O8'|asks for"),
        (np.array(["a", "b"]), "dtype '<U1'"),
        (np.array([(1, 2.0)], [("a", int), ("b", float)]), "another dtype"),
        (np.array(["2020-01-01"], "M8[D]"), "dtype|asks for"),
        (np.array([1j]), "dtype '<c16'"),
        (np.array([True]), r"dtype '\|b1'"),
        (reconstruct((4, 7), np.dtype("u1"), b"x" * 24), "uint8 whose 24 bytes do not fit its shape"),
        (reconstruct((2**62, 4), np.dtype("u1"), b""), "do not fit|asks for"),
        (reconstruct((-4, -6), np.dtype("u1"), b"x" * 24), "do not fit"),
        (reconstruct((4.0, 6), np.dtype("u1"), b"x" * 24), "do not fit"),
        (reconstruct((24, *[1] * 100), np.dtype("u1"), b"x" * 24), "cut short or broken .*dim"),
        (reconstruct(24, np.dtype("u1"), b"x" * 24), "_reconstruct in the place of an array"),
        (reconstruct((1,), np.dtype("u1"), 7), "int in the place of a string"),
        (reconstruct((1,), "u1", b"1"), "another dtype"),
        (Reduces(np.dtype, ("u1", False, True)), "dtype in the place of an array"),
        (np.ndarray, "_Name in the place of a string"),
        ({"a": 1}, "dict in the place of a string"),
        ([[1]], "list in the place of a string"),
        ([2**64], "int in the place of a string"),
        (np.float64(1), "asks for numpy._?core.multiarray.scalar"),
    ],
)
def test_arrays_that_are_none(array, match, protocol):
    refused(pickle.dumps({"data": array}, protocol), match)


def test_a_frombuffer_that_does_not_fit():
    frombuffer = np._core.numeric._frombuffer
    for buffer, shape, order in ((bytearray(5), (4,), "C"), (bytearray(4), (4,), "K"), (bytearray(4), 4, "C")):
        array = Reduces(frombuffer, (buffer, np.dtype("u1"), shape, order))
        refused(pickle.dumps({"data": array}, 5), "do not fit its shape|_frombuffer in the place of an array")


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
        b"\x80\x02})" + b"\x85" * 900 + b"K\x01s.",  # tuples in tuples, whose hash overruns the stack in the end
        b"\x80\x04})" + b"\x85\x94cnumpy\ndtype\nh\x00R" * 200 + b"K\x01s.",
        b"\x80\x02}(X\x04\x00\x00\x00dataX\x00\x00\x01\x00" + b"x" * 2**16 + b"q\x010](" + b"h\x01" * 900 + b"eu.",
    ],
)
def test_nothing_huge_is_allocated(content):
    tracemalloc.start()
    try:
        refused(content, "cut short or broken|more parts|keys that are no|has POP|FRAME|exhausted|truncated")
        assert tracemalloc.get_traced_memory()[1] < 2**21
    finally:
        tracemalloc.stop()


def test_long_texts_in_a_list_are_not_multiplied():
    text = b"x" * 2**16
    refused(pickle.dumps({"labels": [text] * 900}, 4), "65,536 letters in the place of a name")


TWICE = b"".join(b"h%ch%c\x86q%c" % (i, i, i + 1) for i in range(30))  # pairs of pairs
ONE_HASH = b"".join(b"\x8a\x0a" + (k * (2**61 - 1)).to_bytes(10, "little") + b"N" for k in range(90_000))


@pytest.mark.parametrize(
    "content",
    [
        b"})" + b"\x85" * 300_000 + b"Ns.",  # as deep as overruns the stack
        b"})q\x00" + TWICE + b"Ns.",  # as wide as takes 2 to the 30
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86Nb") + b"Ns.",  # each given a state, None, which it ignores
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86(e") + b"Ns.",  # nothing is added to each
        b"})q\x00" + TWICE.replace(b"\x86", b"\x86(u") + b"Ns.",
        b"})q\x00(" + TWICE + b"tNs.",
        b"}(X\x01\x00\x00\x00aN)q\x00" + TWICE + b"Nu.",
        b"}(" + ONE_HASH + b"u.",
        b"}" + ONE_HASH.replace(b"N", b"Ns") + b".",
        b"}(" + b"G@\x00\x00\x00\x00\x00\x00\x00N" + b"u.",
    ],
)
def test_keys_that_would_take_for_ever_to_hash(content):
    began = time.monotonic()
    refused(b"\x80\x02" + content, "a dict, at byte .* with keys that are no strings", most_opcodes=10**6)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_cut_anywhere_it_is_refused(protocol):
    content = pickle.dumps(BATCH, protocol)
    for length in range(len(content)):
        with pytest.raises(pickle.UnpicklingError):
            load(content[:length])


@given(st.binary(max_size=200))
def test_random_bytes(content):
    with pytest.raises(pickle.UnpicklingError):
        load(b"\x80\x04" + content)


@given(
    st.sampled_from([pickle.dumps(BATCH, protocol) for protocol in PROTOCOLS]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes(content, changes):
    """Either it is refused, or nothing but data came of it."""
    changed = bytearray(content)
    for position, byte in changes:
        changed[position % len(changed)] = byte
    try:
        found = load(bytes(changed))
    except pickle.UnpicklingError:
        return
    assert all(type(value) in {np.ndarray, list, str, int, float, bool, type(None)} for value in found.values())
