"""What is always true of the results, over random trials."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial.adam.dataset import Adam
from cartrial.protocol.read import packaged_study
from cartrial.results.analyse import analyse_trial
from cartrial.results.population import ALL, OTHERS
from cartrial.results.result import Results
from tests.unit.results.made import CUTOFF, read

STUDY = packaged_study()
LEVELS = [level.label for level in STUDY.doses.levels]
YES = st.sampled_from(["Y", "-"])
INTERVAL = st.tuples(st.integers(0, 4), st.integers(0, 4)).map(sorted)
GRADE = st.sampled_from(["1", "2", "3", "4", "5", "-"])


@st.composite
def adams(draw: st.DrawFn) -> Adam:
    """A small trial with random levels, adverse events, episodes and times."""
    n = draw(st.integers(1, 7))
    people = [f"S{i}" for i in range(n)]
    level = {s: draw(st.sampled_from(["1", "2", "3", "-"])) for s in people}
    infused = {s: draw(YES) for s in people}
    adsl = _text(
        "subject TRT01AN SAFFL AGE COMP2YFL",
        [
            [s, level[s], infused[s], draw(st.sampled_from(["50", "61", "-"])), draw(YES)]
            for s in people
        ],
    )
    event = st.tuples(st.sampled_from(people), st.sampled_from(["Rash", "Itch", "-"]), GRADE, YES)
    adae = _text(
        "subject AEDECOD ATOXGRN SAFFL TRTEMFL ARELFL REGFL TABFL AESER",
        [
            [s, term, grade, infused[s], flag, "Y", "Y", "Y", flag]
            for s, term, grade, flag in draw(st.lists(event, max_size=12))
        ],
    )
    adce = _text(
        "subject ACAT ATOXGRN SAFFL REGFL ASTDAY",
        [
            [s, "CRS", grade, infused[s], flag, "3"]
            for s, _, grade, flag in draw(st.lists(event, max_size=8))
        ],
    )
    adtte = _text(
        "subject PARAMCD AVAL CNSR",
        [
            [s, "OS", str(draw(st.integers(0, 900))), draw(st.sampled_from("01"))]
            for s in people
            if infused[s] == "Y"
        ],
    )
    texts = {"ADSL": adsl, "ADAE": adae, "ADCE": adce, "ADTTE": adtte}
    texts |= {"ADTOX": _assessments(draw, infused), "ADLB": _counts(draw, people)}
    return Adam({name: read(name, text) for name, text in texts.items()}, CUTOFF)


def _assessments(draw: st.DrawFn, infused: dict[str, str]) -> str:
    """Bedside assessments with a recorded grade, an interval, and whether they agree."""
    day = st.integers(-2, 35)
    row = st.tuples(st.sampled_from(list(infused)), day, GRADE, INTERVAL, st.sampled_from("YN-"))
    return _text(
        "subject PARAMCD SAFFL ADAY ATOXGRN DTOXGRL DTOXGRH AGREEFL",
        [
            [s, "CRS", infused[s], str(day), grade, *map(str, interval), agrees]
            for s, day, grade, interval, agrees in draw(st.lists(row, max_size=10))
        ],
    )


def _counts(draw: st.DrawFn, people: list[str]) -> str:
    """Neutrophil counts with an interval of grades, some of them baselines."""
    row = st.tuples(st.sampled_from(people), st.integers(-9, 95), YES, INTERVAL)
    return _text(
        "subject PARAMCD ATOXDSCL ADAY AVAL ABLFL ATOXLLO ATOXLHI",
        [
            [s, "NEUT", "Neutropenia", str(day), "1", baseline, *map(str, interval)]
            for s, day, baseline, interval in draw(st.lists(row, max_size=12))
        ],
    )


def _text(header: str, rows: list[list[str]]) -> str:
    return "\n".join("  ".join(row) for row in [header.split(), *rows])


def counts(results: Results) -> pl.DataFrame:
    return results.values.filter((pl.col("statistic") == "n") & pl.col("value").is_not_null())


@given(adams())
@settings(max_examples=12, deadline=None)
def test_every_n_is_the_number_of_its_subjects(adam: Adam) -> None:
    found = counts(analyse_trial(STUDY, adam))
    for n, subjects in found.select("value", "subjects").iter_rows():
        assert n == len((subjects or "").split())


@given(adams())
@settings(max_examples=12, deadline=None)
def test_the_levels_add_up_to_all(adam: Adam) -> None:
    found = counts(analyse_trial(STUDY, adam)).filter(pl.col("group") != OTHERS)
    by_group = found.filter(~pl.col("output").str.ends_with("_grades"))
    whole = by_group.filter(pl.col("group") == ALL).select("output", "row", all="value")
    parts = (
        by_group.filter(pl.col("group") != ALL).group_by("output", "row").agg(pl.col("value").sum())
    )
    compared = whole.join(parts, on=["output", "row"])
    assert compared.height == whole.height
    assert compared["all"].to_list() == compared["value"].to_list()


@given(adams())
@settings(max_examples=12, deadline=None)
def test_no_share_leaves_0_to_100_and_every_interval_holds_its_share(adam: Adam) -> None:
    values = analyse_trial(STUDY, adam).values
    wide = values.filter(pl.col("statistic").is_in(["percent", "lower", "upper"])).pivot(
        "statistic", index=["output", "row", "group"], values="value"
    )
    shares = wide.filter(pl.col("percent").is_not_null())
    assert shares["percent"].is_between(0, 100).all()
    if "lower" in shares.columns:
        known = shares.filter(pl.col("lower").is_not_null() & pl.col("upper").is_not_null())
        tiny = 1e-9
        assert (known["lower"] <= known["percent"] + tiny).all()
        assert (known["percent"] <= known["upper"] + tiny).all()


@given(adams())
@settings(max_examples=12, deadline=None)
def test_a_missing_number_has_its_reason(adam: Adam) -> None:
    values = analyse_trial(STUDY, adam).values
    missing = pl.col("value").is_null() & pl.col("text").is_null()
    assert values.filter(missing != pl.col("why_missing").is_not_null()).is_empty()


@given(adams(), st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_order_of_the_records_changes_nothing(adam: Adam, random: object) -> None:
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=random.randrange(10**6))  # type: ignore[attr-defined]
        for name, frame in adam.tables.items()
    }
    one = analyse_trial(STUDY, adam)
    other = analyse_trial(STUDY, Adam(shuffled, CUTOFF))
    assert one.values.equals(other.values)
    assert one.outputs == other.outputs
    assert one.headlines == other.headlines
    assert all(one.data[name].equals(other.data[name]) for name in one.data)


@given(adams())
@settings(max_examples=12, deadline=None)
def test_every_group_of_the_numbers_is_declared(adam: Adam) -> None:
    found = analyse_trial(STUDY, adam)
    for output in found.outputs:
        used = found.values.filter(pl.col("output") == output.id)["group"].unique()
        assert set(used) <= {group.name for group in output.groups}


@given(adams())
@settings(max_examples=12, deadline=None)
def test_every_infused_subject_stands_once_in_the_shift_of_a_test(adam: Adam) -> None:
    found = analyse_trial(STUDY, adam)
    shift = counts(found).filter(output="lab_shift_low")
    infused = adam.tables["ADSL"].filter(SAFFL="Y").height
    if not shift.is_empty():
        assert shift.filter(group=ALL)["value"].sum() == infused
        assert shift.filter(pl.col("group") != ALL)["value"].sum() == infused


@given(adams())
@settings(max_examples=12, deadline=None)
def test_no_day_of_the_heat_map_is_lost_or_graded_without_an_assessment(adam: Adam) -> None:
    days = analyse_trial(STUDY, adam).data.get("crs_days")
    seen = adam.tables["ADTOX"].filter(pl.col("SAFFL") == "Y", pl.col("ADAY").is_between(0, 30))
    if days is not None:
        shown = days.filter(pl.col("colour") != "not assessed").select("subject", "day")
        assert set(shown.iter_rows()) == set(seen.select("USUBJID", "ADAY").iter_rows())
