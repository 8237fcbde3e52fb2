"""The numerical check of gradients by finite differences."""

from autograd.checking.compare import GradientCheck, InputCheck, gradcheck
from autograd.checking.gate_checks import Fault

__all__ = ["Fault", "GradientCheck", "InputCheck", "gradcheck"]
