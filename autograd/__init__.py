"""Reverse-mode differentiation that one can see through: gates, their local gradients, and the chain rule."""

from autograd.checking.compare import gradcheck
from autograd.drawing.picture import draw
from autograd.functional import grad, hvp, jacobian, value_and_grad
from autograd.graph.anomaly import AnomalyError, detect_anomaly
from autograd.graph.modes import no_grad
from autograd.graph.node import maximum, minimum, where
from autograd.graph.tensor import Tensor
from autograd.graph.value import Value
from autograd.program import compile
from autograd.unfolding import unfold

__all__ = [
    "AnomalyError", "Tensor", "Value", "compile", "detect_anomaly", "draw", "grad", "gradcheck", "hvp", "jacobian",
    "maximum", "minimum", "no_grad", "unfold", "value_and_grad", "where",
]  # fmt: skip


def __getattr__(name: str) -> str:
    if name == "__version__":  # looked up on demand: the version stands once, in pyproject.toml
        from importlib.metadata import version

        return version("gatewise")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
