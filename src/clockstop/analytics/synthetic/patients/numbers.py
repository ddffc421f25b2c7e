"""NHS numbers of the range that is never given to a person: 999 000 000x to 999 999 999x."""

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]

RANGE = 999_000_000
SIZE = 1_000_000
_WEIGHTS = range(10, 1, -1)
_NO_NUMBER = 10  # the check digit of nine digits that no NHS number begins with


def nhs_numbers(seed: int) -> Ints:
    """Every valid number of the range, some 909,000, in an order of chance."""
    first = RANGE + np.arange(SIZE)
    check = check_digits(first)
    valid = first[check != _NO_NUMBER] * 10 + check[check != _NO_NUMBER]
    return np.random.default_rng([seed, RANGE]).permutation(valid)


def check_digits(first: Ints) -> Ints:
    """The check digit of each nine digits, modulo 11; 10 where there is none."""
    total = np.zeros(len(first), dtype=np.int64)
    for place, weight in enumerate(_WEIGHTS):
        total += first // 10 ** (8 - place) % 10 * weight
    checks: Ints = (11 - total % 11) % 11
    return checks


def as_text(numbers: Ints) -> pl.Series:
    """The numbers as they are written, ten digits."""
    return pl.Series(numbers).cast(pl.String)
