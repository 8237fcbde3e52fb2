"""The numerical check of gradients by finite differences."""
