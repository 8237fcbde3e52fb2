"""CIFAR-10, its synthetic stand-in, and photos."""
