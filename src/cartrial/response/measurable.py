"""Measurable disease: whether there is something at baseline by which a response can be judged.

    serum M-protein                 10 g/L or more
    urine M-protein                 200 mg in 24 h or more
    involved free light chain       100 mg/L or more, with an abnormal kappa/lambda ratio
    plasmacytoma                    a measured lesion

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the normal ratio is 0.26 to 1.65; the involved chain is the one to whose side the ratio
leans. One measure that is met is enough; disease is not measurable only when no measure is met and
serum M-protein, urine M-protein and light chains were all measured; else it is unknown.
"""

SERUM = 10.0  # g/L
URINE = 200.0  # mg/24 h
LIGHT_CHAIN = 100.0  # mg/L
NORMAL_RATIO = (0.26, 1.65)  # kappa/lambda


def is_measurable(
    *,
    serum: float | None,
    urine: float | None,
    kappa: float | None,
    lambda_: float | None,
    lesion: bool = False,
) -> bool | None:
    """Whether disease is measurable; null where what was measured does not tell."""
    chains = _light_chain(kappa, lambda_)
    measures = (
        None if serum is None else serum >= SERUM,
        None if urine is None else urine >= URINE,
        chains,
    )
    if lesion or True in measures:
        return True
    return None if None in measures else False


def _light_chain(kappa: float | None, lambda_: float | None) -> bool | None:
    if kappa is None or lambda_ is None:
        return None
    low, high = NORMAL_RATIO
    involved = kappa if kappa > high * lambda_ else lambda_ if kappa < low * lambda_ else 0.0
    return involved >= LIGHT_CHAIN
