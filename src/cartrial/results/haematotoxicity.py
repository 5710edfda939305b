"""Cytopenia after the infusion: ICAHT and T-ICAHT, lasting cytopenia, risk scores, IEC-HS screen.

Source: Rejeski 2023, Blood 142:865-877 (ICAHT); CAR-HEMATOTOX, EASIX and IEC-HS as their modules
    in `grading` say
Reading: a cytopenia lasts on day 28, 60 or 90 when the result nearest to the day, at most 7 days
from it (the earlier of two as near), has CTCAE grade 3 or higher for certain. Of how many: those
with a graded result there. Where a clinical answer (a transfusion) or a limit may make it grade 3,
the subject is counted as open, neither with the cytopenia nor without.
"""

from collections.abc import Iterable
from typing import Any

import polars as pl

from cartrial.adam.laboratory.adlb import Adlb
from cartrial.adam.score.adscore import Adscore
from cartrial.grading.car_hematotox import HIGH as HIGH_RISK
from cartrial.results.interval import LABELS, Interval, grade_label
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Table, listing, nothing

TITLE = "Cytopenia and haematotoxicity"
GRADED = {
    "ICAHTE": "Early ICAHT, neutrophils, day 0 to 30",
    "ICAHTL": "Late ICAHT, neutrophils, day 31 to 100",
    "TICAHTE": "Early T-ICAHT, platelets, day 0 to 30",
    "TICAHTL": "Late T-ICAHT, platelets, day 31 to 100",
}
CYTOPENIAS = {"NEUT": "Neutropenia", "PLAT": "Thrombocytopenia", "HGB": "Anaemia"}
DAYS, NEAR = (28, 60, 90), 7  # days from the infusion, and how far a result may lie from them
SEVERE = 3  # grade
ALWAYS = LABELS[:5]  # grade 0 to 4 have a line even where nobody has them
NO_SCORE = "No score"
HIGH = f"Grade {SEVERE} or higher"
OPEN = "Grade open: 3 or higher cannot be excluded"
SCREEN = {"positive": "Screen positive", "negative": "Screen negative"}
NOT_TOLD = "Cannot be told"
IEC_HS = ("IECHS", "IECFERR", "IECRISE", "IECCOM", "IECSUP")  # the screen and its evidence
Record = dict[str, Any]
Scores = dict[str, Interval]  # by subject


def haematotoxicity(trial: Trial) -> tuple[Filled, ...]:
    """The table, and the subjects whose screen for IEC-HS is not negative."""
    if not (trial.adam.has(Adscore) or _has_counts(trial)):
        why = "Not collected: blood counts."
        return (nothing("haematotoxicity", "ae", TITLE, trial.infused.label, why),)
    scores = trial.frame(Adscore).filter(pl.col("SAFFL") == "Y")
    table = Table("haematotoxicity", trial.infused, source="ADSCORE, ADLB, infused subjects")
    everyone = trial.infused.everyone
    for code, words in GRADED.items():
        found = _intervals(scores, code)
        if found:
            _grades(table, words, found, everyone)
    _lasting(table, trial)
    _risk(table, _intervals(scores, "HEMATOX"), everyone)
    _easix(table, scores)
    screened = scores.filter(pl.col("PARAMCD") == "IECHS")
    _screen(table, screened, everyone)
    filled = table.fill(
        "ae",
        TITLE,
        shown="Infused subjects by haematotoxicity grade; cytopenia that lasts; scores before the "
        "infusion; screen for IEC-HS.",
        footnotes=_notes(any(row.label == OPEN for row in table.rows)),
    )
    return (filled, *([] if screened.is_empty() else [_listing(trial, scores)]))


def _has_counts(trial: Trial) -> bool:
    graded = pl.col("PARAMCD").is_in(list(CYTOPENIAS)) & pl.col("ATOXLLO").is_not_null()
    return not trial.frame(Adlb).filter(graded).is_empty()


