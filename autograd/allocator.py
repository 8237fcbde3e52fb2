"""The allocator: freed arrays are kept for the next ones, as the steps of a training want the same sizes over again."""

from __future__ import annotations

import numpy as np

LARGEST = (32 << 20) - (64 << 10)  # bytes: glibc keeps no blocks of more than 32 MiB, its own header among them


def keep_freed() -> None:
    """Allocate and free one large array, which is never touched.

    glibc asks the kernel for each block of more than 128 KiB and gives it back as soon as it is freed. Each of its
    pages then costs a fault when it is first touched, 256 for an array of a megabyte: more time than most gates take
    on it. For blocks up to the size of the largest that a program has freed, it does so no more (mallopt(3),
    M_MMAP_THRESHOLD). Where the allocator is another, this does nothing.
    """
    np.empty(LARGEST, np.uint8)
