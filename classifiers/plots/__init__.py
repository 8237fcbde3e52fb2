"""Plots: each draws on an Axes, its own or the one given, and returns it."""

from classifiers.plots.bars import score_bars
from classifiers.plots.boundaries import decision_boundary
from classifiers.plots.clouds import point_cloud
from classifiers.plots.comparisons import image_difference, neighbours
from classifiers.plots.curves import accuracy_curves, loss_curves, rate_range
from classifiers.plots.descents import descent_path, regression_line
from classifiers.plots.distributions import activation_histograms
from classifiers.plots.examples import class_examples
from classifiers.plots.functions import function_and_derivative
from classifiers.plots.gradients import gradient_flow
from classifiers.plots.handmade import colour_histogram, oriented_gradients
from classifiers.plots.images import augmentations, image_grid
from classifiers.plots.margins import hinge_terms
from classifiers.plots.matrices import confusion_matrix
from classifiers.plots.neighbour_rows import neighbour_rows
from classifiers.plots.neighbourhoods import neighbourhoods
from classifiers.plots.networks import network
from classifiers.plots.panels import panels
from classifiers.plots.probabilities import probabilities
from classifiers.plots.scaling import scaling
from classifiers.plots.splits import splits
from classifiers.plots.stacked_bars import stacked_bars
from classifiers.plots.sweeps import parameter_sweep
from classifiers.plots.values import pixel_values
from classifiers.plots.weights import templates

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
