"""Optimisers: SGD, RMSProp, Adam and AdamW.

Each file holds one family: its class, its update formula, and the loop that applies the formula as machine code.
"""

from nn.optim.adam import Adam, AdamW
from nn.optim.base import Optimizer
from nn.optim.rmsprop import RMSProp
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSProp"]
