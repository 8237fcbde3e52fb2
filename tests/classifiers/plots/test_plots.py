"""All plots: each can be saved, in a new figure or as part of another, and changes nothing else."""

import ast
import inspect
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure

from classifiers import plots
from classifiers.augmentation import Mirror
from nn.training.loop import Epoch
from nn.training.rate_range import RateRange

RNG = np.random.default_rng(0)
X = RNG.integers(256, size=(10, 12), dtype=np.uint8)
PLANE = RNG.normal(size=(10, 2))
LONG = ["a rather long name of a class, too long for a line"] * 10
HISTORY = [Epoch(number, 2.0, 0.3, 2.1, 0.25, {}, 0.1, 1.0) for number in (1, 2)]
CLASSIFIER = SimpleNamespace(classes_=np.arange(10), predict=lambda X: np.arange(len(X)) % 10)
TRACE = SimpleNamespace(
    sample=X[0],
    neighbour_samples=X[1:],
    neighbour_labels=np.arange(9),
    answer=3,
    metric="l1",
    neighbour_distances=np.arange(9.0),
    votes=dict.fromkeys(range(9), 1),
)
PLANE_TRACE = SimpleNamespace(
    sample=np.zeros(2), distances=np.arange(10.0), order=np.arange(10), neighbours=np.arange(3), answer=0, metric="l2"
)
ARGUMENTS = {
    "accuracy_curves": (dict.fromkeys(("a", "b"), HISTORY),),
    "activation_histograms": (dict.fromkeys("abcdefghij", PLANE),),
    "augmentations": (X, Mirror(shape=(3, 2, 2)), 0),
    "class_examples": (X, np.arange(10)),
    "colour_histogram": (X[0],),
    "confusion_matrix": (np.arange(100).reshape(10, 10), LONG),
    "decision_boundary": (CLASSIFIER, PLANE, np.arange(10)),
    "descent_path": (PLANE, lambda points: points.sum(axis=1) ** 2),
    "function_and_derivative": (np.tanh,),
    "gradient_flow": (dict.fromkeys(("a", "b"), (0.1, 0.2)),),
    "hinge_terms": (PLANE, np.arange(10) % 2),
    "image_difference": (X[0, :4], X[1, :4]),
    "image_grid": (X, np.arange(10)),
    "loss_curves": (HISTORY,),
    "neighbour_rows": ([TRACE] * 2, [3, 1]),
    "neighbourhoods": ([PLANE_TRACE], PLANE, np.arange(10)),
    "neighbours": (TRACE,),
    "network": ((3072, 9, 8, 1),),
    "oriented_gradients": (np.arange(64, dtype=np.uint8),),
    "parameter_sweep": (np.arange(1, 11), PLANE),
    "pixel_values": (X[0], (0, 0), 2),
    "point_cloud": (PLANE,),
    "probabilities": ([0.6, 0.3, 0.1], ["cat", "dog", "automobile"]),
    "rate_range": (RateRange(*np.geomspace(0.1, 1, 6).reshape(2, 3), np.array([3.0, 2, 1])),),
    "regression_line": (SimpleNamespace(predict=lambda X: X[:, 0]), PLANE[:, :1], PLANE[:, 1]),
    "scaling": (np.arange(1, 11), {"training": np.zeros(10), "prediction": PLANE[:, 0]}),
    "splits": ({"fold": list(zip(LONG, range(10), strict=True))},),
    "stacked_bars": (dict.fromkeys([LONG[0], "b"], (1.0, 2.0)), ["A", "B"]),
    "score_bars": ({"cat": 0.5, LONG[0]: 0.25},),
    "templates": (PLANE.T[:, :9],),
}
PLOTS = sorted(set(plots.__all__) - {"panels"})  # which only creates Axes
NAMED = {"class_examples", "decision_boundary", "image_grid", "neighbour_rows", "neighbours"}


@pytest.mark.parametrize("name", PLOTS)
def test_is_saved_without_a_warning(name):
    plot, arguments = getattr(plots, name), ARGUMENTS[name]
    options = {"names": LONG} if name in NAMED else {}
    ax = plot(*arguments, title="a $title$ that is a good deal longer than the plot below it is wide " * 2, **options)
    ax.figure.savefig(BytesIO(), dpi=40)
    legend = ax.get_legend()
    assert not any(text.get_parse_math() for text in [ax.title, *ax.texts, *(legend.get_texts() if legend else ())])
    title, whole = ax.title.get_window_extent(), ax.figure.bbox
    assert whole.x0 <= title.x0 < title.x1 <= whole.x1  # nothing is cut off
    assert whole.y0 <= title.y0 < title.y1 <= whole.y1

    figure = Figure(figsize=(4, 3), dpi=40, layout="constrained")
    ax = figure.subplots(1, 2)[1]
    assert plot(*arguments, ax=ax, **options) is ax
    figure.savefig(BytesIO())
    assert not Gcf.figs  # no figure is registered with pyplot


@pytest.mark.parametrize("name", PLOTS)
def test_accepts_a_title_and_axes_and_is_documented(name):
    plot = getattr(plots, name)
    parameters = inspect.signature(plot).parameters
    for keyword, default in (("title", ""), ("ax", None)):
        assert parameters[keyword].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[keyword].default == default
    assert plot.__doc__


def test_matplotlib_is_loaded_on_first_use():
    for path in Path(plots.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert "pyplot" not in path.read_text(encoding="utf-8").replace("state of pyplot", "")
        for node in tree.body:  # top-level imports only; those under `if TYPE_CHECKING` are allowed
            assert not (isinstance(node, ast.ImportFrom) and node.module.startswith("matplotlib"))
            assert not isinstance(node, ast.Import) or all("matplotlib" not in one.name for one in node.names)


def test_rejects_other_axes():
    polar, several = Figure().subplots(subplot_kw={"projection": "polar"}), Figure().subplots(2)
    for name in PLOTS:
        for wrong, got in ((polar, "polar axes"), (several, "ndarray")):
            with pytest.raises(
                TypeError, match=f"{name} expected ax to be one matplotlib Axes without a projection, got {got}"
            ):
                getattr(plots, name)(*ARGUMENTS[name], ax=wrong)


def test_none_is_no_title():
    assert plots.loss_curves(HISTORY, title=None).get_title() == ""


def test_long_and_many_names_leave_room_for_the_plot():
    long = ["_" + "long " * 16 + str(number) for number in range(30)]
    classifier = SimpleNamespace(classes_=np.arange(30), predict=lambda X: np.arange(len(X)) % 30)
    boundary = plots.decision_boundary(classifier, PLANE, np.arange(10), names=long, steps=20)
    entries = [text.get_text() for text in boundary.get_legend().get_texts()]
    assert "…" in entries[0]
    assert entries[-1] == f"and {31 - len(entries)} more"
    for ax in (boundary, plots.confusion_matrix(np.eye(3), long[:3]), plots.probabilities(np.full(30, 1 / 30), long)):
        ax.figure.draw_without_rendering()  # a layout that collapses would warn
        assert ax.get_window_extent().width > 100
    assert ax.get_yticklabels()[-1].get_text() == "and 11 more"
    assert ax.get_yticklabels()[0].get_text() == f"_{'long ' * 16}"[:39] + "…"
