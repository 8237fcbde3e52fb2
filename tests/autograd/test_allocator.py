"""The allocator: arrays of the sizes of the last step cost no new pages."""

import os
import platform
import subprocess
import sys

import pytest

STEPS = """
import resource
import numpy as np
{imported}

def step():
    arrays = [np.ones(1 << 20, np.uint8) for _ in range(8)]

step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(imported):
    code = STEPS.format(imported=imported)
    return int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or any(name.startswith(("MALLOC_", "GLIBC_TUNABLES")) for name in os.environ),
    reason="this is about glibc's allocator, as it is by default",
)
def test_arrays_of_a_megabyte_are_used_again():
    assert faults("import autograd") * 10 < faults("")
