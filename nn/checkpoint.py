"""save and load: a model in a file, its architecture and its numbers; loading runs no code from the file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from nn import errors, files
from nn.architecture import ArchitectureError, build, describe_architecture
from nn.module import Module


def save(path: str | os.PathLike[str], model: Module, *, notes: dict[str, Any] | None = None) -> Path:
    """Write a model as a safetensors file, whole or not at all, and return the path.

    notes  whatever else shall stand in the file: dicts and lists of texts, numbers and arrays (see `files.read`)

    The file holds every parameter and buffer under its name, so that any reader of safetensors opens it, and a model of
    the same layers in PyTorch takes them: `model.load_state_dict(safetensors.torch.load_file(path))`. Raises
    ArchitectureError for a model that cannot be told in plain data, OSError where it cannot be written.
    """
    architecture = describe_architecture(model)
    return files.write(path, model.state_dict(), {**(notes or {}), "architecture": architecture})


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
    architecture = (content.notes or {}).get("architecture")
    if architecture is None:
        raise ArchitectureError(errors.NO_MODEL.format(path=path))
    model = build(architecture, [*_own_modules(), *modules])
    model.load_state_dict(content.arrays, assign=True)
    return model.eval()


@cache
def _own_modules() -> list[type[Module]]:
    """The layers and losses of nn."""
    import nn

    public = (getattr(nn, name) for name in nn.__all__)
    return [thing for thing in public if isinstance(thing, type) and issubclass(thing, Module)]
