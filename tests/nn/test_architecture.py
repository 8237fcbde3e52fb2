"""`nn.architecture` still works: users" programs import from it."""

import nn.architecture
from nn.saving import architecture


def test_the_former_place_has_the_same_objects():
    assert nn.architecture.__all__ == ["ArchitectureError", "build", "describe_architecture"]
    for name in nn.architecture.__all__:
        assert getattr(nn.architecture, name) is getattr(architecture, name)
