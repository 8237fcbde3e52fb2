"""Optimisers: SGD, RMSProp, Adam and AdamW.

Each file holds one family: its class, its update formula, and the loop over the elements that numba compiles.
A new optimiser is such a file, `sgd.py` is the shortest. Export it here and in `nn/__init__.py`; to offer it to the
estimators by name, add it to `OPTIMIZERS` in `classifiers/estimators/settings.py`.
"""

from nn.optim.adam import Adam, AdamW
from nn.optim.base import SETTINGS as SETTINGS  # custom optimisers add validators of their settings
from nn.optim.base import Optimizer
from nn.optim.rmsprop import RMSProp
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "RMSProp"]
