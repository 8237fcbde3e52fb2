"""The error messages that several modules of nn share."""

FEATURES = "{layer} expected inputs of shape (n, {expected}), got shape {got}; reshape them, or change {argument}"

RESERVED = "metadata expected keys other than {name!r}, which is reserved; rename that key"

OF_ANOTHER = "this {part} belongs to another {other}; construct it with the {other} that is passed"
