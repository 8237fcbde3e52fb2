"""Benchmarks of gatewise against other libraries, on equal work: `python -m benchmarks`, or `make bench`."""
