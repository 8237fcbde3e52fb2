"""The gates: what a gate is, the tables of all gates, and the back ends that their rules run on."""

from autograd.gates.elementwise import GATES
from autograd.gates.gate import Gate, gate, remove_gate

__all__ = ["GATES", "Gate", "gate", "remove_gate"]
