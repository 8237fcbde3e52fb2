"""The texts of nn's errors: what came, what was expected, what to do."""

LINEAR_INPUT = (
    "{layer} takes inputs of shape (n, {expected}), but shape {came} came; reshape them, or change in_features"
)
FLOATING = "parameters are floating-point numbers, but dtype {came} came; give float, np.float32 or np.float64"
INIT_SHAPE = (
    "the initialisation {init} gave a weight of shape {came}, but {expected} (out_features, in_features) was asked"
)
POSITIVE_SIZE = "{what} must be a positive whole number, but {came!r} came"
UNKNOWN_INIT = "unknown initialisation {came!r}; give one of {known}, or a function of (shape, rng)"
DROPOUT_P = "dropout's p is the share of inputs to drop, at least 0 and below 1, but {came!r} came"
SCORES = (
    "{loss} takes scores of shape (n, classes) as a Tensor of floats, n and classes at least 1, but {came} came; "
    "give the output of the last Linear for a batch"
)
LABELS_KIND = "{loss} takes labels as integers of shape ({n},), one class index for each row of scores, but {came} came"
LABELS_RANGE = (
    "{loss}: labels must lie between 0 and {last} for scores of {classes} classes, but label {came} came at row {row}"
)
NO_PARAMETERS = "{optimizer} got no parameters to change; give model.parameters() of a model that has some"
PARAMETERS = "{optimizer} takes a list of parameters, but one {came} came; give model.parameters() or [tensor]"
NOT_PARAMETER = "{optimizer} changes Tensors with requires_grad=True that no gate has computed, but {came} came"
NOT_MODULE = "Sequential takes modules, one after the other as in Sequential(Linear(4, 3), ReLU()), but {came} came"
HYPERPARAMETER = "{what} must be {expected}, but {came!r} came"
TOTAL_STEPS = (
    "the schedule was made for {total} steps and has taken them all; "
    "make it for as many as there are: epochs × batches of an epoch"
)
LAYER_NAME = (
    "a layer's name is a word of its own such as 'hidden', without dots or digits alone, but {came!r} came; "
    "taken are: {taken}"
)
NO_LAYER = "this Sequential has no layer {came!r}; its layers are: {known}"
INPUT_SHAPE = "summary takes the shape of one sample, without the batch, as in (3072,), but {came!r} came"
STATE = "this state does not fit {model}; nothing was changed\n  {lines}"
