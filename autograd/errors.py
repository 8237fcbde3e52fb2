"""The texts of autograd's error messages: what was expected, what was given, what to do."""

# Of the table of gates
WRONG_ARITY = "gate {name!r}: its forward takes {arity} inputs, got {given} local gradients; state one for each"
RULE_NAMES = (
    "gate {name!r}: a rule names {unknown}, but a rule may name only its arguments and xp, "
    "which has: {known}. Write the rule in those (a rule is run on floats and on arrays alike)"
)
RULE_KIND = "gate {name!r}: a rule is a Python function of a line or two, such as lambda x: xp.exp(x), got {got}"
RULE_BRANCHES = (
    "a rule that asks whether {condition} has no text to compile: write xp.where instead of Python's if and or"
)
NO_SUCH_GATE = "this graph has a gate {name!r}, which is not in the table: enter it before loading the graph"
RULE_FAILS = (
    "gate {name!r}: a rule fails at the sample {sample}: {why}. "
    "Inputs are plain floats or arrays there: write xp.exp(x), not x.exp()"
)
GATE_NAME = "a gate cannot be named {name!r}, which is no name of a method; choose one of letters, digits and _"
GATE_EXISTS = "a gate cannot be named {name!r}, as {kind} has a gate or a method of that name; choose another"

# Of operands
NOT_A_NUMBER = (
    "Value takes one real number (int, float, a NumPy scalar), got {got}. "
    "For an array use Tensor(array); for many Values, a list of them"
)
VALUE_DTYPE = "a Value is a float64, but astype({got}) was asked for. Use a Tensor: Tensor(value.data, dtype=...)"
NOT_ON_VALUE = (
    "{function} of a Value has no gate that takes {got}. Use the methods of Value and plain numbers beside it; "
    "for NumPy's functions over arrays, make Tensors"
)
GATE_ARGUMENTS = "gate {gate!r} takes after its first input: {expected}; got {got}. Name each once"
ARRAY_GATE = "gate {gate!r} is one over arrays, got Values. Use Tensors, or Values in a list and Python's own loop"
NO_NODE = "gate {gate!r} records Values or Tensors, got {got}; make one of them a Value or a Tensor"
OPERAND = "gate {gate!r} of a {kind} takes nodes of its own kind and plain numbers beside it, got {got}"
LEAVING = (
    "a tracked {kind} would leave the graph here as a plain number (float(x), math.exp(x), array[i] = x), and the "
    "derivative that is being taken would be wrong. Use NumPy's functions (np.exp), collect parts in a list and "
    "np.stack it, or take the number on purpose with x.item()"
)
MIXED = (
    "a Value and a Tensor cannot meet in one gate. "
    "Make the Value a Tensor with Tensor(value.data), or the Tensor a Value with Value(tensor.item()) "
    "(both start a new graph), or write the whole computation in one of them"
)
NOT_NUMERIC = (
    "Tensor takes booleans, integers or real floats in a regular shape, got {got}. "
    "Give numbers, rows of equal length, no objects, strings or complex numbers"
)
NODE_IN_TENSOR = (
    "Tensor takes numbers, got a {kind}. Give its .data (which starts a new graph), or use the {kind} itself"
)
LEAF_IN_PLACE = (
    "under no_grad(), `t {operator} ...` would put a new, untracked Tensor in the place of this leaf. "
    "To change the leaf itself, write to its data: `t.data {operator} ...`"
)
INTEGER_GRADIENT = (
    "a Tensor of dtype {dtype} cannot require a gradient: only floating-point data can. "
    "Convert it first, e.g. Tensor(data, dtype=float, requires_grad=True)"
)
CANNOT_COMPUTE = "gate {gate!r} cannot take inputs of shapes {shapes}: {why}"
VJP_SHAPE = "{gate} passed down a gradient of shape {got} to an input of shape {expected}: its vjp is wrong, mend it"
READ_ONLY = (
    "a Tensor cannot be written into: the graph may have recorded its data. "
    "Make a new Tensor, or, for a leaf between two training steps, write into tensor.data"
)
NOT_SUPPORTED = (
    "{function} has no gate that takes these arguments, so it cannot be recorded on a Tensor. "
    "Use the gates (see autograd.gates.GATES and Tensor's methods), or leave the graph with tensor.numpy()"
)
WRITES_INTO = (
    "{function} would write a Tensor into a plain array (out=, or `array += tensor`), where its graph would be lost. "
    "Write array = array + tensor"
)
TRACKED_ARRAY = (
    "a Tensor that requires a gradient does not turn into an array by itself, as its graph would be lost. "
    "Write np.dot(array, t) or array @ t for array.dot(t); collect parts in a list and np.stack it, for array[i] = t "
    "and np.array([t, u]); use tensor.numpy() for its data"
)

# Of backward
UNTRACKED_ROOT = (
    "backward() from a Tensor that does not require a gradient: nothing it was computed from has "
    "requires_grad=True, or it was computed under no_grad()"
)
NOT_SCALAR = (
    "backward() from a Tensor of shape {shape} needs the gradient that comes from above: "
    "call backward(gradient) with an array of that shape, or reduce it first, e.g. tensor.sum().backward()"
)
GRADIENT_SHAPE = "backward() from a Tensor of shape {shape} got a gradient of shape {got}; they must be equal"

INNER_DATA = (
    "the data of a {kind} that gate {gate!r} made cannot be assigned: its gradients would be wrong. "
    "Make a new node of it, or a leaf with detach()"
)
CHANGED = (
    "backward through a graph that was changed in place: {got}, taken by gate {gate!r} as {argument}, has other "
    "data now, so its local gradient would be wrong. Call backward() before the data changes, or record the graph anew"
)
HOOK_SHAPE = "a hook must return None or a gradient of the node's shape {shape}, got {got}"

# Of the search for NaN and infinity
ANOMALY_FORWARD = "gate {gate!r} made {made} of {inputs}, in {line}"
ANOMALY_BACKWARD = (
    "backward: gate {gate!r} passed down {made} to its input {argument}, with {inputs} and the upstream gradient "
    "{upstream}; recorded in {line}"
)
ANOMALY_LINE_UNKNOWN = "a line that is not known: record the graph within detect_anomaly(), too"
