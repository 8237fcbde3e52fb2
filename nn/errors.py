"""The texts of nn's error messages: what was expected, what was given, what to do."""

FEATURES = "{layer} expected inputs of shape (n, {expected}), got shape {got}; reshape them, or change {argument}"

# Of files
NO_SAFETENSORS = (
    "{path} ({size:,} bytes) is no safetensors file that NumPy could read, or it was cut short or damaged ({why}); "
    "take a copy of it, or save it again"
)
DAMAGED = "{path} is damaged: its content is not what was written (the checksum differs). Take a copy, or save it again"
MALFORMED = "{path} has notes that gatewise did not write ({why}); save it again"
RESERVED = "the notes of a file keep {name!r} for what gatewise writes there; take another name"
NOTES = (
    "a file holds arrays of numbers of at most 64 bits, and notes of texts, numbers, lists and dicts with texts as "
    "keys, got {got} {where}"
)
NEWER = "{path} was written by a later gatewise (format {got}, known here up to {known}): update gatewise"
NO_MODEL = (
    "{path} has numbers but no architecture, as nn.save did not write it: "
    "make the model first and give nn.load(path, into=model)"
)
OTHER_MODEL = "{path} holds another model. {why}"
NOT_PLAIN = (
    "the architecture of a saved model is told in numbers, texts, lists, dicts and modules, got {got}: "
    "let arguments() give those"
)
NOT_MADE_ANEW = (
    "a {model} cannot be made anew from its arguments(): {why}. Let each module keep what __init__ takes in attributes "
    "of the same names (self.size = size), or define arguments()"
)
NOT_KEPT = (
    "a {model} cannot be saved: its __init__ takes {names}, which arguments() does not tell. Keep each in an attribute "
    "of its name (self.size = size), or define arguments(), and make() for *arguments"
)
SAME_NAME = (
    "a model cannot be saved that has two classes of modules named {name!r}, or one of that name beside nn's own: "
    "give yours another name"
)
NESTED = "this model contains itself, or modules within modules for too many levels to be told"
TOO_LARGE = "the file's {module} asks for more numbers ({asked:,}) than the file has ({held:,})"
TOLD_WRONG = (
    "a {model} made anew from its arguments() would have other names or shapes: {different}. "
    "Let arguments() tell them, or save its numbers alone: files.write(path, model.state_dict(), {{}})"
)
NO_ARCHITECTURE = "this architecture makes no model: {why}"
UNKNOWN_MODULE = (
    "the file's model has a module {got!r}, which is not known here ({known}); "
    "name the class in nn.load(path, modules=[...])"
)

# Of training
OF_ANOTHER = "this {part} belongs to another {other} than the one given; construct the {part} with this {other}"
