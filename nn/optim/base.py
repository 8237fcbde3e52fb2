"""The base of all optimisers: parameter groups and their settings, the state of each parameter, and `step`.

An optimiser defines `update`, which returns its formula: a plain function of a weight, its gradient and the optimiser's
state. `step` applies the formula to each parameter, block by block, with NumPy. In long runs of large models it uses
the loop over the elements that the optimiser registers with `loop_over`, compiled by numba: it makes one pass over the
weights, where NumPy makes one pass for each operation. Both give the same bits. The docstring of `nn/optim/__init__.py`
says where a new optimiser is registered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, cached_property, partial
from math import inf
from types import FunctionType
from typing import Any, cast

import numpy as np

from autograd import Tensor
from autograd.extend import describe, plain
from nn.module import Module
from nn.validation import SavedState, check_flag, check_keys, check_length, check_number, check_same

Settings = dict[str, Any]  # the settings of an optimiser or a group by name: numbers, flags and tuples
Group = Settings  # with "params", a list of Tensors
State = dict[str, np.ndarray]  # the arrays that an optimiser keeps for one parameter, by name
Formula = Callable[..., tuple[np.ndarray, ...]]  # (weight, gradient, *state, *factors) -> (new weight, *new state)
Loop = Callable[..., None]  # the same on arrays, in place, element by element

BLOCK = 1 << 15  # elements updated at a time: a dozen passes over 128 KiB stay in the processor's cache
WARM, LARGE = 100, 1 << 16  # load numba after this many steps, for models of at least this many elements

LOOPS: dict[Formula, Loop] = {}  # filled by loop_over


def loop_over(formula: Formula) -> Callable[[Loop], Loop]:
    """Register the loop that applies a formula element by element, which is compiled in long runs.

    Parameters
    ----------
    formula : callable
        The formula, defined in the same module as the loop, which calls it by its name.

    Returns
    -------
    callable
        A decorator for the loop, which returns it unchanged.
    """

    def register(loop: Loop) -> Loop:
        LOOPS[formula] = loop
        return loop

    return register


@cache
def _compiled_loop(formula: Formula) -> Loop:
    """The loop of a formula, both compiled. The first call loads numba."""
    from autograd.jit import compiled

    loop = cast(FunctionType, LOOPS[formula])
    names = {**loop.__globals__, formula.__name__: compiled(formula)}
    return compiled(FunctionType(loop.__code__, names, loop.__name__))


_positive = partial(check_number, float, above=0, below=inf)
_not_negative = partial(check_number, float, at_least=0, below=inf)
_fraction = partial(check_number, float, at_least=0, below=1)


def _two_fractions(name: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise ValueError(f"{name} must be a pair of numbers, got {value!r}")
    return tuple(_fraction(f"{name}[{i}]", number) for i, number in enumerate(value))


SETTINGS: dict[str, Callable[[str, object], object]] = {  # the check of each setting; add your own optimiser's
    "lr": _not_negative,  # a schedule may lower it to 0; users must set it above 0
    "momentum": _fraction,
    "nesterov": check_flag,
    "alpha": _fraction,
    "betas": _two_fractions,
    "eps": _positive,
    "weight_decay": _not_negative,
}


class Optimizer:
    """Base class of the optimisers: parameters in groups, each group with its own settings, and their state.

    A custom optimiser passes its settings to ``super().__init__``, adds the check of each new one to
    ``nn.optim.base.SETTINGS``, and defines `state_names` and `update`.

    Parameters
    ----------
    parameters : iterable of Tensor, or of dict
        The Tensors to update, such as ``model.parameters()``; or groups of them, such as
        ``[{"params": weights}, {"params": biases, "lr": 0.01}]``. A group that lacks a setting uses the optimiser's.
    **settings : object
        The optimiser's settings by name, such as ``lr=0.1``.

    Attributes
    ----------
    param_groups : list of dict
        The groups, each with "params" and every setting. `step` reads the settings here, so they may be changed
        during a run.
    parameters : list of Tensor
        The parameters of all groups.
    steps : list of int
        How many updates each parameter has had.
    state : list of dict
        For each parameter the arrays that `state_names` names, of its shape and dtype (float32 if that is float16);
        zeros at first.
    lr : float
        The learning rate.

    Raises
    ------
    TypeError
        If `parameters` contains something other than leaf Tensors with ``requires_grad=True``.
    ValueError
        If there are no parameters, one is listed twice, or a setting is unknown or out of range.
    """

    def __init__(self, parameters: Iterable[Tensor] | Iterable[Group], **settings: object) -> None:
        name = type(self).__name__
        given = _listed(name, parameters)
        groups = given if any(isinstance(entry, dict) for entry in given) else [{"params": given}]
        self.param_groups = [self._group(group, settings) for group in groups]
        self.parameters: list[Tensor] = [parameter for group in self.param_groups for parameter in group["params"]]
        if not self.parameters:
            raise ValueError(f"{name} expected parameters to update, got no parameters; pass model.parameters()")
        for parameter, count in Counter(self.parameters).items():
            if count > 1:
                got = describe(parameter)
                raise ValueError(f"{name} got the same parameter twice, a {got}; list each once, in one group")
        self.steps = [0] * len(self.parameters)
        self.state: list[State] = [{} for _ in self.parameters]

    def _group(self, group: object, defaults: dict[str, object]) -> Group:
        """A group with every setting, checked."""
        name = type(self).__name__
        if not isinstance(group, dict) or "params" not in group:
            raise TypeError(
                f"{name} expected parameter groups as dicts with 'params', such as {{'params': weights}}, "
                f"got {describe(group)}"
            )
        own = {key: value for key, value in group.items() if key != "params"}
        unknown = ", ".join(repr(key) for key in own if key not in defaults)
        if unknown:
            known = ", ".join(defaults)
            raise ValueError(f"{name} has no setting {unknown}; besides 'params', a group may have {known}")
        settings = {**defaults, **own}
        _positive("lr", settings["lr"])
        return {"params": parameter_list(name, group["params"]), **self.checked_settings(settings)}

    def checked_settings(self, settings: Settings) -> Settings:
        """Check the settings of a group.

        Parameters
        ----------
        settings : dict
            The settings by name.

        Returns
        -------
        dict
            The settings, with numbers converted to Python's.

        Raises
        ------
        ValueError
            If a setting is out of range.
        """
        return {name: SETTINGS[name](name, value) for name, value in settings.items()}

    @property
    def lr(self) -> float:
        """The learning rate of the first group. Setting it sets that of all groups."""
        return self.param_groups[0]["lr"]

    @lr.setter
    def lr(self, rate: float) -> None:
        rate = _positive("lr", rate)
        for group in self.param_groups:
            group["lr"] = rate

    def zero_grad(self) -> None:
        """Clear the gradients of all parameters."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self) -> None:
        """Update in place every parameter that has a gradient."""
        groups = [group for group in self.param_groups for _ in group["params"]]
        for i, (group, parameter) in enumerate(zip(groups, self.parameters, strict=True)):
            if parameter.grad is not None:
                self.steps[i] += 1
                data = plain(parameter)
                if not (data.flags.c_contiguous and data.flags.writeable):  # its blocks are written into
                    data = np.array(data, order="C")
                parameter.data = data  # a new version, so that graphs recorded before are refused
                dtype = np.promote_types(data.dtype, np.float32)  # half precision is updated in float32, as in PyTorch
                state = self._state(i, self.state_names(group), dtype)
                formula, factors = self.update(group, self.steps[i])
                numbers = tuple(map(dtype.type, factors))
                arrays = [array.reshape(-1) for array in (data, plain(parameter.grad), *state)]
                if self.steps[i] > WARM and self._large and formula in LOOPS and _can_be_compiled(arrays):
                    _compiled_loop(formula)(*arrays, *numbers)
                else:
                    _in_blocks(formula, arrays, numbers)

    @cached_property
    def _large(self) -> bool:
        return sum(parameter.size for parameter in self.parameters) >= LARGE

    def _state(self, i: int, names: tuple[str, ...], dtype: np.dtype) -> list[np.ndarray]:
        """The state of a parameter in a dtype; zeros if there is none yet."""
        parameter, state = self.parameters[i], self.state[i]
        for name in names:
            if name not in state:
                state[name] = np.zeros(parameter.shape, dtype)
            state[name] = state[name].astype(dtype, copy=False)
        return [state[name] for name in names]

    def state_names(self, group: Group) -> tuple[str, ...]:
        """Name the arrays that `update` keeps for each parameter of a group.

        Parameters
        ----------
        group : dict
            The settings of the group.

        Returns
        -------
        tuple of str
            The names, in the order in which the formula expects the arrays.
        """
        raise NotImplementedError

    def update(self, group: Group, step: int) -> tuple[Formula, tuple[float, ...]]:
        """Choose the formula of an update, and compute its factors.

        Parameters
        ----------
        group : dict
            The settings of the group.
        step : int
            The number of the step, from 1.

        Returns
        -------
        formula : callable
            A function ``(weight, gradient, *state, *factors)`` that returns the new weight and the new state. It must
            work on arrays, element by element.
        factors : tuple of float
            The numbers in the formula that are the same for all elements.
        """
        raise NotImplementedError

    def state_dict(self) -> SavedState:
        """Return a copy of the settings and state that the optimiser needs to continue.

        Returns
        -------
        dict
            "type" and "groups": dicts and lists of arrays, numbers, booleans and strings.
        """
        members = iter(zip(self.parameters, self.steps, self.state, strict=True))
        groups = []
        for group in self.param_groups:
            settings = {name: list(value) if isinstance(value, tuple) else value for name, value in group.items()}
            saved = []
            for _ in settings.pop("params"):
                parameter, steps, state = next(members)
                arrays = {name: array.copy() for name, array in state.items()}
                saved.append({"shape": list(parameter.shape), "steps": steps, "state": arrays})
            groups.append({"settings": settings, "parameters": saved})
        return {"type": type(self).__name__, "groups": groups}

    def load_state_dict(self, state: SavedState) -> None:
        """Continue from a saved state.

        Parameters
        ----------
        state : dict
            The result of `state_dict`. Its arrays are copied and cast to the dtype of the state of each parameter.

        Raises
        ------
        ValueError
            If the state belongs to another kind of optimiser, or to other groups or parameters. The optimiser is then
            unchanged.
        """
        kind, groups = check_keys(self, "the parts of the state", state, ("type", "groups"))
        check_same(self, "the type", kind, type(self).__name__)
        groups = check_length(self, "the number of groups", groups, len(self.param_groups))
        loaded = [self._loaded(i, saved) for i, saved in enumerate(groups)]
        for group, (settings, _) in zip(self.param_groups, loaded, strict=True):
            group.update(settings)
        members = [member for _, members in loaded for member in members]
        self.steps, self.state = [steps for steps, _ in members], [arrays for _, arrays in members]

    def _loaded(self, index: int, saved: object) -> tuple[Settings, list[tuple[int, State]]]:
        """The settings of a saved group, and the steps and the state of each of its parameters."""
        group, name = self.param_groups[index], f"group {index}"
        settings, members = check_keys(self, f"the parts of {name}", saved, ("settings", "parameters"))
        check_keys(self, f"the settings of {name}", settings, group.keys() - {"params"})
        members = check_length(self, f"the number of parameters of {name}", members, len(group["params"]))
        loaded = []
        for i, (parameter, member) in enumerate(zip(group["params"], members, strict=True)):
            where = f"of parameter {i} of {name}"
            shape, steps, arrays = check_keys(self, f"the parts {where}", member, ("shape", "steps", "state"))
            check_same(self, f"the shape {where}", shape, list(parameter.shape))
            for key, array in arrays.items():
                check_same(self, f"the shape of the {key} {where}", np.shape(array), parameter.shape)
            copies = {
                key: np.array(array, np.promote_types(parameter.dtype, np.float32), order="C")
                for key, array in arrays.items()
            }
            loaded.append((check_number(int, f"the steps {where}", steps, at_least=0), copies))
        return self.checked_settings(settings), loaded


