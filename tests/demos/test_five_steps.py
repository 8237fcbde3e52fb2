"""The five steps: each follows from the previous one, and the answer matches the classifier's."""

import re
from collections import Counter

import five_steps
import numpy as np
import pytest


@pytest.fixture
def small(monkeypatch, few_images):
    monkeypatch.setattr(five_steps, "load", lambda **_: few_images)
    return few_images


def test_the_steps_follow_from_each_other(tmp_path, capsys, small):
    five_steps.main(five_steps.Settings(k=5, image=3, metric="l1", out=tmp_path))
    output = capsys.readouterr().out
    assert re.findall(r"^(\d)\. ", output, re.M) == list("12345")
    apart = np.abs(small.X_train.astype(np.int16) - small.X_test[3]).sum(axis=1)
    nearest = np.argsort(apart)[:5]
    table = re.findall(r"sample (\d+): distance (\d+), class (\w+)", output)
    classes = [small.target_names[label] for label in small.y_train[nearest]]
    assert table == [(str(i), str(apart[i]), name) for i, name in zip(nearest, classes, strict=True)]
    votes = {name: int(n) for name, n in re.findall(r"^   class (\w+): (\d)$", output, re.M)}
    assert votes == Counter(classes)
    answer = re.search(r"5\. answer: class (\w+)", output)[1]
    assert votes[answer] == max(votes.values())
    truth = small.target_names[small.y_test[3]]
    assert f"which is {'right' if answer == truth else 'wrong'}: x is test image 3, class {truth}" in output


def test_rejects_an_image_that_does_not_exist(tmp_path, small):
    with pytest.raises(ValueError, match="--image must be a whole number from 0 to 49, got 50"):
        five_steps.main(five_steps.Settings(image=50, out=tmp_path))
