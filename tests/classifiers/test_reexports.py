"""The documented modules of classifiers export the names that are defined elsewhere."""

from importlib import import_module

import pytest

import classifiers

ELSEWHERE = {"Epoch": "nn.training.run", "FetchError": "classifiers.data.folders"}  # others than the module use them


@pytest.mark.parametrize(
    ("module", "home"),
    [
        ("callbacks", "nn.training.callbacks"),
        ("history", "nn.training.history"),
        ("metrics", "nn.training.metrics"),
        ("cifar10", "classifiers.data.cifar10"),
    ],
)
def test_documented_modules_export_the_same_objects(module, home):
    public, defined = import_module(f"classifiers.{module}"), import_module(home)
    assert getattr(classifiers, module) is public
    assert public.__all__
    for name in public.__all__:
        assert getattr(public, name) is getattr(defined, name)
        assert getattr(public, name).__module__ == ELSEWHERE.get(name, home)
