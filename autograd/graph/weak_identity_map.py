"""A weak dictionary by identity: what is known of nodes as long as they live, where == may compare their elements."""

from __future__ import annotations

from typing import Any, Generic, TypeVar
from weakref import ref

Thing = TypeVar("Thing")


class WeakByIdentity(Generic[Thing]):
    """One thing for each node, forgotten together with the node."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Any, Thing]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def __setitem__(self, node: Any, thing: Thing) -> None:
        key = id(node)
        self._entries[key] = (ref(node, lambda _: self._entries.pop(key, None)), thing)

    def get(self, node: Any, default: Thing) -> Thing:
        """The thing of a node, or the default."""
        entry = self._entries.get(id(node))
        return default if entry is None else entry[1]
