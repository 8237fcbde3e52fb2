"""The machine-learning pipeline: data, features, model, evaluation, each using the result of the stage before.

The features are oriented gradients, the model is a linear classifier; the test images are used in the last stage only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stage import check, load, run, save

from classifiers import LinearClassifier, features, metrics, plots


@dataclass
class Settings:
    images: int = 5000
    """number of training images (the first ones)"""
    epochs: int = 10
    """passes over them (epochs)"""
    seed: int = 0
    """seed of the order of the images"""
    stand_in: bool = False
    """use the synthetic stand-in even if CIFAR-10 is available"""
    out: Path = Path("out/pipeline")
    """output folder for the picture"""


def main(settings: Settings) -> None:
    # 1. Data: labelled images, for training and for testing.
    data = load(stand_in=settings.stand_in)
    check(settings, images=(100, len(data.X_train)))
    X_train, y_train = data.X_train[: settings.images], data.y_train[: settings.images]
    X_test, y_test, names = data.X_test, data.y_test, data.target_names
    print(f"1. data:       {len(X_train):,} training and {len(X_test):,} test images of {len(names)} classes")

    # 2. Features: the model's input for an image.
    seen_train, seen_test = features.oriented_gradients(X_train), features.oriented_gradients(X_test)
    print(f"2. features:   {X_train.shape[1]:,} pixels of an image -> {seen_train.shape[1]} oriented gradients")

    # 3. Model: scores from features, its parameters learned from the training images.
    model = LinearClassifier(epochs=settings.epochs, random_state=settings.seed).fit(seen_train, y_train)
    parameters = model.coef_.size + model.intercept_.size
    losses = model.loss_curve_
    print(f"3. model:      Wx + b with {parameters:,} parameters, loss {losses[0]:.3f} -> {losses[-1]:.3f}")

    # 4. Evaluation: its accuracy on images that it has never seen.
    matrix = metrics.confusion_matrix(model.decision_function(seen_test), y_test)
    accuracy = matrix.trace() / matrix.sum()
    print(f"4. evaluation: test accuracy {accuracy:.2%}, where guessing has {1 / len(names):.0%}")

    title = f"the pipeline, on {data.name}"
    first_stage, second, third, fourth = plots.panels(4, columns=2, size=(4.8, 4.2), title=title)
    plots.image_grid(X_train[:16], y_train[:16], names=names, title="1. data", ax=first_stage)
    plots.oriented_gradients(X_train[0], title="2. features (of the first image)", ax=second)
    plots.loss_curves(model.history_, title="3. model", ax=third)
    plots.confusion_matrix(matrix, names, title=f"4. evaluation: {accuracy:.1%} right", ax=fourth)
    save(first_stage, settings.out / "pipeline.png")


if __name__ == "__main__":
    run(main, Settings)
