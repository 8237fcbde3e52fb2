"""A container that passes its input through modules in turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import index
from typing import TYPE_CHECKING, Any, cast, overload

from autograd import Tensor
from autograd.extend import describe
from nn.module import Module

if TYPE_CHECKING:
    from typing import Self


class Sequential(Module):
    """Pass the input through each layer in turn.

    Parameters
    ----------
    *layers : Module or mapping of str to Module
        The layers, one by one; or a single mapping from their names to the layers.

    Raises
    ------
    TypeError
        If a layer is not a Module.
    ValueError
        If a name is not an identifier, or is used twice.

    Notes
    -----
    A layer is indexed by its position, also from the end, or by its name; a slice is a Sequential of the same layers.
    Parameters are named after the position or name of their layer, as in PyTorch: `0.weight`, `hidden.weight`.

    Examples
    --------
    >>> from nn import Linear, ReLU
    >>> model = Sequential({"hidden": Linear(4, 3), "relu": ReLU()})
    >>> model.append(Linear(3, 2, bias=False))
    Sequential(
      hidden: Linear(4, 3)
      relu: ReLU()
      2: Linear(3, 2, bias=False)
    )
    >>> model[0] is model["hidden"], model[-1], len(model[:2])
    (True, Linear(3, 2, bias=False), 2)
    """

    def __init__(self, *layers: Module | Mapping[str, Module]) -> None:
        self._layers: list[Module] = []
        self._names: list[str | None] = []  # None for a layer that is named by its position
        first = layers[0] if len(layers) == 1 else None
        items: Iterable[tuple[str | None, Any]]  # Any, as append checks what it gets
        items = first.items() if isinstance(first, Mapping) else ((None, layer) for layer in layers)
        for name, layer in items:
            self._append(layer, None if name == str(len(self)) else name)

    def append(self, layer: Module, *, name: str | None = None) -> Sequential:
        """Add a layer at the end.

        Parameters
        ----------
        layer : Module
            The layer.
        name : str, optional
            Its name, an identifier; the position if None.

        Returns
        -------
        Sequential
            This Sequential.

        Raises
        ------
        TypeError
            If `layer` is not a Module.
        ValueError
            If `name` is not an identifier, or is used already.
        """
        return self._append(layer, name, unused=name is None or name not in self._names)

    def _append(self, layer: object, name: str | None, *, unused: bool = True) -> Self:
        """Append with a name that is known to be unused, as the keys of a mapping are, or not."""
        checked = _checked_module(layer)
        if name is not None and (not isinstance(name, str) or not name.isidentifier() or not unused):
            raise ValueError(
                f"Sequential expected an unused identifier such as 'hidden' as the name of a layer, got {name!r}; "
                f"choose another one (in use: {', '.join(filter(None, self._names)) or 'none'})"
            )
        self._layers.append(checked)
        self._names.append(name)
        return self

    def forward(self, x: Tensor) -> Tensor:
        for layer in self._layers:
            x = layer(x)
        return x

    def parts(self) -> Iterator[tuple[str, object]]:
        """Iterate over the layers with their names, then over other attributes.

        Yields
        ------
        name : str
            The name or position of a layer, or the name of an attribute.
        value : object
            The layer or the attribute's value.
        """
        yield from self.layers.items()
        yield from ((name, value) for name, value in vars(self).items() if name not in {"_layers", "_names"})

    @property
    def layers(self) -> dict[str, Module]:
        """The layers by name; a layer without a name is named by its position."""
        return {name or str(i): layer for i, (name, layer) in enumerate(zip(self._names, self._layers, strict=True))}

    def arguments(self) -> dict[str, object]:
        return {"layers": self.layers}

    @classmethod
    def make(cls, arguments: dict[str, object]) -> Self:
        return cls(cast("Mapping[str, Module]", arguments["layers"]))

    def __len__(self) -> int:
        return len(self._layers)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._layers)

    @overload
    def __getitem__(self, which: int | str) -> Module: ...

    @overload
    def __getitem__(self, which: slice) -> Sequential: ...

    def __getitem__(self, which: int | str | slice) -> Module | Sequential:
        if isinstance(which, slice):
            part = Sequential()
            for layer, name in zip(self._layers[which], self._names[which], strict=True):
                part.append(layer, name=name)
            return part
        return self._layers[self._position(which)]

    def __setitem__(self, which: int | str, layer: Module) -> None:
        self._layers[self._position(which)] = _checked_module(layer)

    def _position(self, which: int | str) -> int:
        """The position of a layer, given by position or name."""
        position = list(self.layers).index(which) if which in self.layers else which
        if isinstance(position, str) or not -len(self) <= index(position) < len(self):
            known = ", ".join(self.layers) or "none"
            raise IndexError(f"Sequential expected the position or name of a layer ({known}), got {which!r}")
        return position


def _checked_module(layer: object) -> Module:
    """The layer, or a TypeError if it is not a Module."""
    if not isinstance(layer, Module):
        raise TypeError(
            "Sequential expected modules, passed one by one as in Sequential(Linear(4, 3), ReLU()), "
            f"got {describe(layer)}"
        )
    return layer
