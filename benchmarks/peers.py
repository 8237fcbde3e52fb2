"""Peers: other libraries, loaded if they are installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


class Missing(Exception):
    """A library or data set that a benchmark needs is missing; the benchmark is skipped with this reason."""


def load(name: str) -> ModuleType:
    """Import a module of a peer.

    Parameters
    ----------
    name : str
        The module.

    Returns
    -------
    module
        The module.

    Raises
    ------
    Missing
        If the peer is not installed. A peer that is installed but cannot be imported raises its own error.
    """
    package = name.partition(".")[0]
    if find_spec(package) is None:
        raise Missing(f"{package}: not installed, skipped")
    return import_module(name)
