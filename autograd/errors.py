"""The texts of autograd's error messages: what was expected, what was given, what to do."""

MIXED = (
    "a Value and a Tensor cannot meet in one gate. "
    "Make the Value a Tensor with Tensor(value.data), or the Tensor a Value with Value(tensor.item()) "
    "(both start a new graph), or write the whole computation in one of them"
)
CANNOT_COMPUTE = "gate {gate!r} cannot take inputs of shapes {shapes}: {why}"
NOT_SUPPORTED = (
    "{function} has no gate that takes these arguments, so it cannot be recorded on a Tensor. "
    "Use the gates (see autograd.gates.GATES and Tensor's methods), or leave the graph with tensor.numpy()"
)
