"""The public place of `nn.training.metrics`."""

from nn.training.metrics import Metric, accuracy, confusion_matrix, top_k

__all__ = ["Metric", "accuracy", "confusion_matrix", "top_k"]
