"""What the rules of gates call `xp`: one vocabulary of functions for each kind of operand."""
