"""Metrics of predictions, defined in `nn.training.metrics`."""

from nn.training.metrics import accuracy, confusion_matrix, top_k

__all__ = ["accuracy", "confusion_matrix", "top_k"]
