"""The back ends, which rules call `xp`: one vocabulary of functions for each kind of input."""
