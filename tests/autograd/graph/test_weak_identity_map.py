"""WeakIdentityMap: facts about nodes by identity, which do not keep the nodes alive."""

import gc

from autograd import Tensor, Value
from autograd.graph.weak_identity_map import WeakIdentityMap


def test_keys_are_compared_by_identity():
    """`==` compares the elements of Tensors, so a dictionary that relied on it would fail."""
    t, equal = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    facts = WeakIdentityMap()
    facts[t] = "first"
    facts[equal] = "second"
    assert (facts.get(t, None), facts.get(equal, None), len(facts)) == ("first", "second", 2)
    facts[t] = "other"
    assert (facts.get(t, None), len(facts)) == ("other", 2)
    assert facts.get(Tensor([1.0, 2.0]), "default") == "default"


def test_an_entry_goes_with_its_node():
    facts, kept = WeakIdentityMap(), Value(1.0)
    facts[kept] = 1
    x = Value(1.0)
    facts[x] = 2
    del x
    gc.collect()
    assert (len(facts), facts.get(kept, None)) == (1, 1)


def test_a_new_node_at_the_address_of_an_old_one_has_no_entry():
    facts = WeakIdentityMap()
    for _ in range(100):
        x = Value(1.0)
        assert facts.get(x, None) is None
        facts[x] = 1
        del x
    gc.collect()
    assert len(facts) == 0


def test_a_map_may_go_before_its_nodes():
    facts, x = WeakIdentityMap(), Value(1.0)
    facts[x] = 1
    del facts
    gc.collect()
    del x
    gc.collect()
