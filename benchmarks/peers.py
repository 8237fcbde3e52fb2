"""Peers: other libraries, loaded where they are installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Missing(Exception):
    """What a benchmark wants is not there: it is skipped, by this name and reason."""


def load(name: str) -> Any:
    """A peer's module; Missing where it is not installed (one that is there and breaks is an error)."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        package = name.partition(".")[0]
        if error.name != package:
            raise
        raise Missing(f"{package}: not installed, skipped") from error
