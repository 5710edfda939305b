"""CRS and ICANS held against the table of the paper, written down a second time and slowly."""

import datetime as dt
from dataclasses import asdict, fields, replace
from functools import cache
from itertools import pairwise, product
from typing import Any

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from cartrial.forms.bedside import CONSCIOUSNESS, OXYGEN, PRESSURE, SEIZURE, CrsAssessment
from cartrial.grading.crs import LOW_FLOW, OPEN, CrsSigns, crs_grade
from cartrial.grading.episodes import derive_crs_grades, derive_episodes, derive_icans_grades
from cartrial.grading.icans import IcansSigns, icans_grade
from cartrial.grading.signs import label

# Every answer that a missing sign may have, where it matters to the table; least severe first.
CRS: dict[str, tuple[Any, ...]] = {
    "temperature": (36.4, 37.9, 38.0, 41.2),
    "other_cause": (True, False),
    "treated": (False, True),
    "hypotension": (False, True),
    "pressure_other_cause": (True, False),
    "vasopressors": (0, 1, 2, 5),
    "vasopressin": (False, True),
    "oxygen": OXYGEN,
    "oxygen_flow": (0.0, 6.0, 6.1, 50.0),
    "oxygen_other_cause": (True, False),
}
ICANS: dict[str, tuple[Any, ...]] = {
    "orientation": (4, 3, 2, 1, 0),
    "naming": (3, 2, 1, 0),
    "command": (1, 0),
    "writing": (1, 0),
    "attention": (1, 0),
    "consciousness": CONSCIOUSNESS,
    "seizure": SEIZURE,
    "motor_weakness": (False, True),
    "pressure": PRESSURE,
    "other_cause": (True, False),
}


def paper_crs(signs: dict[str, Any], was_open: bool) -> tuple[int, int]:
    """Lowest and highest grade of complete signs, from the table of the paper."""
    pressure = 0
    if not signs["pressure_other_cause"]:
        others, vasopressin = signs["vasopressors"], signs["vasopressin"]
        two, one = others > 1, others == 1 or vasopressin
        pressure = 4 if two else 3 if one else 2 if signs["hypotension"] else 0
    oxygen = 0
    if not signs["oxygen_other_cause"]:
        device = signs["oxygen"]
        if device in ("CPAP", "BiPAP", "mechanical ventilation"):
            oxygen = 4
        elif device == "blow-by" or device == "low-flow nasal cannula":
            oxygen = 3 if device != "blow-by" and signs["oxygen_flow"] > 6 else 2
        elif device != "none":
            oxygen = 3
    if signs["temperature"] >= 38 and not signs["other_cause"]:
        return max(1, pressure, oxygen), max(1, pressure, oxygen)
    if not was_open:
        return 0, 0
    return max(pressure, oxygen) if signs["treated"] else 0, max(pressure, oxygen)


def paper_icans(signs: dict[str, Any]) -> tuple[int, int]:
    """The grade of complete signs, from the table of the paper."""
    if signs["other_cause"]:
        return 0, 0
    ice = sum(signs[item] for item in ("orientation", "naming", "command", "writing", "attention"))
    grades = [next(grade for grade, least in enumerate((10, 7, 3, 0)) if ice >= least)]
    grades.append(CONSCIOUSNESS.index(signs["consciousness"]))
    if signs["seizure"] != "none":
        grades.append(3 if "resolving" in signs["seizure"] else 4)
    if signs["motor_weakness"]:
        grades.append(4)
    if signs["pressure"] != "none":
        grades.append(3 if signs["pressure"] == "focal oedema" else 4)
    return max(grades), max(grades)


def complete(kind: type[Any], answers: dict[str, tuple[Any, ...]]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{name: st.sampled_from(values) for name, values in answers.items()})


@st.composite
def incomplete(draw: st.DrawFn, kind: type[Any], answers: dict[str, tuple[Any, ...]]) -> Any:
    """Signs of which up to four are unknown."""
    signs = draw(complete(kind, answers))
    lost = draw(st.sets(st.sampled_from(sorted(answers)), max_size=4))
    return replace(signs, **dict.fromkeys(lost))


was_open = st.sampled_from((True, False, None))


@given(incomplete(CrsSigns, CRS), was_open)
def test_the_interval_of_crs_is_that_of_its_completions(
    signs: CrsSigns, open_: bool | None
) -> None:
    known = asdict(signs) | {"was_open": open_}
    fitting = (0.0, 6.0)  # an unknown flow fits its device
    answers = CRS | {"was_open": (False, True), "oxygen_flow": fitting}
    unknown = [name for name in known if known[name] is None]
    grades = {
        filled: paper_crs(
            (full := known | dict(zip(unknown, filled, strict=True))), full["was_open"]
        )
        for filled in product(*(answers[name] for name in unknown))
    }
    grade = crs_grade(signs, was_open=open_)
    assert grade.lowest == min(low for low, _ in grades.values())
    assert grade.highest == max(high for _, high in grades.values())
    named = [
        OPEN if name == "was_open" else label(CrsAssessment, name)
        for name in decisive(unknown, grades)
    ]
    assert sorted(grade.missing) == sorted(named)


@given(incomplete(IcansSigns, ICANS))
def test_the_interval_of_icans_is_that_of_its_completions(signs: IcansSigns) -> None:
    known = asdict(signs)
    unknown = [name for name in ICANS if known[name] is None]
    grades = {
        filled: paper_icans(known | dict(zip(unknown, filled, strict=True)))
        for filled in product(*(ICANS[name] for name in unknown))
    }
    grade = icans_grade(signs)
    assert grade.lowest == min(low for low, _ in grades.values())
    assert grade.highest == max(high for _, high in grades.values())
    assert len(grade.missing) == len(decisive(unknown, grades))


