"""The host of a run: its hardware and software, without names of machines, users or folders."""

from __future__ import annotations

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.peers import Missing, load

LIBRARIES = ("gatewise", "numpy", "numba", "torch", "micrograd", "casadi", "scikit-learn", "scipy", "jax")


def facts() -> dict[str, str]:
    """Describe the host. This loads libraries, so call it in a process of its own.

    Returns
    -------
    dict of str to str
        The facts, by name.
    """
    return {
        "processor": f"{_processor()}, {_cores()} cores, {_memory()} of memory",
        "system": f"{_system()}, {platform.machine()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "libraries": ", ".join(f"{name} {_version(name)}" for name in LIBRARIES),
        **_threads(),
    }


def _processor() -> str:
    """The model name, if the system knows it."""
    info = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*:\s*(.+)$", info.read_text(), re.MULTILINE) if info.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def _cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, and other systems may lack these names
        return "an unknown amount"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _threads() -> dict[str, str]:
    """The BLAS and the threads of each side."""
    import sklearn.neighbors  # noqa: F401  loads NumPy, SciPy and OpenMP
    from threadpoolctl import threadpool_info

    pools = {
        f"{pool['internal_api']} {pool['version'] or ''}".strip() + f" ({pool['num_threads']} threads)"
        for pool in threadpool_info()
    }
    return {
        "BLAS and OpenMP of NumPy, SciPy and scikit-learn": ", ".join(sorted(pools)),
        "threads of gatewise": f"NumPy's for matrix products, {_cores()} for neighbours, otherwise one",
        "torch": _torch(),
    }


def _torch() -> str:
    try:
        torch = load("torch")
    except Missing as missing:
        return str(missing)
    blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return f"{blas.group(1) if blas else 'unknown'} as BLAS, {torch.get_num_threads()} threads"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "(not installed)"
