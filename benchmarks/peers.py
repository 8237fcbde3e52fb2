"""Peers: other libraries, loaded where they are installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any


class Missing(Exception):
    """What a benchmark wants is not there: it is skipped, by this name and reason."""


def load(name: str) -> Any:
    """A peer's module; Missing where it is not installed (one that is there and breaks is an error)."""
    package = name.partition(".")[0]
    if find_spec(package) is None:
        raise Missing(f"{package}: not installed, skipped")
    return import_module(name)
