"""Division of a recorded product by one of its factors: exact where the factor is 0.

The gradient of a norm is x / ‖x‖, and that of ‖x‖² by the chain rule 2‖x‖ · x / ‖x‖, which is 0 / 0 at the origin. As
both factors are recorded, ‖x‖ cancels, and all derivatives of ‖x‖² are right there, too.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from autograd.graph.node import Gradient, Node, plain, where

DEEPEST = 8  # products within products that are searched
Rule: TypeAlias = Callable[
    [list[Gradient], list[Gradient]], Gradient
]  # from the cofactors of the inputs, or None, and the inputs


def _of_product(of: list[Gradient], inputs: list[Gradient]) -> Gradient:
    if of[0] is not None:
        return of[0] * inputs[1]
    return None if of[1] is None else inputs[0] * of[1]


def _of_sum(of: list[Gradient], inputs: list[Gradient]) -> Gradient:
    return None if of[0] is None or of[1] is None else of[0] + of[1]


def _of_power(of: list[Gradient], inputs: list[Gradient]) -> Gradient:
    x, y = inputs
    if of[0] is None or isinstance(y, Node) or not np.all(np.greater_equal(y, 1.0)):
        return None
    return of[0] * x ** (y - 1.0) if np.any(np.not_equal(y, 1.0)) else of[0]


RULES: dict[str, Rule] = {
    "mul": _of_product,
    "add": _of_sum,
    "pow": _of_power,
    "square": lambda of, inputs: None if of[0] is None else of[0] * inputs[0],
    "div": lambda of, inputs: None if of[0] is None else of[0] / inputs[1],
    "neg": lambda of, inputs: None if of[0] is None else -of[0],
    "positive": lambda of, inputs: of[0],
}


def cofactor(product: Gradient, factor: Node, depth: int = 0) -> Gradient:
    """Return what a factor was multiplied by to give a product.

    Parameters
    ----------
    product : node or object
        A node, such as the gradient of a square.
    factor : node
        The factor, which need not be one.
    depth : int, default 0
        How deep the search is.

    Returns
    -------
    node, float or None
        None if the product was not recorded as a multiple of the factor.
    """
    if product is factor or _same(product, factor):
        return 1.0
    gate = getattr(product, "gate", None)
    if gate is None or gate.name not in RULES or depth > DEEPEST:
        return None
    of = [cofactor(x, factor, depth + 1) for x in product.inputs]
    return RULES[gate.name](of, [x.rule_input for x in product.inputs])


def _same(x: Gradient, y: Node) -> bool:
    """Whether two nodes are one gate of the same inputs, computed twice."""
    return (
        isinstance(x, Node)
        and x.gate is y.gate is not None
        and len(x.inputs) == len(y.inputs)
        and all(map(operator.is_, x.inputs, y.inputs))
        and x.attributes == y.attributes
    )


def over(upstream: Gradient, divisor: Node) -> Gradient:
    """Return upstream / divisor; where the divisor is 0, its cofactor, or 0 if it is no factor.

    Parameters
    ----------
    upstream : node or ndarray
        The dividend.
    divisor : node
        The divisor.

    Returns
    -------
    node, ndarray or float
        The quotient; all its derivatives are 0 where it is 0 by convention.
    """
    zero = np.equal(plain(divisor), 0)
    if not np.any(zero):
        return upstream / divisor
    exact = cofactor(upstream, divisor)
    if exact is not None:
        return exact
    return where(zero, 0.0, upstream / where(zero, 1.0, divisor))
