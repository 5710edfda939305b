"""Exposure to CAR and what it goes with: a table of every pair, and figures of the first analyte.

Reading: every subject with both enters, by ranks; odds are for each doubling of the exposure. No
cut-point is looked for. The area to day 28 is of who was followed to day 28.
"""

from collections.abc import Iterator, Sequence

from cartrial.kinetics.odds import OddsRatio, odds_by_doubling
from cartrial.kinetics.relation import Relation, concordance, correlation
from cartrial.results.kinetics.exposure import Exposure, exposures
from cartrial.results.kinetics.figures import RelationPoint
from cartrial.results.kinetics.outcome import Outcome, outcomes
from cartrial.results.population import Population, Trial
from cartrial.results.result import Figure, Group
from cartrial.results.statistic import as_percent
from cartrial.results.table import Drawn, Filled, Part, Table, counted, nothing, tidy

ID, TITLE = "car_relations", "CAR exposure, toxicity, response and markers"
EFFECTS = {"graded": "Concordance", "duration": "Concordance", "number": "Rank correlation"}
SEED = 1  # of the random arrangements
LANDMARK = (
    "AUC0-28 is of who was followed to day 28: whatever is held against it holds for those alone "
    "(a landmark)."
)
MODELLED = (
    "Of the model: the curve of a subject who was not followed to day 28 is carried on as in the "
    "others, and one with few samples is drawn to the typical curve. How unsure a subject's curve "
    "is does not enter the test."
)


def relations(trial: Trial, modelled: Sequence[Exposure]) -> Iterator[Part]:
    """The tables of what was measured and of what was modelled, and the pictures of the former."""
    measured, found = tuple(exposures(trial)), outcomes(trial)
    if not measured:
        why = "Not computed: no parameters of CAR (no ADPP data)."
        yield nothing(ID, "car", TITLE, trial.infused.label, why)
        return
    yield _table(trial, ID, TITLE, measured, found, about=LANDMARK)
    if modelled:
        title = f"{TITLE}: exposure of the population model"
        yield _table(trial, f"{ID}_model", title, modelled, found, about=MODELLED)
    for exposure in measured:
        if exposure.analyte.id == measured[0].analyte.id:
            yield _figure(trial, exposure, found)


# ---------------------------------------------------------------- table
def _table(
    trial: Trial,
    key: str,
    title: str,
    measured: Sequence[Exposure],
    found: Sequence[Outcome],
    *,
    about: str,
) -> Filled:
    table = Table(key, Population(trial.infused.label, ()), source="ADPP, ADCE, ADRS, ADLB")
    level = trial.study.endpoints.level
    tests = 0
    for outcome in found:
        table.heading(outcome.name)
        if outcome.absent:
            _absent(table, measured, outcome)
            continue
        tests += _relation(table, measured, outcome, level)
        if outcome.words == ("no", "yes"):
            _odds(table, measured, outcome, level)
    return table.fill(
        "car",
        title,
        shown="Whether subjects with a higher exposure have more of an outcome.",
        method=(
            "Exact permutation tests of ranks, two-sided: for yes and no Wilcoxon-Mann-Whitney, "
            "for grades Jonckheere-Terpstra; for censored durations and for correlations "
            "(Spearman) random permutations, seed 1.",
            f"Intervals of {as_percent(level)}: Newcombe 2006 (yes and no), jackknife (grades, "
            "durations), Bonett and Wright 2000 (correlation); odds ratio by Firth's penalised "
            "likelihood (Heinze and Schemper 2002).",
        ),
        footnotes=(*_notes(trial, tests, level), about, *_missing(measured, found)),
        groups=[Group(one.id, one.label) for one in measured],
    )


def _absent(table: Table, measured: Sequence[Exposure], outcome: Outcome) -> None:
    number = table.row(EFFECTS[outcome.kind], "value [interval]", indent=1)
    for exposure in measured:
        table.put(number, exposure.id, "value", outcome.name, why=outcome.absent)


def _relation(table: Table, measured: Sequence[Exposure], outcome: Outcome, level: float) -> int:
    """The rows of a test; how many tests were made."""
    subjects = table.row("Subjects", "n", indent=1)
    effect = table.row(EFFECTS[outcome.kind], "value [interval]", indent=1, digits=2)
    p = table.row("p", "value", indent=1, digits=3)
    reach = table.row(f"Called at p ≤ {1 - level:.2g} from", "value", indent=1, digits=2)
    said = table.row("Conclusion", "text", indent=1)
    made = 0
    for exposure in measured:
        who = _both(exposure, outcome)
        found = _related(exposure, outcome, who, level)
        made += found.p is not None
        at = (exposure.id, outcome.name)
        table.put(subjects, at[0], "n", at[1], value=len(who), unit="subjects", subjects=who)
        for name, value in (
            ("value", found.effect),
            ("lower", found.lower),
            ("upper", found.upper),
        ):
            why = found.why_missing or ""
            table.put(effect, at[0], name, at[1], value=value, subjects=who, why=why)
        why = found.why_missing or ""
        table.put(p, at[0], "value", f"{at[1]}, p", value=found.p, subjects=who, why=why)
        text = None if found.effect is None else _said(found, level)
        table.put(said, at[0], "text", f"{at[1]}, said", text=text, subjects=who, why=why)
        why = why if found.effect is None else "out of reach"
        table.put(reach, at[0], "value", f"{at[1]}, called from", value=found.reach, why=why)
    return made


