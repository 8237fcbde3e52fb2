"""The history of training runs, defined in `nn.training.history`."""

from nn.training.history import Epoch, HistoryFile, read_history

__all__ = ["Epoch", "HistoryFile", "read_history"]
