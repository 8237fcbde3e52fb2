"""Pictures of graphs, and the page that steps through backpropagation.

`draw` makes a `Picture`. The other names are its parts that are useful by themselves: how numbers are written, the
nodes of a graph in forward order, and every product of the chain rule.
"""

from autograd.drawing.dot import forward_order
from autograd.drawing.labels import format_number, number_formatter, parenthesize_negative
from autograd.drawing.picture import Picture, draw
from autograd.drawing.story import ChainRuleProduct, chain_rule_products

__all__ = [
    "ChainRuleProduct", "Picture", "chain_rule_products", "draw", "format_number", "forward_order",
    "number_formatter", "parenthesize_negative",
]  # fmt: skip
