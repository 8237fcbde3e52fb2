"""`Module`, the base class of layers, losses and models, which finds its parameters among its attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from textwrap import indent
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from autograd import Tensor, Value, unfold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from inspect import Parameter
    from typing import Self

    from numpy.typing import ArrayLike, DTypeLike

    from nn.summary import Summary

State = dict[str, np.ndarray]  # the arrays of a model by name
PYTORCH_COUNTER = "num_batches_tracked"  # a buffer of PyTorch's batch norm that is ignored here
_evaluating: list[dict[Module, bool]] = []  # for each block of `evaluating`, in order of entry: the modes to restore
RANDOM_ARGUMENTS = ("rng", "init")  # arguments of __init__ that choose the initial numbers, not the architecture


class Module:
    """Base class for all layers, losses and models.

    Subclasses assign Tensors and other modules to attributes in `__init__`, and define `forward`. Calling a module
    runs `forward`.

    Attributes
    ----------
    training : bool, default True
        The mode: `train()` sets it to True, `eval()` to False. Dropout and batch norm behave differently in each.

    Notes
    -----
    Tensors and modules are found among the attributes, also inside lists, tuples and dicts. Each is found once and
    named after its first place, such as `hidden.weight`. Leaf Tensors with `requires_grad=True` are the *parameters*;
    the other leaf Tensors are the *buffers*, which belong to the state but are not trained, such as the running mean
    of batch norm.

    If each argument of `__init__` is stored in an attribute of the same name, as in scikit-learn, then the repr works
    and `nn.save` can save the module. Otherwise override `arguments`.

    Examples
    --------
    >>> from nn import Linear
    >>> class Classifier(Module):
    ...     def __init__(self, features, classes):
    ...         self.features, self.classes = features, classes
    ...         self.hidden = Linear(features, 8, rng=0)
    ...         self.out = Linear(8, classes, rng=1)
    ...
    ...     def forward(self, x):
    ...         return self.out(self.hidden(x).relu())
    >>> model = Classifier(4, 2)
    >>> [name for name, _ in model.named_parameters()]
    ['hidden.weight', 'hidden.bias', 'out.weight', 'out.bias']
    >>> model(np.zeros((5, 4))).shape
    (5, 2)
    """

    training = True

    def forward(self, *inputs: Any, **options: Any) -> Tensor:
        """Compute the output for a batch of inputs; every subclass defines this method.

        Parameters
        ----------
        *inputs : Tensor
            The inputs. `__call__` converts the first one to a Tensor.
        **options : object
            Further arguments that a subclass may accept.

        Returns
        -------
        Tensor
            The output.

        Raises
        ------
        NotImplementedError
            If the subclass does not define `forward`.
        """
        raise NotImplementedError(f"{type(self).__name__} must define forward")

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Run `forward`.

        If the first input is an array, it is converted to a Tensor. If it is an array or a nested list of Values, the
        module runs on Values: the output is a Value or an array of Values, computed gate by gate from the same numbers.
        """
        first, *rest = inputs
        if isinstance(first, Tensor):
            return self.forward(first, *rest, **options)
        values = _as_values(first)
        if values is not None:
            return self._forward_values(values, *rest, **options)
        return self.forward(Tensor(first, copy=False), *rest, **options)

    def _forward_values(self, values: np.ndarray, *rest: object, **options: object) -> Value | np.ndarray:
        """Run `forward` on Tensors, then unfold its graph to a graph of Values."""
        x = Tensor(np.array([value.data for value in values.flat]).reshape(values.shape), requires_grad=True)
        names = {parameter: name for name, parameter in self.named_parameters()}
        return unfold(self.forward(x, *rest, **options), values={x: values}, names=names).out

    def __repr__(self) -> str:
        """The call that constructs the module, without arguments at their default; or the modules inside it."""
        inside = "".join(f"\n{indent(f'{name}: {module!r}', '  ')}" for name, module in self.children())
        return f"{type(self).__name__}({inside}\n)" if inside else f"{type(self).__name__}({self._repr_arguments()})"

    def _repr_arguments(self) -> str:
        """The arguments of the repr: required ones by position, others by name where not at their default."""
        got, parts = self.arguments(), []
        for name, parameter in _init_parameters(type(self)).items():
            if name in got and parameter.default is parameter.empty:
                parts.append(repr(got[name]))
            elif name in got and got[name] != parameter.default:
                parts.append(f"{name}={got[name]!r}")
        return ", ".join(parts)

    def arguments(self) -> dict[str, object]:
        """Return the arguments of `__init__` that rebuild a module of the same architecture.

        Override this method if `__init__` does not store each argument in an attribute of the same name.

        Returns
        -------
        dict of str to object
            The value of each argument by name, without `rng` and `init`, which only choose the initial numbers.
        """
        return {name: getattr(self, name) for name in _init_parameters(type(self)) if hasattr(self, name)}

    @classmethod
    def make(cls, arguments: dict[str, object]) -> Self:
        """Construct a module from the result of `arguments`.

        Parameters
        ----------
        arguments : dict of str to object
            The arguments of `__init__` by name.

        Returns
        -------
        Module
            A new module of this class.
        """
        return cls(**arguments)

    def parts(self) -> Iterator[tuple[str, object]]:
        """Iterate over the attributes in which modules and Tensors are searched.

        Yields
        ------
        name : str
            The name of the attribute.
        value : object
            Its value.
        """
        yield from vars(self).items()

    def named_modules(self) -> Iterator[tuple[str, Module]]:
        """Iterate over this module and all modules inside it, each once.

        Yields
        ------
        name : str
            The name of the module, such as "encoder.0"; "" for this module.
        module : Module
            The module.
        """
        for name, found in _walk(self, "", set()):
            if isinstance(found, Module):
                yield name, found

    def modules(self) -> Iterator[Module]:
        """Iterate over this module and all modules inside it, each once.

        Returns
        -------
        iterator of Module
            The modules, this one first.
        """
        return (module for _, module in self.named_modules())

    def children(self) -> Iterator[tuple[str, Module]]:
        """Iterate over the modules directly inside this one, without those inside them.

        Yields
        ------
        name : str
            The name of the module.
        module : Module
            The module.
        """
        for key, value in self.parts():
            for name, found in _walk(value, key, {id(self)}, into_modules=False):
                if isinstance(found, Module):
                    yield name, found

    def named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Iterate over all parameters and buffers, each once.

        Yields
        ------
        name : str
            The name of the Tensor, such as "hidden.weight".
        tensor : Tensor
            The parameter or buffer.

        Raises
        ------
        ValueError
            If two Tensors have the same name.
        """
        names: set[str] = set()
        for name, found in _walk(self, "", set()):
            if isinstance(found, Tensor) and found.gate is None:
                if name in names:
                    raise ValueError(
                        f"{type(self).__name__} expected a different name for each Tensor, got two Tensors named "
                        f"{name!r}; rename one of them, since a state holds one array for each name"
                    )
                names.add(name)
                yield name, found

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Iterate over the parameters with their names, each once.

        Returns
        -------
        iterator of (str, Tensor)
            The name and the parameter.
        """
        return ((name, tensor) for name, tensor in self.named_tensors() if tensor.requires_grad)

    def parameters(self) -> Iterator[Tensor]:
        """Iterate over the parameters, each once, as an optimiser expects them.

        Returns
        -------
        iterator of Tensor
            The Tensors with `requires_grad=True`.
        """
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, Tensor]]:
        """Iterate over the buffers with their names, each once.

        Returns
        -------
        iterator of (str, Tensor)
            The name and the buffer.
        """
        return ((name, tensor) for name, tensor in self.named_tensors() if not tensor.requires_grad)

    def buffers(self) -> Iterator[Tensor]:
        """Iterate over the buffers, each once.

        Returns
        -------
        iterator of Tensor
            The Tensors with `requires_grad=False`.
        """
        return (buffer for _, buffer in self.named_buffers())

    def generators(self) -> dict[str, np.random.Generator]:
        """Return the random generators inside the module, whose state a checkpoint must keep as well.

        Returns
        -------
        dict of str to numpy.random.Generator
            Each generator once, by name, such as "1.rng" for that of a Dropout.
        """
        return {name: found for name, found in _walk(self, "", set()) if isinstance(found, np.random.Generator)}

    def state_dict(self) -> State:
        """Return a copy of all parameters and buffers.

        Returns
        -------
        dict of str to numpy.ndarray
            The arrays by name.
        """
        return {name: tensor.data.copy() for name, tensor in self.named_tensors()}

    def load_state_dict(
        self, state: Mapping[str, ArrayLike | Tensor], *, strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy the arrays of a state into the parameters and buffers of the same names.

        Parameters
        ----------
        state : mapping of str to array_like
            The arrays by name, each of the shape of its Tensor, as `state_dict` returns them.
        strict : bool, default True
            Whether to raise an error if names are missing from `state` or unexpected in it. If False, such names are
            ignored.
        assign : bool, default False
            Whether to take over the dtypes of `state` instead of converting its arrays to those of the Tensors.

        Returns
        -------
        IncompatibleKeys
            The names that were missing and those that were unexpected.

        Raises
        ------
        ValueError
            If the state does not fit. The message lists every difference; the module is unchanged.
        """
        tensors = dict(self.named_tensors())
        arrays = {name: np.asarray(array.data if isinstance(array, Tensor) else array) for name, array in state.items()}
        missing = [name for name in tensors if name not in arrays]
        unexpected = [name for name in arrays if name not in tensors and not name.endswith(PYTORCH_COUNTER)]
        lines = [f"missing: {name} {tensors[name].shape}" for name in missing if strict]
        lines += [f"unexpected: {name} {arrays[name].shape}" for name in unexpected if strict]
        for name in tensors.keys() & arrays.keys():
            if arrays[name].shape != tensors[name].shape:
                lines.append(f"wrong shape: {name} expected {tensors[name].shape}, got {arrays[name].shape}")
            elif arrays[name].dtype.kind not in ("f" if assign and tensors[name].requires_grad else "fiu"):
                lines.append(f"wrong dtype: {name} expected numbers, got dtype {arrays[name].dtype}")
        if lines:
            message = f"the state does not fit {type(self).__name__}, which is unchanged"
            raise ValueError("\n  ".join([message, *sorted(lines)]))
        for name in tensors.keys() & arrays.keys():
            dtype = arrays[name].dtype if assign else tensors[name].dtype
            tensors[name].data = arrays[name].astype(dtype, order="C")  # always a copy
        return IncompatibleKeys(missing, unexpected)

    def summary(self, input_shape: tuple[int, ...] | None = None) -> Summary:
        """Summarise the layers and their numbers of parameters in a table.

        Parameters
        ----------
        input_shape : tuple of int, optional
            The shape of one sample, without the batch axis. If given, the table shows the output shape of each layer.

        Returns
        -------
        Summary
            The table, which prints itself.

        Raises
        ------
        ValueError
            If `input_shape` is not a tuple of positive integers, or does not fit the model.

        Examples
        --------
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
        """Set this module and all modules inside it to training mode.

        Parameters
        ----------
        mode : bool, default True
            True for training mode, False for evaluation mode.

        Returns
        -------
        Module
            This module.
        """
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Set this module and all modules inside it to evaluation mode.

        Returns
        -------
        Module
            This module.
        """
        return self.train(False)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Switch to evaluation mode within a `with` block; afterwards restore the mode of each module.

        Blocks may end in another order than that of their nesting, as suspended generators do. The last one restores
        the mode from before the first.

        Yields
        ------
        None
            Nothing.
        """
        former = {module: module.training for module in self.modules()}
        _evaluating.append(former)
        self.eval()
        try:
            yield
        finally:
            position = next(i for i, modes in enumerate(_evaluating) if modes is former)
            later = _evaluating[position + 1 :]
            del _evaluating[position]
            for module, mode in former.items():
                still = next((modes for modes in later if module in modes), None)
                if still is None:
                    module.training = mode
                else:  # a block that was entered within this one is not over, and is to restore it
                    still[module] = mode

    def zero_grad(self) -> None:
        """Set the gradients of all parameters to None."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def astype(self, dtype: DTypeLike) -> Self:
        """Convert all parameters and buffers to a floating-point dtype, in place.

        Parameters
        ----------
        dtype : dtype_like
            A floating-point dtype; `gradcheck` needs float64.

        Returns
        -------
        Module
            This module, without gradients.

        Raises
        ------
        TypeError
            If `dtype` is not a floating-point dtype.
        """
        if np.dtype(dtype).kind != "f":
            raise TypeError(
                f"astype expected a floating-point dtype, got dtype {np.dtype(dtype)}; use np.float32 or np.float64"
            )
        for _, tensor in self.named_tensors():
            tensor.data = tensor.data.astype(np.dtype(dtype), order="C")
            tensor.zero_grad()
        return self


class IncompatibleKeys(NamedTuple):
    """The names in which a state and a module differ.

    Attributes
    ----------
    missing : list of str
        Names of the module that the state does not have.
    unexpected : list of str
        Names of the state that the module does not have.
    """

    missing: list[str]
    unexpected: list[str]


def _init_parameters(kind: type[Module]) -> dict[str, Parameter]:
    """The parameters of a module's `__init__` by name, without variadic and random ones."""
    from inspect import Parameter, signature

    if kind.__init__ is object.__init__:
        return {}
    named = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
    found = signature(kind).parameters.items()
    return {name: parameter for name, parameter in found if parameter.kind in named and name not in RANDOM_ARGUMENTS}


def _as_values(thing: object) -> np.ndarray | None:
    """An array of Values from an array or nested list of Values only; None for anything else."""
    first = thing
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if not isinstance(first, Value) and getattr(first, "dtype", None) != np.dtype(object):
        return None
    array = np.asarray(thing, dtype=object)
    return array if array.size and all(isinstance(value, Value) for value in array.flat) else None


def _walk(
    thing: object, name: str, seen: set[int], *, into_modules: bool = True
) -> Iterator[tuple[str, Module | Tensor | np.random.Generator]]:
    """Yield `thing` if it is a module, Tensor or generator, then those inside it, each once, with its name."""
    wanted = (Module, Tensor, np.random.Generator)
    if not isinstance(thing, (*wanted, dict, list, tuple)) or id(thing) in seen:
        return
    seen.add(id(thing))
    items: Iterable[tuple[object, object]] = ()
    if isinstance(thing, wanted):
        yield name, thing
        if isinstance(thing, Module) and into_modules:
            items = thing.parts()
    else:
        items = thing.items() if isinstance(thing, dict) else enumerate(thing)
    for key, value in items:
        yield from _walk(value, f"{name}.{key}" if name else str(key), seen, into_modules=into_modules)
