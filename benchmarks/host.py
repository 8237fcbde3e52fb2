"""The machine and the software of a run, as the report names them: no host, user or folder."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.peers import Missing, load

LIBRARIES = ("gatewise", "numpy", "numba", "torch", "micrograd", "casadi", "scikit-learn", "scipy", "jax")


def facts() -> dict[str, str]:
    """What there is to tell, by name. It loads libraries: call it in a process of its own."""
    return {
        "processor": f"{processor()}, {cores()} cores, {memory()} of memory",
        "system": f"{system()}, {platform.machine()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "libraries": ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        **threads(),
    }


def processor() -> str:
    """Its name, where the system tells it."""
    told = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*:\s*(.+)$", told.read_text(), re.MULTILINE) if told.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> str:
    try:
        return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, and not every system knows these names
        return "an unknown amount"


def system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def threads() -> dict[str, str]:
    """The BLAS and the threads of each side."""
    told = {}
    import sklearn.neighbors  # noqa: F401  which loads numpy and scipy and OpenMP
    from threadpoolctl import threadpool_info

    pools = [
        f"{pool['internal_api']} {pool['version'] or ''}".strip() + f" ({pool['num_threads']} threads)"
        for pool in threadpool_info()
    ]
    told["BLAS and OpenMP of NumPy, SciPy and scikit-learn"] = ", ".join(sorted(set(pools)))
    told["threads of gatewise"] = f"NumPy's for matrix products, {cores()} for neighbours, else one"
    try:
        torch = load("torch")
    except Missing as missing:
        told["torch"] = str(missing)
    else:
        blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
        told["torch"] = f"{blas.group(1) if blas else 'unknown'} as BLAS, {torch.get_num_threads()} threads"
    return told


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
