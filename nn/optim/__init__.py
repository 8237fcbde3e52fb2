"""Optimisers: SGD, RMSProp, Adam and AdamW."""

from nn.optim.base import SETTINGS, SGD, Adam, AdamW, Optimizer, RMSProp, parameter_list

__all__ = ["SETTINGS", "SGD", "Adam", "AdamW", "Optimizer", "RMSProp", "parameter_list"]
