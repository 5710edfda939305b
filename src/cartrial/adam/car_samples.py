"""The samples of a trial for the population model of CAR kinetics.

From: ADPC, ADSL, ADCE, ADLB, ADRS.

    dose, level, age, prior_lines, bcma   covariates of ADSL, centred as in kinetics.population
    plasma_cells                          of the marrow before lymphodepletion: tumour burden
    response                              PR or better, confirmed, by the primary evaluator
    tocilizumab, steroid                  treatments: the first day on which CRS or ICANS got them

Reading: the samples are those of ADPP: blood, infused subjects, from the infusion to a retreatment.
A sample on the day of the infusion without a later clock time is from before it, and left out. So
is a result below quantification whose limit is not known: it cannot be censored there. Of several
at one time the highest counts.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl

from cartrial.adam.adverse.adce import Adce
from cartrial.adam.dataset import Adam
from cartrial.adam.kinetics.adpc import NOT_DONE, Adpc, is_before_retreatment, is_blood
from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.response.adrs import LETTER, Adrs
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import with_subject
from cartrial.errors import DataError
from cartrial.kinetics.population.model.covariate import centred
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Floats, Samples, places
from cartrial.protocol.endpoints import Evaluator

COVARIATES = {
    "dose": "CARDOSA",
    "level": "TRT01AN",
    "age": "AGE",
    "prior_lines": "PRIORLN",
    "bcma": "BCMAPOS",
}
OF_ROWS = ("plasma_cells", "response")
TREATMENTS = {"tocilizumab": ("TOCIFL", "TOCIDTS"), "steroid": ("STERFL", "STERDTS")}


def assays_of(adam: Adam) -> tuple[str, ...]:
    """What was measured, each analyte by its method; the copies of a gene first."""
    found = _measured(adam).select("assay", "PARAM", "METHOD").unique()
    return tuple(found.sort(pl.col("METHOD") == "flow", "METHOD", "PARAM")["assay"])


def samples_of(
    adam: Adam, model: Model, assays: Sequence[str], *, primary: Evaluator = "investigator"
) -> Samples:
    """The samples of these assays, with what the model asks of the subjects.

    `primary` is the evaluator whose response counts.
    """
    mine = _measured(adam).filter(pl.col("assay").is_in(list(assays)))
    chosen = taken(mine, "USUBJID", "assay")
    keys = tuple(chosen["USUBJID"].unique().sort())
    about = adam.of(Adsl).filter(pl.col("USUBJID").is_in(keys)).sort("USUBJID")
    covariates = {
        one.covariate: _covariate(adam, about, one.covariate, primary) for one in model.effects
    }
    starts = {name: _starts(adam, about, name) for name in model.treatments}
    return Samples(
        tuple(about["SUBJID"]),
        tuple(assays),
        places(chosen["USUBJID"], keys),
        places(chosen["assay"], assays),
        chosen["ARELTM"].to_numpy(),
        chosen["AVAL"].fill_null(np.nan).to_numpy(),
        chosen["ALLOQ"].fill_null(0.0).to_numpy(),
        covariates,
        starts,
    )


def taken(measured: pl.DataFrame, *series: str) -> pl.DataFrame:
    """Of the results of some series those that a model takes, in the order of series and time."""
    told = pl.col("AVAL").is_not_null() | (pl.col("ALLOQ") > 0).fill_null(False)
    after = measured.filter(pl.col("ARELTM") > 0, told)
    highest = after.sort("AVAL", descending=True, nulls_last=True)
    key = [*series, "ARELTM"]
    return highest.unique(key, keep="first", maintain_order=True).sort(key)


def _measured(adam: Adam) -> pl.DataFrame:
    """The samples that count, each with its analyte and method as the name of its assay."""
    known = with_subject(adam.of(Adpc), adam.of(Adsl), "RETRTDT")
    return known.filter(
        pl.col("SAFFL") == "Y", is_blood(), is_before_retreatment(), pl.col("ASTATUS") != NOT_DONE
    ).with_columns(assay=pl.format("{} by {}", "PARAM", "METHOD"))


def _covariate(adam: Adam, about: pl.DataFrame, name: str, primary: Evaluator) -> Floats:
    if name in OF_ROWS:
        rows = _rows(adam, name, primary).unique("USUBJID", keep="first", maintain_order=True)
        values = about.join(rows, on="USUBJID", how="left", maintain_order="left")["AVAL"]
    elif name in COVARIATES:
        values = about[COVARIATES[name]]
    else:
        every = ", ".join([*COVARIATES, *OF_ROWS])
        raise DataError(f"--covariate: must be one of {every}, got {name}")
    return centred(values.cast(pl.Float64).to_numpy())


def _rows(adam: Adam, name: str, primary: Evaluator) -> pl.DataFrame:
    """The records that hold a covariate, one for a subject that has it."""
    if name == "response":
        return adam.of(Adrs).filter(pl.col("PARAMCD") == f"{LETTER[primary]}CRSP")
    return adam.of(Adlb).filter(pl.col("PARAMCD") == "PLSTCECE", pl.col("ABLFL") == "Y")


def _starts(adam: Adam, about: pl.DataFrame, name: str) -> Floats:
    """The first day of a treatment in each subject; infinity where it was never given."""
    if name not in TREATMENTS:
        raise DataError(f"--treatment: must be one of {', '.join(TREATMENTS)}, got {name}")
    flag, dates = TREATMENTS[name]
    given: Mapping[str, list[str]] = {}
    if adam.has(Adce):
        episodes = adam.of(Adce).filter(pl.col(flag).fill_null("unknown") != "N")
        undated = episodes.filter(pl.col(dates).fill_null("") == "")
        if undated.height:
            raise DataError(
                f"--treatment {name}: must be dated in every subject who got it, got "
                f"{undated['USUBJID'].n_unique()} without a date; first, {undated['USUBJID'][0]}"
            )
        rows = episodes.select("USUBJID", dates).iter_rows()
        given = _by_subject((key, told.split()[0]) for key, told in rows)
    starts = [
        min((dt.date.fromisoformat(day) - infused).days for day in given[key])
        if key in given and infused is not None
        else np.inf
        for key, infused in about.select("USUBJID", "TRTSDT").iter_rows()
    ]
    return np.array(starts, dtype=float)


def _by_subject(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, day in pairs:
        found.setdefault(key, []).append(day)
    return found
