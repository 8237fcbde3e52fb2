"""Optimisers: SGD, RMSProp, Adam and AdamW."""

from nn.optim.base import SGD, Adam, AdamW, Optimizer, RMSProp

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSProp"]