def _intervals(scores: pl.DataFrame, code: str) -> Scores:
    """The lowest and highest possible score of each subject."""
    rows = scores.filter(pl.col("PARAMCD") == code).select("subject", "AVALLO", "AVALHI")
    return {subject: (int(low), int(high)) for subject, low, high in rows.drop_nulls().iter_rows()}


def _grades(table: Table, heading: str, found: Scores, everyone: frozenset[str]) -> None:
    table.heading(heading)
    at: dict[str, set[str]] = {}
    for subject, interval in found.items():
        at.setdefault(grade_label(interval), set()).add(subject)
    for words in LABELS:
        if words in ALWAYS or words in at:
            table.count(words, at.get(words, ()), indent=1, variable=f"{heading}: {words.lower()}")
    _rest(table, found, everyone, heading)
    severe = {subject for subject, (lowest, _) in found.items() if lowest >= SEVERE}
    table.count(HIGH, severe, indent=1, variable=f"{heading}: {HIGH.lower()}")


def _rest(table: Table, known: Iterable[str], everyone: frozenset[str], heading: str) -> None:
    """A line for those without a score, where there are any."""
    without = everyone - frozenset(known)
    if without:
        table.count(NO_SCORE, without, indent=1, variable=f"{heading}: no score")


def _lasting(table: Table, trial: Trial) -> None:
    """Cytopenia of grade 3 or higher on each of the days, of those with a result near it."""
    if not _has_counts(trial):
        return
    table.heading(f"Cytopenia of grade {SEVERE} or higher, laboratory grade")
    for code, words in CYTOPENIAS.items():
        for day in DAYS:
            near = _near(trial, code, day)
            severe = near.filter(pl.col("ATOXLLO") >= SEVERE)["subject"]
            perhaps = near.filter(pl.col("ATOXLLO") < SEVERE, pl.col("ATOXLHI") >= SEVERE)[
                "subject"
            ]
            name, of = f"{words} on day {day}", near["subject"].to_list()
            table.count(name, severe, of=of, cell="n/N (%)", indent=1)
            if not perhaps.is_empty():
                at = f"{name}: open"
                table.count(OPEN, perhaps, of=of, cell="n/N (%)", indent=2, variable=at)


def _near(trial: Trial, code: str, day: int) -> pl.DataFrame:
    """The graded result of each infused subject nearest to a day; the worst of the same day."""
    away = (pl.col("ADAY") - day).abs()
    rows = trial.frame(Adlb).filter(
        pl.col("PARAMCD") == code,
        pl.col("subject").is_in(list(trial.infused.everyone)),
        pl.col("ATOXLLO").is_not_null(),
        away <= NEAR,
    )
    nearest = rows.sort("subject", away, "ADAY", -pl.col("ATOXLLO"))
    return nearest.unique("subject", keep="first", maintain_order=True)


def _risk(table: Table, found: Scores, everyone: frozenset[str]) -> None:
    if not found:
        return
    heading = "CAR-HEMATOTOX before lymphodepletion"
    table.heading(heading)
    low = {subject for subject, (_, highest) in found.items() if highest < HIGH_RISK}
    high = {subject for subject, (lowest, _) in found.items() if lowest >= HIGH_RISK}
    table.count(f"Low, 0 to {HIGH_RISK - 1}", low, indent=1, variable=f"{heading}: low")
    table.count(f"High, {HIGH_RISK} or more", high, indent=1, variable=f"{heading}: high")
    open_ones = frozenset(found) - low - high
    if open_ones:
        table.count("Not assessable", open_ones, indent=1, variable=f"{heading}: not assessable")
    _rest(table, found, everyone, heading)


def _easix(table: Table, scores: pl.DataFrame) -> None:
    known = scores.filter(pl.col("PARAMCD") == "EASIX", pl.col("AVAL").is_not_null())
    if not known.is_empty():
        values = list(known.select("subject", "AVAL").iter_rows())
        name = "EASIX before lymphodepletion, median [q1, q3]"
        table.summary(name, values, unit="score", cell="median [q1, q3]")


