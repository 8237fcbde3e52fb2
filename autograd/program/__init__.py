"""Compiled programs: a recorded graph of Values, replayed on other numbers."""
