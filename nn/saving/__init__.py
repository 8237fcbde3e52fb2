"""Models in files, and files of arrays and metadata, in the safetensors format.

`save` and `load` are also `nn.save` and `nn.load`. `write` and `read` are for arrays without a model:
`write(path, model.state_dict())`. `describe_architecture` returns a model as plain data, as `save` stores it.
safetensors is the only format: `files.py` has its `write` and `read`. A second one would be a module with the same two
functions here, between which `save` and `load` in `models.py` would choose by the suffix of the path.
"""

from nn.saving.architecture import ArchitectureError, describe_architecture
from nn.saving.files import Content, FileError, read, write
from nn.saving.models import load, save

__all__ = ["ArchitectureError", "Content", "FileError", "describe_architecture", "load", "read", "save", "write"]
