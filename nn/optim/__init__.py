"""Optimisers: SGD, RMSProp, Adam and AdamW.

Each file holds one family: its class, its update formula, and the loop over the elements that numba compiles.
"""

from nn.optim.adam import Adam, AdamW
from nn.optim.base import SETTINGS as SETTINGS  # custom optimisers add validators of their settings
from nn.optim.base import Optimizer
from nn.optim.rmsprop import RMSProp
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSProp"]
