"""Training runs of any model of nn: the loop, callbacks, metrics, the history, and the learning-rate range test."""

from nn.training.callbacks import Callback, EarlyStopping, Progress, TensorBoard
from nn.training.evaluation import Measured
from nn.training.history import HistoryFile, read_history
from nn.training.loop import Diverged, Training
from nn.training.metrics import accuracy, confusion_matrix, top_k
from nn.training.rate_range import RateRange, rate_range_test
from nn.training.run import Epoch, Run

__all__ = [
    "Callback",
    "Diverged",
    "EarlyStopping",
    "Epoch",
    "HistoryFile",
    "Measured",
    "Progress",
    "RateRange",
    "Run",
    "TensorBoard",
    "Training",
    "accuracy",
    "confusion_matrix",
    "rate_range_test",
    "read_history",
    "top_k",
]
