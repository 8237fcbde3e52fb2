"""The gates: what a gate is, the tables of all gates, and the back ends that their rules run on."""

from autograd.gates.elementwise import GATES, Entry, Gate, gate, remove_gate

__all__ = ["GATES", "Entry", "Gate", "gate", "remove_gate"]
