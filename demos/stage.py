"""What every demo shares: its command line, its data, and saving its pictures."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tyro
from sklearn.utils import Bunch

from classifiers import FetchError, fetch_cifar10, fetch_stand_in
from nn.validation import check_number


def run(main: Callable[[Any], None], settings: type) -> None:
    """Run a demo: its flags are the fields of its settings, its --help shows its docstring.

    Wrong settings, damaged files, diverging training runs and Ctrl-C end in one line instead of a traceback.
    """
    name = Path(main.__globals__["__file__"]).stem
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # for × and λ, in files on Windows too
    try:
        main(tyro.cli(settings, description=main.__globals__["__doc__"], prog=f"{name}.py"))
    except (OSError, ValueError, ArithmeticError) as error:
        raise SystemExit(f"{name}: {error}") from error
    except KeyboardInterrupt:
        raise SystemExit(f"{name}: interrupted") from None


def check(settings: object, **limits: tuple[int, int | None]) -> None:
    """Check that flags are within their limits: the lowest and the highest value, or None for no upper limit."""
    for name, (lowest, highest) in limits.items():
        flag = f"--{name.replace('_', '-')}"
        check_number(int, flag, getattr(settings, name), at_least=lowest, at_most=highest)


def save(picture: Any, path: Path) -> None:
    """Write a plot (as PNG) or the picture of a graph (in the format of the suffix), and print where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if hasattr(picture, "figure"):
        picture.figure.savefig(path)
    else:
        path = picture.save(path)
    print(f"picture: {path}")


def load(*, stand_in: bool = False) -> Bunch:
    """Return CIFAR-10 if it is available or can be downloaded, else (or if wanted) the stand-in; print which."""
    data = None
    if not stand_in:
        try:
            data = fetch_cifar10()
        except FetchError as error:
            print(f"{error}\nContinuing with a synthetic stand-in: this is NOT CIFAR-10.")
    data = data or fetch_stand_in()
    print(f"data: {data.name}, from {data.folder}")
    return data
