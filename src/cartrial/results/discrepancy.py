"""Where the recorded grade of CRS or ICANS disagrees with the one derived from the signs.

Three listings: a line for each episode with a disagreement, the assessments themselves, and the
events and episodes that have no partner. Nothing here changes a grade that is counted.

Reading: the worst disagreement of an episode is the assessment whose recorded grade lies furthest
from the possible ones, the first of several. Of the assessments of an episode, and of those of a
subject outside episodes, the furthest are listed, up to a limit, and how many more there are is
said.
"""

import polars as pl

from cartrial.adam.adverse.adce import Adce
from cartrial.adam.adverse.adtox import Adtox
from cartrial.grading.grade import in_words
from cartrial.results.listing import IN_PART
from cartrial.results.population import Trial
from cartrial.results.table import Filled, counted, listing

MOST = 3  # assessments listed of an episode
NO_EPISODE = "outside an episode"
WORST = ("ADAY", "ATOXGRN", "DTOXGRL", "DTOXGRH", "DTOXRULE", "DTOXMISS")  # of an episode, shown
ALONE = {
    "AE": "adverse event, no episode in the assessments",
    "assessments": "episode in the assessments, no adverse event",
}
FROM_INFUSION = "Days count from the infusion, which is day 0."


def discrepancies(trial: Trial) -> tuple[Filled, ...]:
    """The three listings; none where no assessment was collected."""
    told = trial.frame(Adtox)
    if told.is_empty():
        return ()
    differing = _with_distance(told.filter(pl.col("AGREEFL") == "N"))
    return _episodes(trial, differing), _assessments(trial, differing), _unmatched(trial, told)


def _with_distance(rows: pl.DataFrame) -> pl.DataFrame:
    """The assessments with `far`, how far the recorded grade lies from the possible ones."""
    above, below = pl.col("ATOXGRN") - pl.col("DTOXGRH"), pl.col("DTOXGRL") - pl.col("ATOXGRN")
    far = pl.max_horizontal(above, below)
    order = ("subject", "PARAMCD", "EPNO", "ADT", "ADTM", "ASEQ")
    return rows.with_columns(far=far).sort(order, nulls_last=True)


# ---------------------------------------------------------------- by episode
def _episodes(trial: Trial, differing: pl.DataFrame) -> Filled:
    rows = _with_worst(trial.frame(Adce), differing)
    ordered = rows.sort("subject", "ACAT", "ASTDT", "ASEQ", nulls_last=True)
    return listing(
        "grade_discrepancies",
        "listing",
        "CRS and ICANS: episodes whose recorded and derived grades disagree",
        population="All subjects",
        columns=(
            "Dose level",
            "Syndrome",
            "Onset day",
            "Worst recorded",
            "Worst derived",
            "Assessments that disagree",
            "Furthest apart",
            "Derived by",
        ),
        lines=[(row["subject"], _episode(trial, row)) for row in ordered.iter_rows(named=True)],
        none="No recorded grade disagrees with the derived one.",
        footnotes=(
            FROM_INFUSION,
            "The recorded grade is the investigator's and is the one that is counted. It disagrees "
            "where no answer to the missing inputs gives it.",
        ),
        source="ADCE, ADTOX where AGREEFL = N",
    )


def _with_worst(episodes: pl.DataFrame, differing: pl.DataFrame) -> pl.DataFrame:
    """The episodes that disagree, with how many assessments do and the one furthest apart."""
    furthest = differing.filter(pl.col("EPNO").is_not_null()).sort(
        "far", descending=True, maintain_order=True
    )
    by_episode = furthest.group_by("subject", ACAT="PARAMCD", EPNO="EPNO", maintain_order=True)
    seen = by_episode.agg(
        pl.len().alias("many"), *(pl.col(name).first().name.suffix("_1") for name in WORST)
    )
    joined = episodes.join(seen, on=("subject", "ACAT", "EPNO"), how="left")
    return joined.filter((pl.col("AGREEFL") == "N") | pl.col("many").is_not_null())


