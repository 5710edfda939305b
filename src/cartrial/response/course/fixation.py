"""Immunofixation: whether a fluid is free of the myeloma's protein.

    fixation    band                                    M-protein by electrophoresis     free of it
    negative                                            0 or not measured                yes
    negative                                            more than 0                      no
    positive    oligoclonal, therapeutic antibody       any                              yes
    positive    of the myeloma, not stated              any                              no
    not known                                           more than 0                      no
    not known                                           0 or not measured                not known

After CAR-T oligoclonal bands are common, and an antibody given as treatment shows as a band of its
own. Where whoever reports it says so, what is measured is not the myeloma's protein.
"""

import polars as pl

ANOTHERS = ("oligoclonal", "therapeutic antibody")
FLUIDS = ("serum", "urine")


def seen(fluid: str) -> pl.Expr:
    """What fixation of a sample sees: `negative`, `myeloma`, or whose band; null where not done."""
    fixation, band = pl.col(f"{fluid}_fixation"), pl.col(f"{fluid}_band")
    return (
        pl.when(fixation == "negative")
        .then(pl.lit("negative"))
        .when((fixation == "positive") & band.is_in(ANOTHERS).fill_null(False))
        .then(band)
        .when(fixation == "positive")
        .then(pl.lit("myeloma"))
    )


def myeloma_protein(fluid: str) -> pl.Expr:
    """The M-protein that is of the myeloma: 0 where the band is another's."""
    measured = pl.col(fluid)
    return pl.when(measured.is_not_null() & is_anothers(fluid)).then(0.0).otherwise(measured)


def is_anothers(fluid: str) -> pl.Expr:
    """Whether the band is not of the myeloma."""
    return pl.col(f"{fluid}_seen").is_in(ANOTHERS).fill_null(False)


def is_free(fluid: str) -> pl.Expr:
    """Whether the fluid is free of the myeloma's protein; null where it is not known."""
    band = pl.col(f"{fluid}_seen")
    return (
        pl.when(is_anothers(fluid))
        .then(True)
        .when((pl.col(fluid) > 0) | (band == "myeloma"))
        .then(False)
        .when(band == "negative")
        .then(True)
    )
