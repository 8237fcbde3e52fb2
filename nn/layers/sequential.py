"""Sequential: modules one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import index
from typing import TYPE_CHECKING, Any, overload

from autograd import Tensor
from autograd.extend import describe
from nn import errors
from nn.module import Module

if TYPE_CHECKING:
    from typing import Self


class Sequential(Module):
    """Passes its input through each of its layers in turn; they are given one by one, or in a dict with names.

    A layer is found by its place or its name, also from the end; a slice is a Sequential of the same layers. Parameters
    bear the place or the name of their layer, as in PyTorch: `0.weight`, `hidden.weight`.

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
        self._names: list[str | None] = []  # None for a layer that goes by its place
        first = layers[0] if len(layers) == 1 else None
        items: Any = first.items() if isinstance(first, Mapping) else ((None, layer) for layer in layers)
        for name, layer in items:
            self.append(layer, name=None if name == str(len(self)) else name)

    def append(self, layer: Module, *, name: str | None = None) -> Sequential:
        """Put a layer at the end; the Sequential itself is returned."""
        if not isinstance(layer, Module):
            raise TypeError(errors.NOT_MODULE.format(got=describe(layer)))
        if name is not None and (not isinstance(name, str) or not name.isidentifier() or name in self._names):
            raise ValueError(errors.LAYER_NAME.format(got=name, taken=", ".join(filter(None, self._names)) or "none"))
        self._layers.append(layer)
        self._names.append(name)
        return self

    def forward(self, x: Tensor) -> Tensor:
        for layer in self._layers:
            x = layer(x)
        return x

    def parts(self) -> Iterator[tuple[str, Any]]:
        """The layers by name, then whatever else was made an attribute."""
        yield from self.layers.items()
        yield from ((name, thing) for name, thing in vars(self).items() if name not in {"_layers", "_names"})

    @property
    def layers(self) -> dict[str, Module]:
        """The layers by name; one without a name goes by its place."""
        return {name or str(i): layer for i, (name, layer) in enumerate(zip(self._names, self._layers, strict=True))}

    def arguments(self) -> dict[str, Any]:
        return {"layers": self.layers}

    @classmethod
    def make(cls, arguments: dict[str, Any]) -> Self:
        return cls(arguments["layers"])

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
        return self._layers[self._place(which)]

    def __setitem__(self, which: int | str, layer: Module) -> None:
        if not isinstance(layer, Module):
            raise TypeError(errors.NOT_MODULE.format(got=describe(layer)))
        self._layers[self._place(which)] = layer

    def _place(self, which: int | str) -> int:
        place = list(self.layers).index(which) if which in self.layers else which
        if isinstance(place, str) or not -len(self) <= index(place) < len(self):
            raise IndexError(errors.NO_LAYER.format(got=which, known=", ".join(self.layers) or "none"))
        return place
