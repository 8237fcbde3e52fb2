"""demos/pipeline.py (slide 1): four stages, each using the result of the previous one."""

import re

import pytest
from pipeline import Settings, main


def test_four_stages_in_their_order(tmp_path, capsys):
    main(Settings(images=1000, stand_in=True, out=tmp_path))
    _, *stages, picture = capsys.readouterr().out.splitlines()
    assert [stage[:2] for stage in stages] == ["1.", "2.", "3.", "4."]
    assert "1,000 training and 10,000 test images of 10 classes" in stages[0]
    assert "3,072 pixels of an image -> 324 oriented gradients" in stages[1]
    parameters, first, last = re.search(r"(\S+) parameters, loss (\S+) -> (\S+)", stages[2]).groups()
    assert parameters == f"{(324 + 1) * 10:,}"
    assert float(last) < float(first) < 2.31  # ln 10: before training, each class has probability 0.1
    assert float(re.search(r"accuracy (\S+)%", stages[3])[1]) > 40
    assert picture == f"picture: {tmp_path / 'pipeline.png'}"


@pytest.mark.parametrize("images", [99, 50_001])
def test_wrong_settings(images, tmp_path):
    with pytest.raises(ValueError, match=f"--images must be a whole number from 100 to 50000, got {images}"):
        main(Settings(images=images, stand_in=True, out=tmp_path))
