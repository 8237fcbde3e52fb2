"""demos/cifar10.py (slide 9): the number of images."""

import re

import pytest
from cifar10 import Settings, main


@pytest.mark.data
def test_the_numbers_of_cifar10(cifar10, at_defaults):
    output, _ = at_defaults("cifar10")
    assert "training images: 50,000 of 32 × 32 × 3 = 3,072 numbers" in output
    assert "test images:     10,000 of 32 × 32 × 3 = 3,072 numbers" in output
    classes = re.findall(r"^(\w+) +5,000 +1,000$", output, re.MULTILINE)
    assert classes == ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def test_rejects_a_count_of_zero(tmp_path):
    with pytest.raises(ValueError, match="count"):
        main(Settings(count=0, stand_in=True, out=tmp_path))
