"""A weak dictionary keyed by identity: facts about nodes for as long as they live, although == may compare elements."""

from __future__ import annotations

from typing import Generic, TypeVar
from weakref import ref

Fact = TypeVar("Fact")


class WeakIdentityMap(Generic[Fact]):
    """One fact for each node; it goes with the node."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[ref[object], Fact]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __setitem__(self, node: object, fact: Fact) -> None:
        key = id(node)
        self._entries[key] = (ref(node, lambda _: self._entries.pop(key, None)), fact)

    def get(self, node: object, default: Fact) -> Fact:
        """Return the fact about a node, or the default."""
        entry = self._entries.get(id(node))
        return default if entry is None else entry[1]
