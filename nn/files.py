"""The former place of `nn.saving.files`, which still works."""

from nn.saving.files import Content, FileError, read, write

__all__ = ["Content", "FileError", "read", "write"]
