"""f(x, W) = Wx + b maps the 3,072 numbers of an image to ten scores; each row of W is the template of a class.

The score of a class measures how well the image matches its template: the sum of their products, pixel by pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stage import check, load, run, save

from classifiers import LinearClassifier, plots


@dataclass
class Settings:
    images: int = 10_000
    """number of training images (the first ones); 50000 is all"""
    epochs: int = 5
    """passes over them (epochs)"""
    alpha: float = 1.0
    """λ, the weight of R(W): the larger, the smoother the templates; 0.0001 is more accurate with all images"""
    image: int = 0
    """index of the test image whose scores are shown"""
    seed: int = 0
    """seed of the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/linear_scores")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    data = load(stand_in=settings.stand_in)
    check(settings, images=(10, len(data.X_train)), image=(0, len(data.X_test) - 1))
    model = LinearClassifier(
        alpha=settings.alpha, learning_rate=0.01, epochs=settings.epochs, random_state=settings.seed
    ).fit(data.X_train[: settings.images], data.y_train[: settings.images])

    W, b = model.coef_, model.intercept_[:, None]
    x = data.X_test[settings.image][:, None]
    scores = W @ x + b
    print("f(x, W) = W x + b")
    print("({}×{})({}×{}) + ({}×{}) = {}×{}".format(*W.shape, *x.shape, *b.shape, *scores.shape))
    print(f"{W.shape[0]} · {W.shape[1]:,} weights + {b.size} biases = {W.size + b.size:,} parameters\n")

    print(f"test image {settings.image}, of class {data.target_names[data.y_test[settings.image]]}:")
    for name, score in zip(data.target_names, scores[:, 0], strict=True):
        print(f"  {name:10} {score:7.3f}{'  the highest: the answer' if score == scores.max() else ''}")
    print(f"test accuracy: {model.score(data.X_test, data.y_test):.1%}")

    title = "the rows of W as images: what each class looks like to a linear model"
    save(plots.templates(model, names=data.target_names, title=title), settings.out / "templates.png")


if __name__ == "__main__":
    run(main, Settings)
