"""Reverse-mode differentiation that one can see through: gates, their local gradients, and the chain rule."""

from autograd.check import gradcheck
from autograd.node import maximum, minimum, no_grad
from autograd.picture import draw
from autograd.tensor import Tensor
from autograd.value import Value

__all__ = ["Tensor", "Value", "draw", "gradcheck", "maximum", "minimum", "no_grad"]


def __getattr__(name: str) -> str:
    if name == "__version__":  # looked up on demand: the version stands once, in pyproject.toml
        from importlib.metadata import version

        return version("gatewise")
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
