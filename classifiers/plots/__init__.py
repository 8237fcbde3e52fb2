"""Plots: each draws on an Axes, its own or the one passed as `ax`, and returns it.

Each plot has a module of its name; what they share is in `classifiers.plots.shared`. A new plot is exported
here and gets arguments in `ARGUMENTS` of its tests, tests/classifiers/plots/test_plots.py.
"""

from classifiers.plots.activation_histograms import activation_histograms
from classifiers.plots.augmentations import augmentations
from classifiers.plots.class_examples import class_examples
from classifiers.plots.colour_histogram import colour_histogram
from classifiers.plots.confusion_matrix import confusion_matrix
from classifiers.plots.decision_boundary import decision_boundary
from classifiers.plots.descent_path import descent_path
from classifiers.plots.function_and_derivative import function_and_derivative
from classifiers.plots.gradient_flow import gradient_flow
from classifiers.plots.hinge_terms import hinge_terms
from classifiers.plots.image_difference import image_difference
from classifiers.plots.image_grid import image_grid
from classifiers.plots.learning_curves import accuracy_curves, loss_curves
from classifiers.plots.neighbour_rows import neighbour_rows
from classifiers.plots.neighbourhoods import neighbourhoods
from classifiers.plots.neighbours import neighbours
from classifiers.plots.network import network
from classifiers.plots.oriented_gradients import oriented_gradients
from classifiers.plots.panels import panels
from classifiers.plots.parameter_sweep import parameter_sweep
from classifiers.plots.pixel_values import pixel_values
from classifiers.plots.point_cloud import point_cloud
from classifiers.plots.probabilities import probabilities
from classifiers.plots.rate_range import rate_range
from classifiers.plots.regression_line import regression_line
from classifiers.plots.scaling import scaling
from classifiers.plots.score_bars import score_bars
from classifiers.plots.splits import splits
from classifiers.plots.stacked_bars import stacked_bars
from classifiers.plots.templates import templates

__all__ = [
    "accuracy_curves",
    "activation_histograms",
    "augmentations",
    "class_examples",
    "colour_histogram",
    "confusion_matrix",
    "decision_boundary",
    "descent_path",
    "function_and_derivative",
    "gradient_flow",
    "hinge_terms",
    "image_difference",
    "image_grid",
    "loss_curves",
    "neighbour_rows",
    "neighbourhoods",
    "neighbours",
    "network",
    "oriented_gradients",
    "panels",
    "parameter_sweep",
    "pixel_values",
    "point_cloud",
    "probabilities",
    "rate_range",
    "regression_line",
    "scaling",
    "score_bars",
    "splits",
    "stacked_bars",
    "templates",
]
