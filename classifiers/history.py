"""The public place of `nn.training.history`."""

from nn.training.history import Epoch, HistoryFile, read_history

__all__ = ["Epoch", "HistoryFile", "read_history"]
