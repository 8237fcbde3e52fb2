"""Callbacks of training runs, defined in `nn.training.callbacks`."""

from nn.training.callbacks import Callback, EarlyStopping, Progress, TensorBoard

__all__ = ["Callback", "EarlyStopping", "Progress", "TensorBoard"]
