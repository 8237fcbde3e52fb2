"""Optimisers: SGD, RMSProp, Adam and AdamW, which change parameters in place by the gradients that backward left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property, partial
from math import inf
from typing import Any

import numpy as np

from autograd import Tensor
from autograd.extend import describe, plain
from nn import errors
from nn.module import Module
from nn.optim import updates
from nn.validation import check_flag, check_keys, check_length, check_number, check_same

Group = dict[str, Any]  # "params", a list of Tensors, and each setting of the optimiser
Update = Callable[..., tuple[Any, ...]]

BLOCK = 1 << 15  # elements updated at a time: a dozen passes over 128 KiB stay in the processor's cache
WARM, LARGE = 100, 1 << 16  # from how many steps, and for how many elements, machine code is worth loading


_positive = partial(check_number, float, above=0, below=inf)
_not_negative = partial(check_number, float, at_least=0, below=inf)
_share = partial(check_number, float, at_least=0, below=1)


def _shares(what: str, got: Any) -> tuple[float, ...]:
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise ValueError(f"{what} must be a pair of numbers, got {got!r}")
    return tuple(_share(f"{what}[{i}]", share) for i, share in enumerate(got))


SETTINGS: dict[str, Callable[[str, Any], Any]] = {  # the check of each; an optimiser of your own enters its own
    "lr": _not_negative,  # as a schedule may bring it to 0; who sets it by hand gives more
    "momentum": _share,
    "nesterov": check_flag,
    "alpha": _share,
    "betas": _shares,
    "eps": _positive,
    "weight_decay": _not_negative,
}


class Optimizer:
    """What the optimisers have in common: parameters in groups, each with settings of its own, and state.

    parameters  Tensors, as of model.parameters(), or groups as dicts: [{"params": weights}, {"params": biases,
                "lr": 0.01}]; a setting that a group does not have is that of the optimiser

    `param_groups` holds the groups, each with "params" and every setting; `step` reads them there, so they may be
    changed on the way. `parameters` lists the parameters of all groups. `state` has for each of them the arrays that
    `state_names` says, of its shape and dtype, zeros at first; `steps` how many steps it has taken.
    """

    def __init__(self, parameters: Iterable[Tensor] | Iterable[Group], **settings: Any) -> None:
        name = type(self).__name__
        given: list[Any] = _listed(name, parameters)
        groups = given if any(isinstance(thing, dict) for thing in given) else [{"params": given}]
        self.param_groups = [self._group(group, settings) for group in groups]
        self.parameters: list[Tensor] = [parameter for group in self.param_groups for parameter in group["params"]]
        if not self.parameters:
            raise ValueError(errors.NO_PARAMETERS.format(optimizer=name))
        for parameter, count in Counter(self.parameters).items():
            if count > 1:
                raise ValueError(errors.TWICE.format(optimizer=name, got=describe(parameter)))
        self.steps = [0] * len(self.parameters)
        self.state: list[dict[str, np.ndarray]] = [{} for _ in self.parameters]

    def _group(self, group: Any, defaults: dict[str, Any]) -> Group:
        name = type(self).__name__
        if not isinstance(group, dict) or "params" not in group:
            raise TypeError(errors.GROUP.format(optimizer=name, got=describe(group)))
        own = {key: got for key, got in group.items() if key != "params"}
        unknown = ", ".join(repr(key) for key in own if key not in defaults)
        if unknown:
            raise ValueError(errors.UNKNOWN_SETTING.format(optimizer=name, unknown=unknown, known=", ".join(defaults)))
        settings = {**defaults, **own}
        _positive("lr", settings["lr"])
        return {"params": parameter_list(name, group["params"]), **self.checked_settings(settings)}

    def checked_settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        """The settings of a group, or an error that says what is wrong with one."""
        return {name: SETTINGS[name](name, got) for name, got in settings.items()}

    @property
    def lr(self) -> float:
        """The learning rate of the first group; setting it sets that of all groups."""
        return self.param_groups[0]["lr"]

    @lr.setter
    def lr(self, rate: float) -> None:
        rate = _positive("lr", rate)
        for group in self.param_groups:
            group["lr"] = rate

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        groups = [group for group in self.param_groups for _ in group["params"]]
        for i, (group, parameter) in enumerate(zip(groups, self.parameters, strict=True)):
            if parameter.grad is not None:
                self.steps[i] += 1
                parameter.data = np.asarray(parameter.data, order="C")  # so that its blocks are views, not copies
                state = self._state(i, self.state_names(group))
                update, factors = self.update(group, self.steps[i])
                factors = tuple(map(parameter.dtype.type, factors))
                arrays = [array.reshape(-1) for array in (parameter.data, plain(parameter.grad), *state)]
                if self.steps[i] > WARM and self._large and _suit(arrays):
                    from nn.optim.machine import LOOPS

                    LOOPS[update](*arrays, *factors)
                else:
                    _in_blocks(update, arrays, factors)

    @cached_property
    def _large(self) -> bool:
        return sum(parameter.size for parameter in self.parameters) >= LARGE

    def _state(self, i: int, names: tuple[str, ...]) -> list[np.ndarray]:
        """The state of a parameter, of the dtype that it has now; zeros where there is none yet."""
        parameter, state = self.parameters[i], self.state[i]
        for name in names:
            if name not in state:
                state[name] = np.zeros(parameter.shape, parameter.dtype)
            state[name] = state[name].astype(parameter.dtype, copy=False)
        return [state[name] for name in names]

    def state_names(self, group: Group) -> tuple[str, ...]:
        """The names of the arrays that `update` keeps for each parameter of the group."""
        raise NotImplementedError

    def update(self, group: Group, step: int) -> tuple[Update, tuple[float, ...]]:
        """The formula in nn.optim.updates of step number `step`, from 1, and its factors, which follow the state."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """A copy of all that training goes on from: dicts and lists of arrays, numbers, booleans and strings."""
        entries = iter(zip(self.parameters, self.steps, self.state, strict=True))
        groups = []
        for group in self.param_groups:
            settings = {name: list(got) if name == "betas" else got for name, got in group.items()}
            members = []
            for _ in settings.pop("params"):
                parameter, steps, state = next(entries)
                arrays = {name: array.copy() for name, array in state.items()}
                members.append({"shape": list(parameter.shape), "steps": steps, "state": arrays})
            groups.append({"settings": settings, "parameters": members})
        return {"type": type(self).__name__, "groups": groups}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave: its arrays are copied, in each parameter's dtype.

        ValueError, and nothing is changed, where it is another optimiser's, or one's of other groups or parameters.
        """
        kind, groups = check_keys(self, "the parts of the state", state, ("type", "groups"))
        check_same(self, "the type", kind, type(self).__name__)
        groups = check_length(self, "the number of groups", groups, len(self.param_groups))
        loaded = [self._loaded(i, saved) for i, saved in enumerate(groups)]
        for group, (settings, _) in zip(self.param_groups, loaded, strict=True):
            group.update(settings)
        members = [member for _, members in loaded for member in members]
        self.steps, self.state = [steps for steps, _ in members], [arrays for _, arrays in members]

    def _loaded(self, index: int, saved: Any) -> tuple[dict[str, Any], list[tuple[int, dict[str, np.ndarray]]]]:
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
            for what, array in arrays.items():
                check_same(self, f"the shape of the {what} {where}", np.shape(array), parameter.shape)
            copies = {what: np.array(array, parameter.dtype, order="C") for what, array in arrays.items()}
            loaded.append((check_number(int, f"the steps {where}", steps, at_least=0), copies))
        return self.checked_settings(settings), loaded


