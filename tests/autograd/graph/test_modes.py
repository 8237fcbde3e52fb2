"""Modes: what is switched on or off holds for one thread or task, and is restored at the end of the block."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import AnomalyError, Tensor, Value, check_writes, detect_anomaly, no_grad
from autograd.gates import GATES
from autograd.graph.modes import DIFFERENTIATE, RECORD, TRUST, WATCH, current, in_mode, mode
from nn import Dropout, Linear, Sequential


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


# Blocks that end in another order than that of their nesting

BLOCKS = {no_grad: (0, RECORD), detect_anomaly: (WATCH, 0), lambda: check_writes(False): (TRUST, 0)}


def within(block):
    with block():
        while True:
            yield


@given(st.lists(st.tuples(st.sampled_from(list(BLOCKS)), st.integers(0, 4)), max_size=30))
def test_the_mode_is_that_of_the_blocks_in_force(actions):
    entered = []  # the generators suspended within blocks, and what each block does
    try:
        for block, action in actions:
            if action < 3 or not entered:
                generator = within(block)
                next(generator)
                entered.append((generator, BLOCKS[block]))
            else:
                generator, _ = entered.pop(action * 7 % len(entered))
                generator.close()
            on, off = 0, 0
            for _, (switched_on, switched_off) in entered:
                on, off = on | switched_on, off | switched_off
            assert current() == (RECORD | on) & ~off
            assert ((Value(1.0) * 2.0).gate is None) == bool(off & RECORD)
            assert (Tensor([1.0], requires_grad=True) * 2.0).requires_grad == (not off & RECORD)
    finally:
        for generator, _ in entered:
            generator.close()
    assert current() == mode.get() == RECORD


def test_a_generator_closed_within_another_block_leaves_recording_on():
    scores = within(no_grad)
    next(scores)
    with detect_anomaly():
        scores.close()
        assert current() == RECORD | WATCH
        with pytest.raises(AnomalyError):
            Value(0.0).log()
    w = Value(2.0)
    ((w * 3.0 - 1.0) ** 2).backward()
    assert w.grad == 30.0


def in_thread(function):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()


@pytest.mark.parametrize(
    "run", [in_thread, lambda close: copy_context().run(close), lambda close: asyncio.run(call(close))]
)
def test_a_block_may_end_in_another_thread_or_task(run):
    if run is not in_thread:  # Playwright's event loop may be running in this thread
        with ThreadPoolExecutor() as pool:
            return pool.submit(closed_by, run).result()
    return closed_by(run)


async def call(function):
    function()


def closed_by(run):
    generator = within(no_grad)
    next(generator)
    assert (Value(1.0) * 2.0).gate is None
    run(generator.close)
    assert (Value(1.0) * 2.0).gate is GATES["mul"]
    assert (Tensor([1.0], requires_grad=True) * 2.0).requires_grad
    assert current() == mode.get() == RECORD


def test_a_task_started_within_a_block_is_within_it_until_it_ends():
    async def recorded():
        return (Value(1.0) * 2.0).gate is not None

    async def main():
        with no_grad():
            assert not await asyncio.create_task(recorded())
            late = asyncio.create_task(recorded())
        return await late

    with ThreadPoolExecutor() as pool:
        assert pool.submit(asyncio.run, main()).result()


def test_exit_stacks_may_be_closed_in_any_order():
    first, second = ExitStack(), ExitStack()
    first.enter_context(no_grad())
    second.enter_context(detect_anomaly())
    first.close()
    assert current() == RECORD | WATCH
    second.close()
    assert current() == RECORD


def test_one_block_may_be_entered_again():
    block = no_grad()
    with block:
        with block:
            pass
        assert not current() & RECORD
    assert current() & RECORD


def test_a_decorated_generator_does_not_record_while_it_runs_and_leaves_its_caller_alone():
    @no_grad()
    def squares(x):
        """Docs."""
        try:
            sent = yield x * x
        except KeyError:
            sent = None
        yield (x * x, sent)
        return x * x

    x = Value(3.0)
    assert squares.__doc__ == "Docs."
    for resume, expected in ((lambda g: g.send(5), 5), (lambda g: g.throw(KeyError), None)):
        generator = squares(x)
        assert next(generator).gate is None
        assert (x * x).gate is not None
        value, sent = resume(generator)
        assert (value.gate, sent) == (None, expected)
        with pytest.raises(StopIteration) as stop:
            next(generator)
        assert stop.value.value.gate is None
    generator = squares(x)
    next(generator)
    generator.close()
    assert current() == RECORD


def test_a_decorated_coroutine_does_not_record():
    @no_grad()
    async def square(x):
        await asyncio.sleep(0)
        return x * x

    async def main():
        x = Value(3.0)
        task = asyncio.create_task(square(x))
        await asyncio.sleep(0)
        outside = (x * x).gate
        return (await task).gate, outside

    with ThreadPoolExecutor() as pool:
        assert pool.submit(asyncio.run, main()).result() == (None, GATES["mul"])
    with pytest.raises(TypeError, match="asynchronous generator"):

        @no_grad()
        async def values():
            yield 1


@given(st.lists(st.integers(0, 5), max_size=20))
def test_evaluating_ends_when_the_last_of_its_blocks_does(actions):
    model = Sequential(Linear(2, 2, rng=0), Dropout(0.5))
    modes = {module: i % 2 == 0 for i, module in enumerate(model.modules())}
    for module, training in modes.items():
        module.training = training
    entered = []
    for action in actions:
        if action < 3 or not entered:
            entered.append(within(model.evaluating))
            next(entered[-1])
        else:
            entered.pop(action * 7 % len(entered)).close()
        if entered:
            assert not any(module.training for module in model.modules())
        else:
            assert {module: module.training for module in model.modules()} == modes
    while entered:
        entered.pop(0).close()
    assert {module: module.training for module in model.modules()} == modes
