"""Pictures of graphs, and the page that steps through backpropagation.

`draw` makes a `Picture`. The other names are parts that are useful by themselves: how numbers are written, the nodes of
a graph in forward order, and every product of the chain rule.
"""

from typing import TYPE_CHECKING

from autograd.drawing.dot import forward_order
from autograd.drawing.labels import format_number, number_formatter, parenthesize_negative
from autograd.drawing.picture import Picture, draw

if TYPE_CHECKING:
    from autograd.drawing.story import ChainRuleProduct, chain_rule_products

__all__ = [
    "ChainRuleProduct", "Picture", "chain_rule_products", "draw", "format_number", "forward_order",
    "number_formatter", "parenthesize_negative",
]  # fmt: skip


def __getattr__(name: str) -> object:
    if name in ("ChainRuleProduct", "chain_rule_products"):  # loaded on demand: `import autograd` does not need them
        from autograd.drawing import story

        return getattr(story, name)
    raise AttributeError(f"module 'autograd.drawing' has no attribute {name!r}")
