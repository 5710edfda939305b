"""CRS and ICANS: worst grade of each subject, onset, duration and treatment of their episodes.

Source: Lee 2019, Biol Blood Marrow Transplant 25:625-638. doi:10.1016/j.bbmt.2018.12.758
Reading: onset is that of a subject's first episode, day 0 is the infusion; an episode lasts from
its onset to its end, both days counted. One that has not ended has no duration yet, and a day or a
duration that hangs on a date known in part is left out, and how many are is said. An episode that
the investigator graded 0 throughout is not counted; its disagreement is. The grade
is the investigator's; what the assessments at the bedside give stands beside it and changes
nothing.
"""

from typing import Literal

import polars as pl

from cartrial.adam.adverse.adce import Adce
from cartrial.adam.adverse.adtox import Adtox
from cartrial.results.figures import GRADES, GradeShare
from cartrial.results.interval import LABELS, grade_label
from cartrial.results.population import ALL, Trial, listed
from cartrial.results.result import Figure
from cartrial.results.severity import GRADES as SCALE
from cartrial.results.severity import Worst, worst
from cartrial.results.table import Drawn, Filled, Part, Table, counted, nothing, tidy

Syndrome = Literal["CRS", "ICANS"]
NAMES: dict[Syndrome, str] = {
    "CRS": "Cytokine release syndrome (CRS)",
    "ICANS": "Neurotoxicity (ICANS)",
}
ASTCT = "Grades by the ASTCT consensus (Lee 2019, doi:10.1016/j.bbmt.2018.12.758)."
NO_SIGNS = "No assessment of the episode"
DRUGS = (("Tocilizumab", "TOCIFL", "TOCIDAYS"), ("Steroid", "STERFL", "STERDAYS"))
LISTED = "; the episodes are listed, and of the assessments those furthest apart"
OTHER = "Grades by the scale named in the study file, which is not that of the ASTCT."


def crs(trial: Trial) -> tuple[Part, ...]:
    """CRS: the table, and the share of each grade."""
    return _parts(trial, "CRS")


def icans(trial: Trial) -> tuple[Part, ...]:
    """ICANS: the table, and the share of each grade."""
    return _parts(trial, "ICANS")


def episodes(trial: Trial, syndrome: Syndrome) -> pl.DataFrame:
    """The episodes of infused subjects in the registered time frame, by subject and onset."""
    wanted = (pl.col("ACAT") == syndrome) & (pl.col("SAFFL") == "Y") & (pl.col("REGFL") == "Y")
    found = trial.frame(Adce).filter(wanted).with_columns(level=pl.col("ATOXGRN"))
    return found.sort("subject", "ASTDT", "AENO", "ASEQ", nulls_last=True)


def graded_0(trial: Trial, syndrome: Syndrome) -> pl.DataFrame:
    """The episodes in the time frame that the investigator graded 0 throughout."""
    wanted = (pl.col("ACAT") == syndrome) & (pl.col("GR0FL") == "Y")
    return trial.frame(Adce).filter(wanted)


def worst_grades(trial: Trial, syndrome: Syndrome) -> Worst:
    """Who had the syndrome, by worst grade over all episodes."""
    return worst(episodes(trial, syndrome).select("subject", "level").iter_rows())


def why_absent(trial: Trial, syndrome: Syndrome) -> str:
    """The line that is shown where episodes were not collected by subject."""
    for kind in published(trial, syndrome):
        return f"Not collected by subject: {syndrome}; published counts of {kind} stand below."
    return f"Not collected by subject: {syndrome}."


def published(trial: Trial, syndrome: Syndrome) -> tuple[str, ...]:
    """The kinds of event of which there are published counts in place of a syndrome."""
    kinds = ("CRS",) if syndrome == "CRS" else ("ICANS", "neurotoxicity")
    return tuple(kind for kind in kinds if kind in trial.adam.margins["analysis"])


def _parts(trial: Trial, syndrome: Syndrome) -> tuple[Part, ...]:
    name = syndrome.lower()
    title = f"{NAMES[syndrome]}: worst grade, onset, duration and treatment"
    if not trial.adam.has(Adce):
        why = why_absent(trial, syndrome)
        return (nothing(name, "ae", title, trial.infused.label, why),)
    rows = episodes(trial, syndrome)
    return _table(trial, syndrome, title, rows), _figure(trial, syndrome)


