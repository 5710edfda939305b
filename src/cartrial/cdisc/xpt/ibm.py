"""Numbers of a transport file: IBM double precision, in which every usual number is exact.

    bit     0       1-7                     8-63
            sign    exponent of 16, + 64    fraction of 56 bits, below the point

An IEEE double has 53 significant bits, so nothing is lost on the way out; its range is wider. A
missing value is its letter (`.`, `_`, A to Z) in the first byte and zeros in the others.

Source: SAS Institute, TS-140, section on numeric data.
Reading: every kind of missing value is read as missing, and written as `.`. Minus zero is zero. A
    fraction of more than 53 bits, which SAS on a mainframe can write, is rounded to the nearest.
"""

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 2.0**-260, np.nextafter(2.0**252, 0.0)  # 5.4e-79 and 7.2e75
MISSING = np.uint64(ord(".") << 56)
FRACTION = np.uint64((1 << 56) - 1)
LETTERS = [ord(letter) for letter in "._ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


def fits(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether each number is in the range; a missing one (NaN) is."""
    size = np.abs(values)
    fitting: NDArray[np.bool_] = ((size >= LEAST) & (size <= MOST)) | (size == 0) | np.isnan(values)
    return fitting


def to_ibm(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Numbers in the range as IBM doubles, big-endian; NaN is missing."""
    missing = np.isnan(values)
    numbers = np.where(missing, 0.0, values)
    half_to_one, power = np.frexp(np.abs(numbers))
    sixteens = -(-power // 4)  # rounded up, so that the fraction is at least 1/16
    left = (3 - (4 * sixteens - power)).astype(np.uint64)
    words = (half_to_one * 2.0**53).astype(np.uint64) << left
    words |= (sixteens + 64).astype(np.uint64) << np.uint64(56)
    words |= (numbers < 0).astype(np.uint64) << np.uint64(63)
    words[numbers == 0] = 0
    words[missing] = MISSING
    return words.astype(">u8")


def from_ibm(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """IBM doubles, big-endian, as numbers; missing is NaN."""
    native = words.astype(np.uint64)
    fraction = native & FRACTION
    first = (native >> np.uint64(56)).astype(np.int32)
    numbers: NDArray[np.float64] = np.ldexp(
        fraction.astype(np.float64), 4 * ((first & 0x7F) - 64) - 56
    )
    numbers[first >= 0x80] *= -1
    numbers[(fraction == 0) & np.isin(first, LETTERS)] = np.nan
    return numbers
