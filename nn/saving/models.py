"""save and load: a model in a file, its architecture and its numbers; loading runs no code from the file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nn import errors
from nn.module import Module
from nn.saving import files
from nn.saving.architecture import ArchitectureError, build, describe_architecture, own_modules


def save(path: str | os.PathLike[str], model: Module, *, notes: dict[str, Any] | None = None) -> Path:
    """Write a model as a safetensors file, whole or not at all, and return the path.

    notes  whatever else shall stand in the file: dicts and lists of texts, numbers and arrays (see `files.read`)

    The file holds every parameter and buffer under its name, so that any reader of safetensors opens it, and a model of
    the same layers in PyTorch takes them: `model.load_state_dict(safetensors.torch.load_file(path))`. Raises
    ArchitectureError for a model that cannot be told in plain data, OSError where it cannot be written.
    """
    told = {"architecture": describe_architecture(model), "buffers": [name for name, _ in model.named_buffers()]}
    for name in told.keys() & (notes or {}).keys():
        raise ValueError(errors.RESERVED.format(name=name))
    return files.write(path, model.state_dict(), {**(notes or {}), **told})


def load(path: str | os.PathLike[str], *, into: Module | None = None, modules: Iterable[type[Module]] = ()) -> Module:
    """The model that `save` wrote, in evaluation mode; or `into`, with its numbers replaced by those of the file.

    into     a model that has been made already, of the same names and shapes; any safetensors file will do then, such
             as one written by PyTorch
    modules  classes of your own that the file's model may be made of, beside those of nn

    Raises FileError where the file is damaged or of another format, ArchitectureError where the model is made of what
    is not known here, ValueError where `into` does not fit, OSError where the file cannot be read. `into` is then as it
    was.
    """
    return restore(files.read(path), path, into=into, modules=modules)


def restore(
    content: files.Content, path: Any, *, into: Module | None = None, modules: Iterable[type[Module]] = ()
) -> Module:
    """The model in what was read from a file."""
    if into is not None:
        try:
            into.load_state_dict(content.arrays)
        except ValueError as error:
            raise ValueError(errors.OTHER_MODEL.format(path=path, why=error)) from error
        return into
    if content.notes is None or "architecture" not in content.notes:
        raise ArchitectureError(errors.NO_MODEL.format(path=path))
    size = sum(array.size for array in content.arrays.values())
    model = build(content.notes["architecture"], [*own_modules(), *modules], size=size)
    buffers = content.notes.get("buffers", ())
    for name, tensor in model.named_tensors():
        tensor.requires_grad = name not in buffers
    model.load_state_dict(content.arrays, assign=True)
    return model.eval()
