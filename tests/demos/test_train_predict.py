"""demos/train_predict.py (slide 5): every classifier through `train` and `predict`."""

import re

import numpy as np
import pytest
import train_predict
from train_predict import Settings, main

from classifiers import KNeighborsClassifier


def test_all_four_learn_and_answer(tmp_path, capsys, monkeypatch):
    calls = []
    for name in ("train", "predict"):
        call = getattr(train_predict, name)
        monkeypatch.setattr(train_predict, name, lambda *got, call=call, name=name: (calls.append(name), call(*got))[1])
    main(Settings(images=2000, queries=500, stand_in=True, out=tmp_path))
    found = re.findall(r"^(.+): +train +\S+ s, predict +\S+ s, test accuracy (\S+)%$", capsys.readouterr().out, re.M)
    assert [name for name, _ in found] == [
        *("5 nearest neighbours", "linear, hinge", "linear, softmax", "MLP, 64 neurons")
    ]
    assert all(float(accuracy) > 12 for _, accuracy in found)  # chance: 10 %
    assert calls == ["train", "predict"] * 4


def test_train_does_not_change_the_given_classifier():
    rng = np.random.default_rng(0)
    images, labels = rng.integers(256, size=(20, 12), dtype=np.uint8), np.arange(20) % 4
    classifier = KNeighborsClassifier(1)
    model = train_predict.train(images, labels, classifier)
    np.testing.assert_array_equal(train_predict.predict(model, images), labels)
    assert not hasattr(classifier, "classes_")


@pytest.mark.parametrize("wrong", [{"images": 99}, {"images": 50_001}, {"queries": 99}, {"queries": 10_001}])
def test_wrong_settings(wrong, tmp_path):
    with pytest.raises(ValueError, match=f"--{next(iter(wrong))} must be a whole number from 100 to"):
        main(Settings(stand_in=True, out=tmp_path, **wrong))