def _said(found: Relation, level: float) -> str:
    """What a test says, in a few words."""
    if found.reach is None:
        return "could not be told"
    if found.p is None or found.effect is None or found.p > 1 - level:
        return "not told from chance"
    return "more with exposure" if found.effect > found.middle else "less with exposure"


def _both(exposure: Exposure, outcome: Outcome) -> list[str]:
    return sorted(set(exposure.ranked) & set(outcome.values))


def _related(exposure: Exposure, outcome: Outcome, who: Sequence[str], level: float) -> Relation:
    x = [exposure.ranked[subject] for subject in who]
    y = [outcome.values[subject] for subject in who]
    if outcome.kind == "number":
        return correlation(x, y, level=level, seed=SEED)
    open_ = [subject in outcome.censored for subject in who]
    return concordance(x, y, censored=open_, level=level, seed=SEED)


def _odds(table: Table, measured: Sequence[Exposure], outcome: Outcome, level: float) -> None:
    number = table.row("Odds ratio for each doubling", "value [interval]", indent=1, digits=2)
    for exposure in measured:
        who = [subject for subject in _both(exposure, outcome) if subject in exposure.values]
        x = [exposure.values[subject] for subject in who]
        found: OddsRatio = odds_by_doubling(x, [outcome.values[s] for s in who], level=level)
        for name, value in (("value", found.ratio), ("lower", found.lower), ("upper", found.upper)):
            why = found.why_missing or ""
            at = (number, exposure.id, name, f"{outcome.name}, odds ratio")
            table.put(*at, value=value, subjects=who, why=why)


# ---------------------------------------------------------------- notes
def _notes(trial: Trial, tests: int, level: float) -> tuple[str, ...]:
    n, chance = len(trial.infused.everyone), round(tests * (1 - level))
    return (
        "Concordance: of two subjects whose outcomes differ, how often the one with the higher "
        "exposure has the higher grade, the response, or the longer duration. 0.5 is no relation, "
        "1 always, 0 never.",
        f"Called from: what a test of these subjects would call; as far below 0.5 (of a "
        f"correlation, below 0) as well. With {counted(n, 'subject')} only a strong relation is "
        "told from chance: a weaker one is not shown to be absent.",
        f"Of {counted(tests, 'test')}, about {chance} would be called if exposure went with "
        "nothing. All are looked at together; none was planned to confirm anything.",
        "Exposure was not given at random: dose, tumour burden, tocilizumab and steroids may "
        "stand behind both. CRS and ICANS come while the area to day 28 is still growing, so it "
        "foretells neither.",
        "Response is as known at the data cut: one that comes later counts as no.",
    )


def _missing(measured: Sequence[Exposure], found: Sequence[Outcome]) -> Iterator[str]:
    if any(one.lowest for one in measured):
        yield "Nothing quantifiable ranks lowest, and has no odds ratio: a doubling of nothing."
    yield from _without(measured)
    yield from _without_outcome(found)


def _without(measured: Sequence[Exposure]) -> Iterator[str]:
    for one in measured:
        if one.unknown:
            yield f"Without {one.label}: {', '.join(sorted(one.unknown))}."


def _without_outcome(found: Sequence[Outcome]) -> Iterator[str]:
    for one in found:
        if one.unknown:
            reasons = sorted(set(one.unknown.values()))
            who = ", ".join(sorted(one.unknown))
            yield f"{one.name}: without {who} ({'; '.join(reasons)})."


# ---------------------------------------------------------------- figure
def _figure(trial: Trial, exposure: Exposure, found: Sequence[Outcome]) -> Drawn:
    rows = _points(trial, exposure, found)
    name = f"{exposure.id}_relations"
    unit = f" ({exposure.unit})" if exposure.unit else ""
    figure = Figure(
        name,
        "car",
        "relations",
        f"{exposure.label}: toxicity, response and markers",
        trial.infused.label,
        x=f"{exposure.label}{unit}",
        y="",
        data=(name,) if rows else (),
        footnotes=(
            "A point is a subject. Open: censored, the true duration is longer. Upright strokes: "
            "median of the exposure in a category.",
            f"Nothing quantifiable, and not drawn: {', '.join(sorted(exposure.lowest))}."
            if exposure.lowest
            else "",
        ),
        empty="" if rows else "No subject with exposure and outcome.",
    )
    return Drawn(figure, {name: tidy(RelationPoint, rows)} if rows else {})


def _points(trial: Trial, exposure: Exposure, found: Sequence[Outcome]) -> list[dict[str, object]]:
    """Each subject with the exposure, at each outcome that it has."""
    return [
        {
            "subject": subject,
            "group": trial.group_of(subject),
            "group_order": trial.group_order(subject),
            "outcome": outcome.name,
            "outcome_order": order,
            "category": _word(outcome, outcome.values[subject]),
            "value": outcome.values[subject],
            "unit": outcome.unit,
            "censored": subject in outcome.censored,
            "exposure": exposure.values[subject],
            "exposure_unit": exposure.unit,
        }
        for order, outcome in enumerate(found, start=1)
        for subject in _both(exposure, outcome)
        if subject in exposure.values
    ]


def _word(outcome: Outcome, value: float) -> str | None:
    return outcome.words[int(value)] if outcome.words else None
