"""Reverse-mode differentiation that is easy to inspect: gates, their local gradients, and the chain rule."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from autograd.functional import grad, hvp, jacobian, value_and_grad
from autograd.graph import numpy_functions as numpy_functions  # enters them for NumPy's dispatch
from autograd.graph import value_codegen
from autograd.graph.anomaly import AnomalyError, detect_anomaly
from autograd.graph.modes import no_grad
from autograd.graph.node import maximum, minimum, where
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value
from autograd.graph.versions import check_writes

if TYPE_CHECKING:
    from autograd.checking import gradcheck
    from autograd.drawing import draw
    from autograd.program import compile
    from autograd.unfolding import unfold

__all__ = [
    "AnomalyError", "Tensor", "Value", "check_writes", "compile", "detect_anomaly", "draw", "grad", "gradcheck", "hvp",
    "jacobian", "maximum", "minimum", "no_grad", "unfold", "value_and_grad", "where",
]  # fmt: skip

_TOOLS = {  # the tools on top of the graph, imported on first use
    "compile": "autograd.program",
    "draw": "autograd.drawing",
    "gradcheck": "autograd.checking",
    "unfold": "autograd.unfolding",
}

if os.environ.get("GATEWISE_CODEGEN") != "0":
    value_codegen.enable()


def __getattr__(name: str) -> Any:
    if name in _TOOLS:
        globals()[name] = tool = getattr(import_module(_TOOLS[name]), name)
        return tool
    if name == "__version__":  # pyproject.toml has it
        from importlib.metadata import version

        return version("gatewise")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
