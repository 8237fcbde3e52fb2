"""The hinge loss of three images, term by term: max(0, s_j − s_y + 1), summed over the other classes j ≠ y.

The scores are those of CS231n, "Linear classification": a cat, a car and a frog. Only scores within
a margin of 1 of the correct score s_y cost anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scores import CLASSES, SCORES
from stage import run, save

from autograd import Tensor
from classifiers import plots
from nn import HingeLoss


@dataclass
class Settings:
    margin: float = 1.0
    """by how much the correct score has to exceed the others"""
    out: Path = Path("out/hinge")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    labels = range(len(CLASSES))
    losses = HingeLoss(settings.margin, reduction="none")(Tensor(SCORES), labels).data
    mean = HingeLoss(settings.margin)(Tensor(SCORES), labels).item()

    print(f"a loss is the sum of max(0, s_j − s_y + {settings.margin:g}) over the other classes j")
    print(f"{'':6}" + "".join(f"{name:>6}" for name in CLASSES))
    for y, (scores, loss) in enumerate(zip(SCORES, losses, strict=True)):
        others = [s for j, s in enumerate(scores) if j != y]
        right = signed(scores[y]) if scores[y] >= 0 else f"({signed(scores[y])})"
        formulas = [f"max(0, {signed(s)} − {right} + {settings.margin:g})" for s in others]
        print(f"{CLASSES[y]:6}" + "".join(f"{signed(s):>6}" for s in scores) + f"   {' + '.join(formulas)}")
        terms = [max(0, s - scores[y] + settings.margin) for s in others]
        print(f"{'':27}= {' + '.join(f'{term:.1f}' for term in terms)} = {loss:.1f}")
    print(f"mean: ({' + '.join(f'{loss:.1f}' for loss in losses)}) / {len(losses)} = {mean:.2f}")

    *others, right = SCORES[2]
    bare = [s - right for s in others]
    print(
        f"note: the {sum(bare):.1f} that slides have for the frog is its sum without the + 1, "
        f"{' + '.join(f'{term:.1f}' for term in bare)}; with + {settings.margin:g}, {losses[2]:.1f}"
    )

    title = "hinge loss of each image, term by term"
    picture = plots.hinge_terms(SCORES, labels, names=CLASSES, margin=settings.margin, title=title)
    save(picture, settings.out / "hinge.png")


def signed(score: float) -> str:
    """Return a score with a typographic minus sign."""
    return f"{score:.1f}".replace("-", "−")


if __name__ == "__main__":
    run(main, Settings)
