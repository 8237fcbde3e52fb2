"""The layers, one kind a file."""
