"""Squares and triangles: the prediction from independently computed distances, for each k and metric."""

from collections import Counter

import numpy as np
import pytest
import squares_and_triangles as demo


@pytest.mark.parametrize(("metric", "order"), [("l1", 1), ("l2", 2)])
def test_the_answers_follow_from_the_distances(metric, order, tmp_path, capsys):
    demo.main(demo.Settings(ks=(1, 3, 5), metric=metric, out=tmp_path))
    lines = capsys.readouterr().out.splitlines()
    points = [(p, "triangle") for p in demo.TRIANGLES] + [(p, "square") for p in demo.SQUARES]
    apart = sorted((np.linalg.norm(demo.QUESTION - p, ord=order), label) for p, label in points)
    assert lines[1:6] == [f"  {distance:.2f}  {label}" for distance, label in apart[:5]]
    for line, k in zip(lines[6:9], (1, 3, 5), strict=True):
        votes = Counter(label for _, label in apart[:k]).most_common()
        assert line == f"k = {k}: {', '.join(f'{n} × {label}' for label, n in votes)} → {votes[0][0]}"


def test_rejects_an_empty_list_of_k(tmp_path):
    with pytest.raises(ValueError, match="--ks must be one whole number or more, got none"):
        demo.main(demo.Settings(ks=(), out=tmp_path))
