"""The deep chain."""

import gc

from benchmarks import chains


def test_the_chain_ends_as_its_formula_says():
    assert chains.chain(10) == (1.0, -1.0)


def test_the_collector_is_on_again_afterwards():
    assert chains.without_collector(2)() > 0.0
    assert gc.isenabled()
