"""Models in files: `save` writes architecture and arrays, `load` rebuilds the model and runs no code from the file.

`files.write` and `files.read` know the bytes of the format, this module only names, arrays and metadata.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from nn import errors
from nn.module import Module, State
from nn.saving import files
from nn.saving.architecture import OWN_MODULES, ArchitectureError, build, describe_architecture, tie, tied_tensors


def save(
    path: str | os.PathLike[str],
    model: Module,
    *,
    metadata: Mapping[str, object] | None = None,
    notes: Mapping[str, object] | None = None,
) -> Path:
    """Write a model to a safetensors file, atomically.

    Parameters
    ----------
    path : str or os.PathLike
        The file to write.
    model : Module
        The model.
    metadata : dict, optional
        Further content of the file: nested dicts and lists of strings, numbers and arrays. `nn.saving.read` returns it.
    notes : dict, optional
        The former name of `metadata`.

    Returns
    -------
    pathlib.Path
        The path.

    Raises
    ------
    ArchitectureError
        If the model cannot be described in plain data.
    ValueError
        If the metadata uses a reserved name, or contains something else.
    OSError
        If the file cannot be written. An existing file is left unchanged.

    Notes
    -----
    The file contains each parameter and buffer under its name. Any program that reads safetensors can open it, and a
    PyTorch model of the same layers can load it: `model.load_state_dict(safetensors.torch.load_file(path))`.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nn import Linear
    >>> with TemporaryDirectory() as folder:
    ...     load(save(Path(folder) / "model.safetensors", Linear(3, 2)))
    Linear(3, 2)
    """
    own: dict[str, object] = {
        "architecture": describe_architecture(model),
        "buffers": [name for name, _ in model.named_buffers()],
    }
    metadata = {**(notes or {}), **(metadata or {})}
    for name in {*own, "tied"} & metadata.keys():
        raise ValueError(errors.RESERVED.format(name=name))
    if tied := tied_tensors(model):
        own["tied"] = tied
    return files.write(path, model.state_dict(), {**metadata, **own})


def load(path: str | os.PathLike[str], *, into: Module | None = None, modules: Iterable[type[Module]] = ()) -> Module:
    """Load a model that `save` wrote, or load arrays into an existing model.

    Parameters
    ----------
    path : str or os.PathLike
        The file to read.
    into : Module, optional
        A model with Tensors of the same names and shapes, whose numbers are replaced by those of the file. The file may
        then be any safetensors file, such as one from PyTorch.
    modules : iterable of type, default ()
        Your own classes that the model may contain, in addition to those of nn.

    Returns
    -------
    Module
        The model in evaluation mode; or `into`, whose mode is unchanged.

    Raises
    ------
    OSError
        If the file cannot be read.
    FileError
        If the file is damaged or has another format.
    ArchitectureError
        If the file contains no architecture, or the model contains an unknown class.
    ValueError
        If the arrays do not fit `into`, which is then unchanged.
    """
    return restore(files.read(path), path, into=into, modules=modules)


def restore(
    content: files.Content,
    path: str | os.PathLike[str],
    *,
    into: Module | None = None,
    modules: Iterable[type[Module]] = (),
) -> Module:
    """Rebuild the model in the content of a file.

    Parameters
    ----------
    content : Content
        The result of `nn.saving.read`.
    path : str or os.PathLike
        The file, for error messages.
    into : Module, optional
        As in `load`.
    modules : iterable of type, default ()
        As in `load`.

    Returns
    -------
    Module
        As in `load`.

    Raises
    ------
    ArchitectureError
        As in `load`.
    ValueError
        As in `load`.
    """
    if into is not None:
        try:
            into.load_state_dict(content.arrays)
        except ValueError as error:
            raise ValueError(f"{path} contains another model: {error}") from error
        return into
    if content.metadata is None or "architecture" not in content.metadata:
        raise ArchitectureError(
            f"{path} contains arrays but no architecture, since nn.save did not write it; build the model first, then "
            "call nn.load(path, into=model)"
        )
    size = sum(array.size for array in content.arrays.values())
    model = build(content.metadata["architecture"], [*OWN_MODULES, *modules], size=size)
    if "tied" in content.metadata:
        tie(model, content.metadata["tied"])
    try:
        _fill(model, content.arrays, set(content.metadata.get("buffers", ())))
    except (LookupError, MemoryError, RecursionError, TypeError, ValueError) as error:
        raise ArchitectureError(
            f"{path} contains an architecture that does not fit its arrays ({type(error).__name__}: {error}); use a "
            "copy, or save the model again"
        ) from error
    return model.eval()


def _fill(model: Module, arrays: State, buffers: set[str]) -> None:
    """Give a new model the arrays of its file."""
    for name, tensor in model.named_tensors():
        if name not in arrays:  # before the next name, as deep modules may have many long ones
            raise KeyError(f"the file has no array {name[:100]!r}")
        tensor.requires_grad = name not in buffers
    model.load_state_dict(arrays, assign=True)
