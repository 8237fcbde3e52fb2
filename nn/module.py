"""Module: what layers, losses and models have in common; what one is made of is found by looking at its structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from textwrap import indent
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import Tensor, Value, unfold
from nn import errors

if TYPE_CHECKING:
    from inspect import Parameter
    from typing import Self

    from nn.summary import Summary

State = dict[str, np.ndarray]  # the arrays of a model by name
IGNORED = "num_batches_tracked"  # PyTorch's batch norm counts its batches, which nothing here needs
RANDOM = ("rng", "init")  # arguments that say how a module starts, not what it is


class Module:
    """The base of layers, losses and models: define `forward`, call the module.

    Its leaf Tensors are found among the attributes, and in the modules among them, also inside lists, tuples and dicts,
    each once, with a name that says where: `hidden.weight`. Those with `requires_grad=True` are its parameters, the
    others its buffers: what it keeps without learning it by gradients, such as batch norm's running mean.

    Where each argument of `__init__` is kept as an attribute of its name, as scikit-learn has it, the module's repr
    and its place in a saved file write themselves; a module that keeps them otherwise defines `arguments`.
    """

    training = True  # False after eval(): dropout lets everything pass

    def forward(self, *inputs: Any, **options: Any) -> Tensor:
        """The output for a batch of inputs."""
        raise NotImplementedError(f"{type(self).__name__} must define forward")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """`forward`. Where the first input is an array, a Tensor is made of it; where it is an array (or nested lists)
        of Values, the model runs on Values: what comes out are Values, made of the same numbers gate by gate.
        """
        first, *rest = inputs
        if isinstance(first, Tensor):
            return self.forward(first, *rest, **options)
        values = _values(first)
        if values is not None:
            return self._on_values(values, *rest, **options)
        return self.forward(Tensor(first, copy=False), *rest, **options)

    def _on_values(self, values: np.ndarray, *rest: Any, **options: Any) -> Any:
        x = Tensor(np.array([value.data for value in values.flat]).reshape(values.shape), requires_grad=True)
        names = {parameter: name for name, parameter in self.named_parameters()}
        return unfold(self.forward(x, *rest, **options), values={x: values}, names=names).out

    def __repr__(self) -> str:
        """As one would write it, without what is at its default; below it the modules that it is made of."""
        inside = "".join(f"\n{indent(f'{name}: {module!r}', '  ')}" for name, module in self.children())
        return f"{type(self).__name__}({inside}\n)" if inside else f"{type(self).__name__}({self._written()})"

    def _written(self) -> str:
        got, parts = self.arguments(), []
        for name, parameter in _parameters_of(type(self)).items():
            if name in got and parameter.default is parameter.empty:
                parts.append(repr(got[name]))
            elif name in got and got[name] != parameter.default:
                parts.append(f"{name}={got[name]!r}")
        return ", ".join(parts)

    def arguments(self) -> dict[str, Any]:
        """What `__init__` would be given to make a module of this kind and size, without what is random about it."""
        return {name: getattr(self, name) for name in _parameters_of(type(self)) if hasattr(self, name)}

    @classmethod
    def make(cls, arguments: dict[str, Any]) -> Self:
        """A module from what `arguments` gives."""
        return cls(**arguments)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """The attributes by name, among which modules and Tensors are looked for."""
        yield from vars(self).items()

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """This module, named "", and all modules inside it, each once, with the name of the first place."""
        for name, thing in _walk(self, "", set()):
            if isinstance(thing, Module):
                yield name, thing

    def modules(self) -> Iterator[Module]:
        """This module and all modules inside it, each once."""
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[tuple[str, Module]]:
        """The modules that this one is made of, without those inside them, with their names."""
        for key, value in self.parts():
            for name, thing in _walk(value, key, {id(self)}, into_modules=False):
                if isinstance(thing, Module):
                    yield name, thing

    def named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Each parameter and each buffer once, with the name of the first place where it was found."""
        names: set[str] = set()
        for name, thing in _walk(self, "", set()):
            if isinstance(thing, Tensor) and thing.gate is None:
                if name in names:
                    raise ValueError(errors.NAME_TWICE.format(model=type(self).__name__, name=name))
                names.add(name)
                yield name, thing

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Each parameter once, with its name."""
        return ((name, tensor) for name, tensor in self.named_tensors() if tensor.requires_grad)

    def parameters(self) -> Iterator[Tensor]:
        """Each parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Each buffer once, with its name."""
        return ((name, tensor) for name, tensor in self.named_tensors() if not tensor.requires_grad)

    def buffers(self) -> Iterator[Tensor]:
        """Each buffer once."""
        return (buffer for _, buffer in self.named_buffers())

    def generators(self) -> dict[str, np.random.Generator]:
        """The random generators inside, such as dropout's, each once, by name: what they will draw is state as well."""
        return {name: thing for name, thing in _walk(self, "", set()) if isinstance(thing, np.random.Generator)}

    def state_dict(self) -> State:
        """A copy of every parameter and buffer, by name."""
        return {name: tensor.data.copy() for name, tensor in self.named_tensors()}

    def load_state_dict(self, state: Mapping[str, Any], *, strict: bool = True, assign: bool = False) -> Misfit:
        """Give every parameter and buffer the numbers that `state` has under its name.

        strict  False to leave alone what is missing from `state`, and to ignore what is too many in it
        assign  whether to take over the dtype of the numbers too, instead of keeping the Tensor's

        Returns the names that were missing and those that were too many. Raises ValueError, which lists all that does
        not fit, before anything is changed.
        """
        tensors = dict(self.named_tensors())
        arrays = {name: np.asarray(array.data if isinstance(array, Tensor) else array) for name, array in state.items()}
        missing = [name for name in tensors if name not in arrays]
        unexpected = [name for name in arrays if name not in tensors and not name.endswith(IGNORED)]
        misfit = Misfit(missing, unexpected)
        lines = [f"missing: {name} {tensors[name].shape}" for name in misfit.missing if strict]
        lines += [f"unexpected: {name} {arrays[name].shape}" for name in misfit.unexpected if strict]
        for name in tensors.keys() & arrays.keys():
            if arrays[name].shape != tensors[name].shape:
                lines.append(f"of another shape: {name} has {tensors[name].shape}, got {arrays[name].shape}")
            elif arrays[name].dtype.kind not in ("f" if assign and tensors[name].requires_grad else "fiu"):
                lines.append(f"of another kind: {name} holds numbers, got dtype {arrays[name].dtype}")
        if lines:
            raise ValueError(errors.MODEL_STATE.format(model=type(self).__name__, lines="\n  ".join(sorted(lines))))
        for name in tensors.keys() & arrays.keys():
            dtype = arrays[name].dtype if assign else tensors[name].dtype
            tensors[name].data = arrays[name].astype(dtype, order="C")  # a copy, in any case
        return misfit

    def summary(self, input_shape: tuple[int, ...] | None = None) -> Summary:
        """A table of the layers with their parameters; with the shape of one sample, also with what each puts out.

        >>> from nn import Linear, ReLU, Sequential
        >>> Sequential(Linear(3072, 512), ReLU(), Linear(512, 10)).summary((3072,))
        layer      output    parameters
        0  Linear  (n, 512)   1,573,376
        1  ReLU    (n, 512)           0
        2  Linear  (n, 10)        5,130
        total                 1,578,506  (6.3 MB)
        """
        from nn.summary import summarize

        return summarize(self, input_shape)

    def train(self, mode: bool = True) -> Self:
        """Switch this module and all inside it to training."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch this module and all inside it to evaluation: dropout lets everything pass."""
        return self.train(False)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Evaluation within a `with` block; after it each module is again in the mode that it was in."""
        modes = {module: module.training for module in self.modules()}
        self.eval()
        try:
            yield
        finally:
            for module, mode in modes.items():
                module.training = mode

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def astype(self, dtype: Any) -> Self:
        """Convert all parameters and buffers to a floating-point dtype, in place; gradcheck wants float64."""
        if np.dtype(dtype).kind != "f":
            raise TypeError(errors.FLOATING.format(got=np.dtype(dtype)))
        for _, tensor in self.named_tensors():
            tensor.data = tensor.data.astype(np.dtype(dtype), order="C")
            tensor.zero_grad()
        return self


class Misfit(NamedTuple):
    """What a state and a model did not have in common."""

    missing: list[str]
    unexpected: list[str]


def _parameters_of(kind: type[Module]) -> dict[str, Parameter]:
    """The arguments of a module's `__init__` by name, without what is random about it."""
    from inspect import Parameter, signature

    if kind.__init__ is object.__init__:
        return {}
    plain = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    found = signature(kind).parameters.items()
    return {name: parameter for name, parameter in found if parameter.kind in plain and name not in RANDOM}


def _values(thing: Any) -> np.ndarray | None:
    """An array of nothing but Values, of nested lists too; None where `thing` is something else."""
    first = thing
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if not isinstance(first, Value) and getattr(first, "dtype", None) != np.dtype(object):
        return None
    array = np.asarray(thing, dtype=object)
    return array if array.size and all(isinstance(value, Value) for value in array.flat) else None


def _walk(thing: Any, name: str, seen: set[int], *, into_modules: bool = True) -> Iterator[tuple[str, Any]]:
    """Yield the modules, Tensors and generators inside `thing`, itself first, each once, named by the first place."""
    found = (Module, Tensor, np.random.Generator)
    if not isinstance(thing, (*found, dict, list, tuple)) or id(thing) in seen:
        return
    seen.add(id(thing))
    items: Any = ()
    if isinstance(thing, found):
        yield name, thing
        if isinstance(thing, Module) and into_modules:
            items = thing.parts()
    else:
        items = thing.items() if isinstance(thing, dict) else enumerate(thing)
    for key, value in items:
        yield from _walk(value, f"{name}.{key}" if name else str(key), seen, into_modules=into_modules)
