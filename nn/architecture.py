"""The former place of `nn.saving.architecture`, which still works."""

from nn.saving.architecture import ArchitectureError, build, describe_architecture

__all__ = ["ArchitectureError", "build", "describe_architecture"]
