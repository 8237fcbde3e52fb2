"""Compiled programs: a recorded graph of Values, rerun as machine code on new inputs.

`compile` has four stages, one in each module: `trace` checks its arguments and turns the graph into arrays, `schedule`
puts it in order, `kernels` compiles each gate to machine code, and `replay` runs the result.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from autograd.program.replay import Program
from autograd.program.trace import check_arguments, trace

if TYPE_CHECKING:
    from autograd.graph.value import Value

__all__ = ["Program", "compile"]


def compile(root: Value, inputs: Iterable[Value]) -> Program:
    """Compile the recorded graph of a Value to a program that computes value and gradients for new inputs.

    Parameters
    ----------
    root : Value
        The result of the computation, such as a loss.
    inputs : iterable of Value
        The n leaves whose numbers may change, each once. The program expects their numbers in this order. All other
        leaves keep their present numbers.

    Returns
    -------
    Program
        A function `value, gradients = program(theta)` of an array theta of shape (n,) or (n, batch).

    Raises
    ------
    TypeError
        If `root` is not a Value, or `inputs` are not leaves.
    ValueError
        If there are no inputs, or one is listed twice.
    RuntimeError
        If a leaf other than `inputs` has changed since a gate recorded it.

    Warns
    -----
    UserWarning
        If the condition of a `where` was recorded as a plain bool, so that its choice is frozen.

    Notes
    -----
    The program repeats the recorded graph. Python's own decisions (`if x > 0`, the length of a loop, Python's `max`)
    are frozen at recording. The gates `maximum`, `relu` and similar ones choose again for each theta. So does `where`
    if its condition is a Value: write `where(np.heaviside(x - y, 0.0), a, b)`, as `x > y` is a plain bool.

    Value and gradients equal those of `backward()` bit for bit; with `hypot` and `arcsinh` the last bit may differ. The
    first program with a given gate compiles the machine code of that gate, which is then kept on disk.

    Examples
    --------
    >>> from autograd import Value, compile
    >>> x, y = Value(3.0), Value(4.0)
    >>> program = compile((x * x + y * y).sqrt(), inputs=[x, y])
    >>> program([3.0, 4.0])
    (5.0, array([0.6, 0.8]))
    """
    graph = trace(root, check_arguments(root, inputs))

    from autograd.program.kernels import passed_through  # these two load numba
    from autograd.program.schedule import schedule

    return Program(graph, schedule(graph, passed_through(graph.gates)))