def _screen(table: Table, screened: pl.DataFrame, everyone: frozenset[str]) -> None:
    if screened.is_empty():
        return
    heading = "Screen for IEC-HS"
    table.heading(heading)
    verdicts: dict[str, set[str]] = {words: set() for words in (*SCREEN.values(), NOT_TOLD)}
    for subject, verdict in screened.select("subject", "AVALC").iter_rows():
        verdicts[_verdict(verdict)].add(subject)
    for words, subjects in verdicts.items():
        table.count(words, subjects, indent=1, variable=f"{heading}: {words.lower()}")
    _rest(table, screened["subject"], everyone, heading)


def _verdict(verdict: str | None) -> str:
    return SCREEN.get((verdict or "").lower(), NOT_TOLD)


def _listing(trial: Trial, scores: pl.DataFrame) -> Filled:
    found: dict[str, dict[str, Record]] = {}
    for row in scores.filter(pl.col("PARAMCD").is_in(list(IEC_HS))).iter_rows(named=True):
        found.setdefault(row["subject"], {})[row["PARAMCD"]] = row
    shown = {
        subject: rows
        for subject, rows in sorted(found.items())
        if _verdict(rows["IECHS"]["AVALC"]) != SCREEN["negative"]
    }
    return listing(
        "iec_hs",
        "ae",
        "Screen for IEC-HS: subjects to be looked at",
        population="Infused subjects whose screen is positive or cannot be told",
        columns=(
            "Dose level",
            "Screen",
            "Ferritin",
            "Limit",
            "New rise",
            "Common criteria met",
            "Supporting",
            "Not known",
        ),
        lines=[
            (subject, (trial.group_of(subject), *_evidence(rows)))
            for subject, rows in shown.items()
        ],
        none="The screen is negative in every subject.",
        footnotes=(
            "Positive: a ferritin above its limit that rises anew while CRS resolves, after it, or "
            "without it, and a common criterion: ALT or AST, fibrinogen, a new cytopenia (not the "
            "one of lymphodepletion), haemophagocytosis. The others support.",
            "A screen asks for a clinician's look: the diagnosis and its grade are the "
            "investigator's.",
            "Days count from the infusion, which is day 0.",
        ),
        source="ADSCORE where PARAMCD = IECHS, IECFERR, IECRISE, IECCOM, IECSUP",
    )


def _evidence(rows: dict[str, Record]) -> tuple[str | None, ...]:
    """The cells of a line after the dose level, from the records of the screen by their code."""
    said = {code: rows.get(code, {}) for code in IEC_HS}
    ferritin = said["IECFERR"]
    value = ferritin.get("AVAL")
    day = "" if ferritin.get("ADAY") is None else f" on day {ferritin['ADAY']}"
    return (
        said["IECHS"]["AVALC"],
        "no value" if value is None else f"{value:,.0f} {ferritin['AVALU']}{day}",
        ferritin.get("DERTXT"),
        said["IECRISE"].get("DERTXT"),
        said["IECCOM"].get("DERTXT") or "none",
        said["IECSUP"].get("DERTXT") or "none",
        said["IECHS"]["MISSTXT"] or "nothing",
    )


def _notes(has_open: bool) -> tuple[str, ...]:
    lasting = (
        f"Cytopenia on a day: the result nearest to it, at most {NEAR} days away, of the subjects "
        "with such a result."
    )
    if has_open:
        lasting += (
            " Open: a clinical answer, such as the need of a transfusion, or a missing limit may "
            "make it grade 3; counted neither with the cytopenia nor without."
        )
    return (
        "ICAHT by EHA/EBMT 2023 (doi:10.1182/blood.2023020578); T-ICAHT is the same by platelets. "
        "At least: the lowest possible grade where counts are missing or follow-up ended.",
        lasting,
        "CAR-HEMATOTOX: Rejeski 2021 (doi:10.1182/blood.2020010543). EASIX: LDH × creatinine / "
        "platelets.",
    )
