"""Modes: what is switched on or off holds for one thread or task, and is restored at the end of the block."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd import Tensor, Value, no_grad
from autograd.gates import GATES
from autograd.graph.modes import DIFFERENTIATE, RECORD, WATCH, in_mode, mode


def test_no_grad_records_nothing_and_is_restored_after_an_exception():
    x, t = Value(2.0), Tensor([1.0], requires_grad=True)
    with pytest.raises(KeyError), no_grad():
        y, u = x * x, t * t
        raise KeyError
    assert (y.data, y.gate, y.inputs) == (4.0, None, ())
    assert not u.requires_grad
    assert (x * x).gate is GATES["mul"]
    assert (t * t).requires_grad


def test_no_grad_is_a_decorator_and_nests():
    @no_grad()
    def square(x):
        with no_grad():
            pass
        return x * x

    assert square(Value(3.0)).gate is None
    assert (Value(3.0) * 2).gate is not None


def test_no_grad_holds_only_for_its_own_thread_and_task():
    inside, done, seen = threading.Event(), threading.Event(), []

    def other():
        inside.wait(5)
        seen.append((Value(1.0) + 1).gate is not None)
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with no_grad():
        inside.set()
        done.wait(5)
    thread.join()

    async def silent():
        with no_grad():
            await asyncio.sleep(0)

    async def recording():
        await asyncio.sleep(0)
        return (Value(1.0) + 1).gate is not None

    async def main():
        return await asyncio.gather(silent(), recording())

    assert seen == [True]
    with ThreadPoolExecutor() as pool:  # in another thread: Playwright's event loop may be running in this one
        assert pool.submit(asyncio.run, main()).result()[1]


def test_modes_are_switched_separately_and_restored():
    before = mode.get()
    with in_mode(on=WATCH | DIFFERENTIATE, off=RECORD):
        assert mode.get() & (RECORD | WATCH | DIFFERENTIATE) == WATCH | DIFFERENTIATE
        with in_mode(on=RECORD):
            assert mode.get() & (RECORD | WATCH | DIFFERENTIATE) == RECORD | WATCH | DIFFERENTIATE
        with in_mode(off=WATCH):
            assert not mode.get() & WATCH
        assert mode.get() & WATCH
    assert mode.get() == before


def test_modes_are_restored_after_an_exception():
    before = mode.get()
    with pytest.raises(KeyError), in_mode(off=RECORD):
        raise KeyError
    assert mode.get() == before


def test_a_thread_starts_recording():
    seen = []
    with in_mode(off=RECORD):
        thread = threading.Thread(target=lambda: seen.append(mode.get()))
        thread.start()
        thread.join()
    assert seen == [RECORD]
