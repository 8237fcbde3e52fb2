"""demos/image_array.py (slide 3): an image as its numbers."""

import pytest
from image_array import Settings, main

from classifiers import fetch_stand_in


def test_printed_grids_match_the_patch(tmp_path, capsys):
    main(Settings(label=4, row=20, column=3, size=5, stand_in=True, out=tmp_path))
    output = capsys.readouterr().out
    lines, data = output.splitlines(), fetch_stand_in()
    image = data.X_train[data.y_train.tolist().index(4)]
    for channel, name in enumerate(("red", "green", "blue")):
        start = lines.index(name) + 1
        told = [[int(number) for number in line.split()] for line in lines[start : start + 5]]
        assert told == [[image[1024 * channel + 32 * row + column] for column in range(3, 8)] for row in range(20, 25)]
    assert f"32 × 32 × 3 = 3,072 numbers, uint8, from {image.min()} to {image.max()}" in output


@pytest.mark.data
def test_class_3_is_the_cat(cifar10):
    assert cifar10.target_names[Settings.label] == "cat"


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"label": 10}, "--label must be a whole number from 0 to 9"),
        ({"row": 25}, "expected a patch within the image"),
        ({"size": 0}, "size"),
    ],
)
def test_wrong_settings(wrong, text, tmp_path):
    with pytest.raises(ValueError, match=text):
        main(Settings(stand_in=True, out=tmp_path, **wrong))
