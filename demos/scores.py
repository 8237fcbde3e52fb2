"""The scores of the slides: three images and three classes, used by the demos of the losses."""

from __future__ import annotations

import numpy as np

CLASSES = ["cat", "car", "frog"]
SCORES = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])  # one image of each class, in this order
