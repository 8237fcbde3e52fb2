"""The recorded graph: nodes, what records them, and the chain rule that walks it backwards."""
