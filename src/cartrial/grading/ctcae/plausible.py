"""Values that a patient hardly has: a wrong unit is likelier, and is asked about.

Source: own; set well outside what is survived, so that a value beyond is worth a look at its unit
Reading: the grade stands as the value says; only a question is added. Analytes that may have any
    value, such as enzymes, have no limits here.
"""

import re

import numpy as np

from cartrial import units
from cartrial.errors import DataError
from cartrial.grading.ctcae.exact import Flags, Floats

QUESTION = "is the unit right?"

# The least and the most, in the standard unit of the analyte.
LIMITS_TABLE = """
    code     least  most
    HGB      20     300
    WBC      0      1000
    NEUT     0      100
    LYM      0      500
    CD4      0      20
    PLAT     0      5000
    ALB      5      100
    CREAT    5      5000
    BILI     0.5    2000
    URATE    5      5000
    SODIUM   70     250
    K        0.5    20
    BICARB   1      100
    CA       0.5    7
    CACR     0.5    7
    CAION    0.2    4
    MG       0.1    10
    GLUC     0.1    85
    CHOL     0.2    60
    FIBRINO  0      25
"""


def _read_limits() -> dict[str, tuple[float, float]]:
    _, *rows = (re.split(r"\s{2,}", line.strip()) for line in LIMITS_TABLE.strip().splitlines())
    return {code: (float(least), float(most)) for code, least, most in rows}


LIMITS = _read_limits()


def is_doubtful(analyte: str, values: Floats, unit: str | None) -> Flags:
    """Whether each value in this unit is beyond the limits; without limits there is no doubt."""
    try:
        least, most = LIMITS[analyte]
        standard = values * float(units.factor(analyte, unit or ""))
    except (KeyError, DataError):
        return np.zeros(len(values), np.bool_)
    return (standard < least) | (standard > most)