# ---------------------------------------------------------------- the table
def _table(trial: Trial, syndrome: Syndrome, title: str, rows: pl.DataFrame) -> Filled:
    table = Table(syndrome.lower(), trial.infused, source=f"ADCE where ACAT = {syndrome}")
    _grades(table, syndrome, worst_grades(trial, syndrome), trial.study.endpoints.level)
    table.events("Episodes", rows["subject"].to_list())
    again = rows.group_by("subject").len().filter(pl.col("len") > 1)["subject"].to_list()
    table.count("More than one episode", again, cell="n/N (%)")
    _times(table, rows)
    _treatment(table, syndrome, rows)
    _derived(table, rows, graded_0(trial, syndrome))
    return table.fill(
        "ae",
        title,
        shown=f"Each infused subject once, at its worst {syndrome} grade; then the episodes.",
        footnotes=(_scale(trial, syndrome), *_notes(trial, syndrome, rows)),
    )


def _grades(table: Table, syndrome: str, found: Worst, level: float) -> None:
    table.count(f"Any {syndrome}", found.any, cell="n/N (%) [interval]", level=level)
    for grade, label in enumerate(SCALE.labels, start=1):
        table.count(label, found.at[grade], indent=1, variable=f"{syndrome}, {label.lower()}")
    table.count(SCALE.missing, found.missing, indent=1, variable=f"{syndrome}, grade missing")
    high = f"{syndrome} of {SCALE.high.lower()}"
    table.count(high, found.high, cell="n/N (%) [interval]", level=level)


def _times(table: Table, rows: pl.DataFrame) -> None:
    dated = pl.col("ASTDAY").is_not_null() & pl.col("ASTDTF").is_null()
    first = rows.unique("subject", keep="first", maintain_order=True).filter(dated)
    onset = list(first.sort("subject").select("subject", "ASTDAY").iter_rows())
    table.summary("Onset of the first episode (day)", onset, unit="day", digits=0)
    peak = rows.filter(pl.col("PKDAY").is_not_null()).select("subject", "PKDAY")
    table.summary(
        "First day of the worst grade (day)", list(peak.iter_rows()), unit="day", digits=0
    )
    _days(table, "From onset to the worst grade (days)", rows, "DAYPEAK")
    _days(table, "Duration of an episode (days)", rows, "ADURN")
    ongoing = rows.filter(pl.col("ONGOFL") == "Y")["subject"]
    table.count("Ongoing at the data cut", ongoing, cell="n")


def _days(table: Table, words: str, rows: pl.DataFrame, column: str, *, indent: int = 0) -> None:
    known = rows.filter(pl.col(column).is_not_null()).select("subject", column)
    table.summary(words, list(known.iter_rows()), unit="days", digits=0, indent=indent)


def _treatment(table: Table, syndrome: Syndrome, rows: pl.DataFrame) -> None:
    """Who was given a drug, of those of whom it is known, and on how many days of an episode."""
    for words, flag, days in DRUGS:
        known = rows.filter(pl.col(flag).is_not_null())["subject"].to_list()
        given = rows.filter(pl.col(flag) == "Y")
        share = f"{words} given, of those with {syndrome}"
        table.count(share, given["subject"], of=known, cell="n/N (%)")
        if given[days].count():
            _days(table, f"Days with {words.lower()}, of an episode", given, days, indent=1)


def _derived(table: Table, rows: pl.DataFrame, none: pl.DataFrame) -> None:
    """The worst grade that the assessments give for each episode, and where it disagrees."""
    if not rows["DTOXGRL"].count() and none.is_empty():
        return
    table.heading("Worst grade of an episode as derived from the signs: episodes (subjects)")
    found = [
        (subject, NO_SIGNS if low is None or high is None else grade_label((low, high)))
        for subject, low, high in rows.select("subject", "DTOXGRL", "DTOXGRH").iter_rows()
    ]
    seen = {words for _, words in found}
    for words in (words for words in (*LABELS, NO_SIGNS) if words in seen):
        table.events(words, [subject for subject, own in found if own == words], indent=1)
    differing = [subject for one in (rows, none) for subject in _differing(one)["subject"]]
    table.events("Recorded grade disagrees with the derived one", differing, indent=1)


