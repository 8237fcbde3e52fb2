"""Functions that run in a fresh process."""

import os

import pytest

from benchmarks.processes import run_isolated


def test_runs_in_another_process():
    assert run_isolated(os.getpid) != os.getpid()


def test_reports_a_process_that_dies():
    with pytest.raises(ChildProcessError, match=r"the process of _exit\(1,\) ended without a result"):
        run_isolated(os._exit, 1)