def parameter_list(user: str, parameters: object) -> list[Tensor]:
    """Convert an iterable of parameters to a list, and check each.

    Parameters
    ----------
    user : str
        The optimiser or function that changes the parameters, for the error message.
    parameters : iterable of Tensor
        The parameters: leaf Tensors with ``requires_grad=True``.

    Returns
    -------
    list of Tensor
        The parameters.

    Raises
    ------
    TypeError
        If `parameters` is not an iterable of such Tensors.
    """
    listed = cast(list[Tensor], _listed(user, parameters))
    for parameter in listed:
        if not isinstance(parameter, Tensor) or not parameter.requires_grad or parameter.gate is not None:
            raise TypeError(
                f"{user} expected parameters, which are leaf Tensors with requires_grad=True, got {describe(parameter)}"
            )
    return listed


def _listed(user: str, parameters: object) -> list[object]:
    if isinstance(parameters, (Tensor, Module, dict)) or not isinstance(parameters, Iterable):
        got = type(parameters).__name__
        raise TypeError(f"{user} expected a list of parameters, got one {got}; pass model.parameters() or [tensor]")
    return list(parameters)


def _can_be_compiled(arrays: list[np.ndarray]) -> bool:
    """Whether the compiled loops accept these arrays: all float32 or all float64, and writeable."""
    dtypes = {array.dtype for array in arrays}
    return (
        len(dtypes) == 1
        and dtypes <= {np.dtype(np.float32), np.dtype(np.float64)}
        and all(array.flags.writeable for array in arrays)
    )


def _in_blocks(formula: Formula, arrays: list[np.ndarray], factors: tuple[np.generic, ...]) -> None:
    """Apply a formula to flat arrays: weights, gradients and state. The gradients are only read."""
    for start in range(0, len(arrays[0]), BLOCK):
        weights, gradients, *state = (array[start : start + BLOCK] for array in arrays)
        numbers = [
            array.astype(np.promote_types(array.dtype, np.float32), copy=False) for array in (weights, gradients)
        ]
        for array, new in zip((weights, *state), formula(*numbers, *state, *factors), strict=True):
            array[...] = new
