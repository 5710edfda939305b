"""How a covariate enters the model: centred, so that the typical values are of a middle subject.

above 0 in all    log(value / geometric mean): the effect is the exponent of a power
only 0 and 1      as it is: the effect is of having it
any other         value less its mean
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def centred(values: Floats) -> Floats:
    """The covariate as it enters; what is not known stays NaN."""
    known = values[np.isfinite(values)]
    if not known.size:
        return values
    if np.isin(known, (0.0, 1.0)).all() and (known == 0).any():
        return values
    if (known > 0).all():
        return np.asarray(np.log(values) - np.log(known).mean())
    return np.asarray(values - known.mean())