def decisive(unknown: list[str], grades: dict[tuple[Any, ...], tuple[int, int]]) -> list[str]:
    """The unknown signs of which two answers give two grades, all else being equal."""
    found = []
    for place, name in enumerate(unknown):
        by_rest: dict[tuple[Any, ...], set[tuple[int, int]]] = {}
        for filled, grade in grades.items():
            rest = filled[:place] + filled[place + 1 :]
            by_rest.setdefault(rest, set()).add(grade)
        if any(len(different) > 1 for different in by_rest.values()):
            found.append(name)
    return found


@given(complete(CrsSigns, CRS), was_open, st.sampled_from(sorted(CRS)), st.data())
def test_no_grade_of_crs_falls_when_a_sign_worsens(
    signs: CrsSigns, open_: bool | None, name: str, data: st.DataObject
) -> None:
    worse = replace(signs, **{name: data.draw(st.sampled_from(worsened(CRS, signs, name)))})
    before, after = crs_grade(signs, was_open=open_), crs_grade(worse, was_open=open_)
    assert after.lowest >= before.lowest
    assert after.highest >= before.highest


@given(complete(IcansSigns, ICANS), st.sampled_from(sorted(ICANS)), st.data())
def test_no_grade_of_icans_falls_when_a_sign_worsens(
    signs: IcansSigns, name: str, data: st.DataObject
) -> None:
    worse = replace(signs, **{name: data.draw(st.sampled_from(worsened(ICANS, signs, name)))})
    assert icans_grade(worse).lowest >= icans_grade(signs).lowest


def worsened(answers: dict[str, tuple[Any, ...]], signs: Any, name: str) -> tuple[Any, ...]:
    return answers[name][answers[name].index(getattr(signs, name)) :]


@given(incomplete(CrsSigns, CRS), was_open, st.data())
def test_an_answer_never_widens_the_interval_of_crs(
    signs: CrsSigns, open_: bool | None, data: st.DataObject
) -> None:
    unknown = [name for name, value in asdict(signs).items() if value is None]
    answers = {name: data.draw(st.sampled_from((None, *CRS[name]))) for name in unknown}
    known_low = signs.oxygen == "low-flow nasal cannula"
    assume(not (known_low and (answers.get("oxygen_flow") or 0) > LOW_FLOW))  # contradicts itself
    before, after = (
        crs_grade(signs, was_open=open_),
        crs_grade(replace(signs, **answers), was_open=open_),
    )
    assert before.lowest <= after.lowest <= after.highest <= before.highest


hours = st.integers(0, 12 * 24)
moments = hours.map(lambda hour: dt.datetime(2025, 3, 1) + dt.timedelta(hours=hour))


@st.composite
def courses(draw: st.DrawFn, kind: type[Any], answers: dict[str, tuple[Any, ...]]) -> pl.DataFrame:
    """The assessments of two subjects, and the investigator's grade."""
    rows = []
    for subject in ("001-001", "001-002"):
        for at in draw(st.lists(moments, max_size=8, unique=True)):
            signs = asdict(draw(incomplete(kind, answers)))
            rows.append(
                {
                    "subject": subject,
                    "at": at,
                    "grade": draw(st.none() | st.integers(0, 5)),
                    **signs,
                }
            )
    return pl.DataFrame(rows, schema=columns(kind), orient="row")


@cache
def columns(kind: type[Any]) -> dict[str, Any]:
    types = {"float": pl.Float64, "bool": pl.Boolean, "int": pl.Int64, "str": pl.String}
    signs = {field.name: types[str(field.type).split(" ")[0]] for field in fields(kind)}
    return {"subject": pl.String, "at": pl.Datetime("us"), "grade": pl.Int64, **signs}


@given(courses(CrsSigns, CRS), courses(IcansSigns, ICANS), st.randoms())
def test_the_order_of_the_rows_is_irrelevant(
    crs: pl.DataFrame, icans: pl.DataFrame, luck: Any
) -> None:
    seed = luck.randrange(2**31)
    graded = pl.concat([derive_crs_grades(crs), derive_icans_grades(icans)])
    other = [frame.sample(fraction=1, shuffle=True, seed=seed) for frame in (crs, icans)]
    again = pl.concat([derive_crs_grades(other[0]), derive_icans_grades(other[1])])
    assert again.equals(graded)
    shuffled = graded.sample(fraction=1, shuffle=True, seed=seed)
    assert derive_episodes(shuffled).equals(derive_episodes(graded))


@given(courses(CrsSigns, CRS))
def test_every_sign_is_in_one_episode_and_episodes_are_48_hours_apart(crs: pl.DataFrame) -> None:
    graded = derive_crs_grades(crs)
    assert graded.filter((pl.col("lowest") > 0) & pl.col("episode").is_null()).height == 0
    episodes = derive_episodes(graded)
    for _, one in episodes.group_by("subject"):
        ends = one.sort("episode").select("onset", "end").rows()
        for (_, end), (onset, _) in pairwise(ends):
            assert onset - end >= dt.timedelta(hours=48)
    assert (episodes["lowest"] <= episodes["highest"]).all()
    assert ((episodes["onset"] <= episodes["peak"]) & (episodes["peak"] <= episodes["end"])).all()
