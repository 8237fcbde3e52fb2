"""MLPClassifier beside scikit-learn's, one hidden layer of 512, on the same images and machine: seconds and accuracy.

scikit-learn's stops early, by its own rule; ours runs for the epochs given. Both see the same standardised images,
which ours also whitens, mirrors and shifts, as scikit-learn's cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import tyro
from sklearn.neural_network import MLPClassifier as Peer

from classifiers import MLPClassifier, Standardizer, fetch_cifar10
from classifiers.augmentation import Chain, Mirror, Shift


@dataclass
class Settings:
    epochs: int = 6
    """of ours"""
    rounds: int = 1
    """how often each is trained, in turn, from another seed"""


def main(settings: Settings) -> None:
    data = fetch_cifar10()
    scaler = Standardizer().fit(data.X_train)
    X_train, X_test = scaler.transform(data.X_train), scaler.transform(data.X_test)
    for seed in range(settings.rounds):
        peer = Peer((512,), early_stopping=True, random_state=seed)
        change = Chain(Mirror(), Shift(1))
        ours = MLPClassifier((512,), epochs=settings.epochs, whiten=400, dropout=0.1, augment=change, random_state=seed)
        theirs = timed(peer, X_train, data.y_train)
        own = timed(ours, data.X_train, data.y_train)
        print(f"scikit-learn: {theirs:6.1f} s  test accuracy {peer.score(X_test, data.y_test):.2%}")
        print(f"gatewise:     {own:6.1f} s  test accuracy {ours.score(data.X_test, data.y_test):.2%}")
        print(f"time: {theirs / own:.1f} times ours")


def timed(classifier: object, X: object, y: object) -> float:
    """Seconds that a fit takes."""
    started = perf_counter()
    classifier.fit(X, y)
    return perf_counter() - started


if __name__ == "__main__":
    try:
        main(tyro.cli(Settings, description=__doc__, prog="mlp_beside_sklearn.py"))
    except (OSError, ValueError) as error:  # no data, wrong settings: a line, no traceback
        raise SystemExit(f"mlp_beside_sklearn: {error}") from error
