"""`nn.files` still works: users" programs import from it."""

import nn.files
from nn.saving import files


def test_the_former_place_has_the_same_objects():
    assert nn.files.__all__ == ["Content", "FileError", "read", "write"]
    for name in nn.files.__all__:
        assert getattr(nn.files, name) is getattr(files, name)
