"""Each line of docs/singular_points.md: value, first and second derivative, and PyTorch's where it is installed."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, grad, jacobian
from autograd.extend import LOGSUMEXP, apply

PAGE = (Path(__file__).parents[1] / "docs" / "singular_points.md").read_text(encoding="utf-8")
ROWS = [re.findall(r"[^|]+", line) for line in PAGE.splitlines() if line.startswith("| `")]
NUMBERS = {"inf": math.inf, "nan": math.nan, "np": np}


def logsumexp(x):
    return apply(LOGSUMEXP, x, axis=None, keepdims=False)


def code(cell):
    return cell.strip().strip("`")


def derivatives(f, x):
    x = np.array(x) if isinstance(x, list) else x
    outer = jacobian if isinstance(x, np.ndarray) else grad
    return f(Tensor(x)).data, grad(f)(x), outer(grad(f))(x)


def test_the_page_has_all_kinds_of_points():
    functions = {code(row[0]) for row in ROWS}
    assert len(functions) == len(ROWS) >= 25
    for name in ("abs", "norm", "hypot", "arctan2", "std", "var", "logaddexp", "logsumexp", "x ** ", "1 / x", "log"):
        assert any(name in function for function in functions), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: code(row[0]))
def test_line(row):
    f = eval(f"lambda x: {code(row[0])}", {**NUMBERS, "logsumexp": logsumexp})
    with np.errstate(all="ignore"):
        found = derivatives(f, eval(code(row[1]), NUMBERS))
    for got, cell in zip(found, row[2:5], strict=True):
        np.testing.assert_allclose(got, eval(code(cell), NUMBERS), atol=1e-9)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: code(row[0]))
def test_torchs_derivatives(row):
    torch = pytest.importorskip("torch")
    if row[5].strip() == "–":
        pytest.skip("torch has no such function")

    class Numpys:
        """The functions of the table, by NumPy's names."""

        abs, sign, sqrt, log, hypot, arctan2, sum, max = (
            torch.abs, torch.sign, torch.sqrt, torch.log, torch.hypot, torch.arctan2, torch.sum, torch.amax
        )  # fmt: skip
        logaddexp, clip, linalg = torch.logaddexp, torch.clamp, torch.linalg
        array = staticmethod(lambda numbers: torch.tensor(numbers, dtype=torch.float64))
        var = staticmethod(lambda x: x.var(unbiased=False))
        std = staticmethod(lambda x: x.std(unbiased=False))
        maximum = staticmethod(lambda x, y: torch.maximum(x, torch.as_tensor(y, dtype=torch.float64)))

    f = eval(f"lambda x: {code(row[0])}", {"np": Numpys, "logsumexp": lambda x: torch.logsumexp(x, 0)})
    x = torch.tensor(eval(code(row[1]), NUMBERS), dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(f(x), x, create_graph=True)
    rows = [
        torch.autograd.grad(part, x, retain_graph=True, allow_unused=True)[0] if part.requires_grad else None
        for part in first.reshape(-1)
    ]
    rows = [torch.zeros_like(x) if part is None else part for part in rows]
    second = torch.stack(rows).reshape(first.shape + x.shape)
    cells = row[3:5] if row[5].strip() == "same" else re.findall(r"`[^`]+`", row[5])
    for got, cell in zip((first, second), cells, strict=True):
        np.testing.assert_allclose(got.detach().numpy(), eval(code(cell), NUMBERS), atol=1e-4)
