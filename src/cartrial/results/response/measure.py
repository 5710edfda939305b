"""What the disease of each subject is followed by: its M-protein, or its free light chains.

The measure of a subject is the one by which its disease is measurable at baseline: M-protein of
serum; of urine where it is not; else the difference of involved and uninvolved free light chain.

Reading: a value counts up to the first new anti-myeloma therapy or retreatment. A difference of
light chains below 0 is a complete fall.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.adam.response.adrs import Adrs
from cartrial.results.population import Trial
from cartrial.results.response.lane import months

MEASURES = {"SPEP": "M-protein in serum", "UPEP": "M-protein in urine", "DFLC": "free light chains"}
DEFINING = {
    "serum": "SPEP",
    "serum and urine": "SPEP",
    "urine": "UPEP",
    "free light chains": "DFLC",
}
NO_VALUE = "no value after the infusion"
UNKNOWN = "not known by what the disease is measured"
COUNTED = (
    "Measure: M-protein of serum, or of urine where that defines the disease, or the difference of "
    "involved and uninvolved free light chain (FLC), up to a new anti-myeloma therapy."
)
OTHERWISE = {"not measurable": "disease not measurable", "not known": UNKNOWN, None: UNKNOWN}


def measured(trial: Trial) -> pl.DataFrame:
    """Every value after the infusion with a baseline above 0, by subject and time.

    subject, measure, month, value, unit, baseline, change and percent of baseline; `defining` where
    it is the measure of the subject.
    """
    subjects = trial.adsl.filter(pl.col("SAFFL") == "Y").select(
        "subject", "TRTSDT", "MEASBY", until=pl.min_horizontal("NACTDT", "RETRTDT")
    )
    rows = trial.frame(Adrs).filter(
        pl.col("PARAMCD").is_in(MEASURES.keys()),
        pl.col("MVAL").is_not_null(),
        pl.col("MBASE") > 0,
    )
    known = rows.join(subjects, on="subject").filter(
        pl.col("ADT") > pl.col("TRTSDT"), (pl.col("ADT") <= pl.col("until")).fill_null(True)
    )
    change = (100 * (pl.col("MVAL") / pl.col("MBASE") - 1)).clip(lower_bound=-100)
    own = pl.col("MEASBY").replace_strict(DEFINING, default=None, return_dtype=pl.String)
    found = known.select(
        "subject",
        month=months("ADT"),
        measure=pl.col("PARAMCD").replace_strict(MEASURES),
        value="MVAL",
        unit="MUNIT",
        baseline="MBASE",
        change=change,
        percent=100 + change,
        defining=(pl.col("PARAMCD") == own).fill_null(False),
    )
    in_time = found.sort("subject", "measure", "month", "value")
    return in_time.unique(["subject", "measure", "month"], keep="last", maintain_order=True)


def who(trial: Trial, subject: str) -> dict[str, object]:
    """The subject and its dose level, as a row of a figure names them."""
    return {
        "subject": subject,
        "group": trial.group_of(subject),
        "group_order": trial.group_order(subject),
    }


def change_limits(trial: Trial) -> list[dict[str, object]]:
    """The falls of serum M-protein that the criteria ask for, the deepest first."""
    return [
        {"change": -fall, "percent": 100 - fall, "words": f"{response}: −{fall:g} %"}
        for response, fall in _falls(trial)
    ]


def limits_in_words(trial: Trial) -> str:
    """What the limits are, in a footnote; empty where the study names no criteria."""
    asked = [response for response, _ in _falls(trial)]
    said = ", ".join(asked[:-1]) + f" and {asked[-1]}" if len(asked) > 1 else "".join(asked)
    return f"Dashed: the falls of M-protein in serum that {said} ask for." if asked else ""


def _falls(trial: Trial) -> list[tuple[str, float]]:
    criteria = trial.study.criteria
    asked = criteria.serum.fall.model_dump() if criteria else {}
    return [(response, fall) for response, fall in asked.items() if fall is not None]


def without(trial: Trial, rows: pl.DataFrame) -> Mapping[str, str]:
    """Why an infused subject has no value of its measure."""
    seen = set(rows.filter("defining")["subject"])
    others = trial.adsl.filter((pl.col("SAFFL") == "Y") & ~pl.col("subject").is_in(seen))
    return {
        subject: NO_VALUE if by in DEFINING else OTHERWISE.get(by, f"disease measured by {by}")
        for subject, by in others.select("subject", "MEASBY").iter_rows()
    }


def named(absent: Mapping[str, str], words: str) -> str:
    """The subjects without a value, by reason, in a footnote; empty where there are none."""
    by_reason: dict[str, list[str]] = {}
    for subject in sorted(absent):
        by_reason.setdefault(absent[subject], []).append(subject)
    said = "; ".join(f"{', '.join(who)} ({why})" for why, who in sorted(by_reason.items()))
    return f"{words}: {said}." if said else ""
