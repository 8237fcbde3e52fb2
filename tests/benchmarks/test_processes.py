"""What runs in a process of its own."""

import os

import pytest

from benchmarks.processes import apart


def test_a_result_comes_from_another_process():
    assert apart(os.getpid) != os.getpid()


def test_a_process_that_dies_is_told():
    with pytest.raises(ChildProcessError, match=r"the process of _exit\(1,\) ended without a result"):
        apart(os._exit, 1)