def _differing(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("AGREEFL") == "N")


def _scale(trial: Trial, syndrome: Syndrome) -> str:
    standards = trial.study.standards
    used = standards.crs if syndrome == "CRS" else standards.icans
    return ASTCT if used == "ASTCT-2019" else OTHER


def _notes(trial: Trial, syndrome: Syndrome, rows: pl.DataFrame) -> tuple[str, ...]:
    recorded = trial.frame(Adce).filter(pl.col("ACAT") == syndrome).height
    none = graded_0(trial, syndrome)
    outside = recorded - rows.height - none.height
    partial = rows.filter(pl.any_horizontal(pl.col("ASTDTF", "AENDTF").is_not_null())).height
    return (
        "Day 0 is the infusion. Duration is end minus onset plus 1; an episode that has not ended "
        "has none yet.",
        "Grade missing: a subject with an episode without grade, whose worst is not known.",
        "Interval: exact (Clopper-Pearson).",
        *_agreement(trial, syndrome, rows, none),
        f"{counted(partial, 'episode')} with a date known in part: what depends on it is left out "
        "of days and durations."
        if partial
        else "",
        "Not counted, for the investigator graded it 0 throughout: "
        f"{counted(none.height, 'episode')} with signs in the assessments."
        if none.height
        else "",
        "Not counted, for they are outside the registered time frame or cannot be placed in it: "
        f"{counted(outside, 'episode')}."
        if outside
        else "",
    )


def _agreement(
    trial: Trial, syndrome: Syndrome, rows: pl.DataFrame, none: pl.DataFrame
) -> tuple[str, ...]:
    """How far the recorded grades agree with the derived ones."""
    told = trial.frame(Adtox).filter(
        (pl.col("PARAMCD") == syndrome) & (pl.col("SAFFL") == "Y") & pl.col("ATOXGRN").is_not_null()
    )
    if told.is_empty():
        return ()
    differing = told.filter(pl.col("AGREEFL") == "N").height
    episodes, held = _differing(rows).height + _differing(none).height, rows.height + none.height
    unseen = rows.filter(pl.col("ASRC") == "assessments").height
    return (
        "The table counts the grades of the investigator. Derived: at least is the lowest "
        "possible grade where signs are missing; not assessable where they prove none.",
        f"Recorded grades that disagree with the derived ones: {differing} of "
        f"{counted(told.height, 'assessment')}, {episodes} of {counted(held, 'episode')}"
        f"{f', {none.height} graded 0 throughout among them' if none.height else ''}"
        f"{LISTED if differing or episodes else ''}.",
        f"Seen in the assessments without an adverse event: {counted(unseen, 'episode')}, counted "
        "at the worst grade recorded at the bedside."
        if unseen
        else "",
    )


# ---------------------------------------------------------------- the figure
def _figure(trial: Trial, syndrome: Syndrome) -> Drawn:
    found = worst_grades(trial, syndrome)
    shares = [*([found.at[grade] for grade in range(1, 6)]), found.missing]
    rows = []
    for order, column in enumerate(trial.infused.columns, start=1):
        of = len(column.subjects)
        who = [column.subjects - found.any, *(column.subjects & share for share in shares)]
        rows += [
            {
                "group": column.name,
                "group_order": order,
                "grade": grade,
                "grade_order": number,
                "n": len(here),
                "of": of,
                "percent": 100 * len(here) / of,
                "subjects": listed(here),
            }
            for number, (grade, here) in enumerate(zip(GRADES, who, strict=True))
            if of
        ]
    name = f"{syndrome.lower()}_grades"
    figure = Figure(
        name,
        "ae",
        "grades",
        f"{syndrome}: worst grade by dose level",
        trial.infused.label,
        x="Subjects (%)",
        y="Dose level",
        data=(name,) if rows else (),
        footnotes=(_scale(trial, syndrome), f"{ALL}: every infused subject."),
        empty="" if rows else "Nobody was infused.",
    )
    return Drawn(figure, {name: tidy(GradeShare, rows)} if rows else {})
