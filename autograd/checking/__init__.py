"""The numerical check of gradients by finite differences."""

from autograd.checking.compare import gradcheck
from autograd.checking.gate_checks import Fault
from autograd.checking.report import GradientCheck, InputCheck

__all__ = ["Fault", "GradientCheck", "InputCheck", "gradcheck"]
