"""The einsum gate: a sum of products over named axes, and its vector-Jacobian product, an einsum itself."""

from __future__ import annotations

import numpy as np

from autograd.gates.arrays import Array, ArrayGate, sample

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _einsum_input(position: int, upstream: Array, out: Array, *inputs: Array, subscripts: str) -> Array:
    """The vjp: einsum of the upstream gradient and the other inputs, as each product is linear in each factor."""
    given, result = subscripts.split("->")
    terms = given.split(",")
    others = [(term, x) for i, (term, x) in enumerate(zip(terms, inputs, strict=True)) if i != position]
    wanted, shape = terms[position], inputs[position].shape
    spare = iter(sorted(set(LETTERS) - set(subscripts)))
    target = ""
    for letter, size in zip(wanted, shape, strict=True):
        if letter in target:  # a repeated letter selects a diagonal: the gradient is 0 off it
            other = next(spare)
            others.append((letter + other, np.eye(size, dtype=out.dtype)))
            target += other
            continue
        found = [thing.shape[term.index(letter)] for term, thing in others if letter in term]
        found += [out.shape[result.index(letter)]] if letter in result else []
        if size not in found and not any(length > size for length in found):  # summed over alone, or broadcast
            others.append((letter, np.ones(size, dtype=out.dtype)))
        target += letter
    names = ",".join([result, *(term for term, _ in others)])
    return np.einsum(f"{names}->{target}", upstream, *(x for _, x in others))


def explicit(subscripts: str, *shapes: tuple[int, ...]) -> str:
    """Return einsum subscripts with letters in place of `...` and with the output written out.

    Parameters
    ----------
    subscripts : str
        In NumPy's notation, such as "...ij,jk".
    *shapes : tuple of int
        The shape of each input.

    Returns
    -------
    str
        Such as "aij,jk->aik".

    Raises
    ------
    ValueError
        If the number of terms is not that of the shapes, or the output lacks the `...` of an input.
    """
    subscripts = subscripts.replace(" ", "")
    given, arrow, result = subscripts.partition("->")
    terms = given.split(",")
    if len(terms) != len(shapes):
        raise ValueError(f"einsum expected {len(terms)} inputs for the subscripts {subscripts!r}, got {len(shapes)}")
    spare = [letter for letter in LETTERS if letter not in subscripts]
    hidden = [len(shape) - len(term.replace("...", "")) for term, shape in zip(terms, shapes, strict=True)]
    longest = max((count for term, count in zip(terms, hidden, strict=True) if "..." in term), default=0)
    batch = "".join(spare[:longest])
    terms = [
        term.replace("...", batch[longest - count :] if count > 0 else "")
        for term, count in zip(terms, hidden, strict=True)
    ]
    if arrow and batch and "..." not in result:
        raise ValueError(f"the output of {subscripts!r} must have '...' too, to keep the axes it stands for")
    if not arrow:
        letters = "".join(terms)
        result = batch + "".join(sorted(x for x in set(letters) - set(batch) if letters.count(x) == 1))
    return f"{','.join(terms)}->{result.replace('...', batch)}"


EINSUM = ArrayGate(
    "einsum",
    "einsum",
    lambda *inputs, subscripts: np.einsum(subscripts, *inputs),
    _einsum_input,
    variadic=True,
    vjp_formulas=("einsum of upstream and the other inputs",),
    samples=[
        sample((2, 3), (3, 4), subscripts="ij,jk->ik"),
        sample((2, 3), (2, 3), subscripts="ij,ij->"),
        sample((3, 3), subscripts="ii->i"),
        sample((3, 3), subscripts="ii->"),
        sample((2, 3), subscripts="ij->j"),
        sample((5, 2, 3), (5, 3, 4), (4,), subscripts="bij,bjk,k->bi"),
        sample((1, 3), (2, 3), subscripts="ij,ij->ij"),
    ],
)
