"""The stage: limits of flags, and one-line errors."""

from types import SimpleNamespace

import pytest
import stage


def test_limits_of_flags():
    settings = SimpleNamespace(batch_size=4, images=10)
    stage.check(settings, batch_size=(1, None), images=(10, 10))
    with pytest.raises(ValueError, match=r"^--batch-size must be a whole number, at least 5, got 4$"):
        stage.check(settings, images=(1, 10), batch_size=(5, None))
    for limits in ((1, 9), (11, 20)):
        expected = f"a whole number from {limits[0]} to {limits[1]}"
        with pytest.raises(ValueError, match=f"^--images must be {expected}, got 10$"):
            stage.check(settings, images=limits)