def _episode(trial: Trial, row: dict[str, object]) -> tuple[str | None, ...]:
    one = row["many"] is not None
    furthest = (
        f"day {row['ADAY_1']}: {_grade(row['ATOXGRN_1'])} recorded, "
        f"{_interval(row['DTOXGRL_1'], row['DTOXGRH_1'])} derived"
    )
    return (
        trial.group_of(str(row["subject"])),
        str(row["ACAT"]),
        _text(row["ASTDAY"]),
        _grade(row["ATOXGRN"]),
        _interval(row["DTOXGRL"], row["DTOXGRH"]),
        f"{row['many']}" if one else "none",
        furthest if one else "none",
        _rule(row["DTOXRULE_1"], row["DTOXMISS_1"]) if one else _rule(row["DTOXRULE"], None),
    )


# ---------------------------------------------------------------- by assessment
def _assessments(trial: Trial, differing: pl.DataFrame) -> Filled:
    rank = pl.col("far").rank("ordinal", descending=True).over("subject", "PARAMCD", "EPNO")
    shown = differing.filter(rank <= MOST)
    left_out = differing.height - shown.height
    return listing(
        "assessment_discrepancies",
        "listing",
        "CRS and ICANS: assessments whose recorded and derived grades disagree",
        population="All subjects",
        columns=("Syndrome", "Episode", "Day", "Hour", "Recorded", "Derived", "Derived by"),
        lines=[(row["subject"], _assessment(row)) for row in shown.iter_rows(named=True)],
        none="No recorded grade disagrees with the derived one.",
        footnotes=(
            FROM_INFUSION,
            f"Not listed: {counted(left_out, 'more assessment')}; of an episode, and of what a "
            f"subject has outside episodes, the {MOST} that are furthest apart are listed."
            if left_out
            else "",
        ),
        source="ADTOX where AGREEFL = N",
    )


def _assessment(row: dict[str, object]) -> tuple[str | None, ...]:
    return (
        str(row["PARAMCD"]),
        NO_EPISODE if row["EPNO"] is None else f"{row['EPNO']}",
        _text(row["ADAY"]),
        None if row["ADTM"] is None else f"{row['ADTM']:%H:%M}",
        _grade(row["ATOXGRN"]),
        _interval(row["DTOXGRL"], row["DTOXGRH"]),
        _rule(row["DTOXRULE"], row["DTOXMISS"]),
    )


# ---------------------------------------------------------------- without a partner
def _unmatched(trial: Trial, told: pl.DataFrame) -> Filled:
    """Episodes without an event, and events without an episode where assessments were made."""
    assessed = told.select("subject", ACAT="PARAMCD").unique()
    alone = trial.frame(Adce).filter(pl.col("ASRC").is_in(list(ALONE)))
    rows = alone.join(assessed, on=("subject", "ACAT"), how="semi")
    ordered = rows.sort("subject", "ACAT", "ASTDT", "ASEQ", nulls_last=True)
    return listing(
        "unmatched_episodes",
        "listing",
        "CRS and ICANS: adverse events and episodes of the assessments without each other",
        population="All subjects with assessments of the syndrome",
        columns=("Dose level", "Syndrome", "Found", "Onset day", "Resolution day", "Grade"),
        lines=[
            (
                row["subject"],
                (
                    trial.group_of(row["subject"]),
                    row["ACAT"],
                    ALONE[row["ASRC"]],
                    _text(row["ASTDAY"]),
                    IN_PART if row["AENDTF"] else _text(row["AENDAY"]) or "not ended",
                    _grade(row["ATOXGRN"]),
                ),
            )
            for row in ordered.iter_rows(named=True)
        ],
        none="Every adverse event of CRS and ICANS has its episode, and every episode its event.",
        footnotes=(FROM_INFUSION, "Both are counted in the tables of CRS and ICANS."),
        source="ADCE where ASRC is not AE and assessments",
    )


def _grade(value: object) -> str:
    return "grade missing" if value is None else f"grade {value}"


def _interval(lowest: object, highest: object) -> str:
    """The derived grade in words, with both ends: the upper one may be what disagrees."""
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return "not derived"
    words = in_words(lowest, highest)
    return words if lowest == highest else f"{words} ({lowest} to {highest})"


def _rule(rule: object, missing: object) -> str | None:
    """The rule that decided, and what is missing."""
    return f"{rule}; missing: {missing}" if missing else _text(rule)


def _text(value: object) -> str | None:
    return None if value is None else f"{value}"
