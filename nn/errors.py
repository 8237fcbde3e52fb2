"""The error messages that several modules of nn share."""

FEATURES = "{layer} expected inputs of shape (n, {expected}), got shape {got}; reshape them, or change {argument}"

# Of files
RESERVED = "the metadata of a file expected names other than {name!r}, which gatewise uses itself; rename it"

# Of training
OF_ANOTHER = "this {part} belongs to another {other} than the one given; construct the {part} with this {other}"