class SGD(Optimizer):
    """Stochastic gradient descent (as PyTorch has it): v ← momentum · v + g, then w ← w − lr · v, where
    g has + weight_decay · w in it.

    nesterov  steps by g + momentum · v instead of v: looks ahead along the momentum (Sutskever and others 2013)
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, momentum=momentum, nesterov=nesterov, weight_decay=weight_decay)

    def checked_settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        settings = super().checked_settings(settings)
        if settings["nesterov"] and not settings["momentum"]:
            raise ValueError(errors.NESTEROV.format(got=settings["momentum"]))
        return settings

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("velocity",) if group["momentum"] else ()

    def update(self, group: Group, step: int) -> tuple[Update, tuple[float, ...]]:
        factors = group["lr"], group["weight_decay"]
        if not group["momentum"]:
            return updates.descent, factors
        return updates.momentum, (*factors, group["momentum"], group["nesterov"])


class RMSProp(Optimizer):
    """Each element's step over the root of its mean square gradient (Tieleman and Hinton 2012; as PyTorch has it).

    s ← alpha · s + (1 − alpha) · g², v ← momentum · v + g / (√s + eps), then w ← w − lr · v, where
    g has + weight_decay · w in it.
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, alpha=alpha, eps=eps, momentum=momentum, weight_decay=weight_decay)

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("mean_square", "velocity") if group["momentum"] else ("mean_square",)

    def update(self, group: Group, step: int) -> tuple[Update, tuple[float, ...]]:
        alpha = group["alpha"]
        factors = group["lr"], group["weight_decay"], alpha, 1 - alpha, group["eps"]
        if not group["momentum"]:
            return updates.rmsprop, factors
        return updates.rmsprop_momentum, (*factors, group["momentum"])


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015), with weight_decay · w added to the gradient (as PyTorch has it).

    m and s are running means of the gradient and of its square, corrected for their start at zero:
    w ← w − lr · m̂ / (√ŝ + eps), where m̂ = m / (1 − betas[0]ᵗ) and ŝ = s / (1 − betas[1]ᵗ) in step t
    """

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def state_names(self, group: Group) -> tuple[str, ...]:
        return ("mean", "mean_square")

    decoupled = False  # whether the weights shrink by themselves, instead of by the gradient

    def update(self, group: Group, step: int) -> tuple[Update, tuple[float, ...]]:
        (beta1, beta2), lr, decay = group["betas"], group["lr"], group["weight_decay"]
        shrink, decay = (1 - lr * decay, 0.0) if self.decoupled else (1.0, decay)
        rate, root = lr / (1 - beta1**step), (1 - beta2**step) ** -0.5
        return updates.adam, (rate, shrink, decay, 1 - beta1, beta2, 1 - beta2, root, group["eps"])


class AdamW(Adam):
    """Adam with decoupled weight decay: first w ← w − lr · weight_decay · w, then Adam's step by the gradient alone
    (Loshchilov and Hutter 2019).
    """

    decoupled = True

    def __init__(
        self,
        parameters: Iterable[Tensor] | Iterable[Group],
        *,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


def parameter_list(user: str, parameters: Any) -> list[Tensor]:
    """The parameters as a list, or an error that says what `user` (an optimiser, a function) cannot change."""
    listed = _listed(user, parameters)
    for parameter in listed:
        if not isinstance(parameter, Tensor) or not parameter.requires_grad or parameter.gate is not None:
            raise TypeError(errors.NOT_PARAMETER.format(optimizer=user, got=describe(parameter)))
    return listed


def _listed(user: str, things: Any) -> list[Any]:
    if isinstance(things, (Tensor, Module, dict)) or not isinstance(things, Iterable):
        raise TypeError(errors.PARAMETERS.format(optimizer=user, got=type(things).__name__))
    return list(things)


def _suit(arrays: list[np.ndarray]) -> bool:
    """Whether machine code takes these: of one dtype, float32 or float64, to be written into."""
    dtypes = {array.dtype for array in arrays}
    return (
        len(dtypes) == 1
        and dtypes <= {np.dtype(np.float32), np.dtype(np.float64)}
        and all(array.flags.writeable for array in arrays)
    )


def _in_blocks(update: Update, arrays: list[np.ndarray], factors: tuple[Any, ...]) -> None:
    """An update of flat arrays: weights, gradients, and state; the gradients stay as they are."""
    for start in range(0, len(arrays[0]), BLOCK):
        weights, gradients, *state = (array[start : start + BLOCK] for array in arrays)
        for array, new in zip((weights, *state), update(weights, gradients, *state, *factors), strict=True):
            array[...] = new
