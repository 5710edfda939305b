"""Response of one subject: by the investigator, by the criteria, and what stands behind it.

Assessments are written `PR 28  CR 61`, in days from the infusion on 10 January 2024.
"""

import datetime as dt

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.adam.response.response_summary import UNSAID
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.followed import DAY_0, followed, on
from tests.unit.adam.trial import INFUSED, STUDY, adam, records
from tests.unit.forms.tables import filled

PRIMARY = STUDY.response.model_copy(update={"primary": "derived"})
DERIVED_IS_PRIMARY = STUDY.model_copy(update={"response": PRIMARY})


def said(found, *codes):
    """The value of each parameter that has one record."""
    rows = dict(records(found, "ADRS", "PARAMCD", "AVALC"))
    return tuple(rows[code] for code in codes)


def by_visit(found, code, *columns):
    """What a parameter says at each of its assessments, with the day."""
    rows = found.tables["ADRS"].filter(pl.col("PARAMCD") == code)
    return rows.select("ADAY", *(columns or ("AVALC",))).rows()


def serum(*samples):
    """M-protein of serum and urine, in g/L and mg/24h, urine free of it: `(-40, 30)`."""
    rows = ["subject  on  specimen  m_protein  unit  immunofixation"]
    for day, value in samples:
        fixation = "negative" if value == 0 else "positive"
        rows.append(f"001  {on(day)}  serum  {value}  g/L  {fixation}")
        rows.append(f"001  {on(day)}  24 h urine  0  mg/24h  negative")
    return "\n".join(rows)


# ---------------------------------------------------------------- by the investigator
@pytest.mark.parametrize(
    ("course", "expected"),
    [
        ({"line": "PR 28  CR 61"}, ("CR", "PR", "Y", "Y")),
        ({"line": "PR 28"}, ("PR", "SD", "Y", "N")),
        ({"line": "SD 28  PD! 61"}, ("SD", "SD", "N", "N")),
        ({"line": "", "alive": 20}, (None, None, None, None)),
        ({"line": "", "dead": 20}, ("NE", "NE", "N", "N")),
        ({"line": "CR 61  CR 91", "therapy": 40}, ("NE", "NE", "N", "N")),
        ({"line": "PR 0  SD 28"}, ("SD", "SD", "N", "N")),
    ],
)
def test_best_response_and_responder(course, expected):
    assert said(followed(**course), "UBOR", "CBOR", "URSP", "CRSP") == expected


def test_who_is_not_assessed_yet_has_the_reason():
    reasons = records(followed("", alive=20), "ADRS", "WHYMISS")
    assert reasons == ["not yet assessed"] * 4


def test_the_status_and_the_best_so_far_stand_at_each_visit():
    found = followed("PD 28  CR 61  CR 91  PR 122")
    assert by_visit(found, "OVR", "AVALC", "RSCONF") == [
        (28, "PD", "N"),
        (61, "CR", "Y"),
        (91, "CR", "N"),
        (122, "PR", "N"),
    ]
    assert by_visit(found, "STAT", "AVALC", "WHYMISS") == [
        (28, None, "nothing is confirmed yet"),
        (61, "CR", None),
        (91, "CR", None),
        (122, "PR", None),
    ]
    assert by_visit(found, "COVR")[1:] == [(61, "CR"), (91, "CR"), (122, "CR")]


def test_a_study_may_ask_for_the_best_so_far_alone():
    plan = STUDY.response.model_copy(update={"confirmation": "best so far"})
    found = followed(
        "PD 28  CR 61  CR 91  PR 122", study=STUDY.model_copy(update={"response": plan})
    )
    assert by_visit(found, "STAT") == [(28, "NE"), (61, "CR"), (91, "CR"), (122, "CR")]


def test_an_assessment_in_no_course_is_shown_without_a_status():
    found = followed("PR 0  PR 28  PR 61")
    assert by_visit(found, "OVR", "AVALC", "ANL01FL")[0] == (0, "PR", None)
    assert [day for day, _ in by_visit(found, "STAT")] == [28, 61]


def test_of_two_assessments_on_one_day_the_lower_counts():
    sdtm = tabulate(STUDY, filled(**forms(response=f"{RESPONSE}\n001  {on(28)}  CR")))
    rs = sdtm.tables["RS"]
    twice = pl.concat([rs, rs.with_columns(RSSEQ=pl.lit(2, pl.Int64), RSSTRESC=pl.lit("PR"))])
    found = derive_adam(STUDY, Sdtm(dict(sdtm.tables) | {"RS": twice}))
    assert said(found, "UBOR") == ("PR",)


def test_a_response_confirmed_after_the_cut_was_not_confirmed_at_it():
    line = "PR 28  CR 61"
    assert said(followed(line, cutoff=40), "CBOR") == ("SD",)
    recorded = "subject  on  response  confirmed\n" + "\n".join(
        f"001  {on(day)}  PR  yes" for day in (28, 61)
    )
    assert said(followed(line, cutoff=40, response=recorded), "CBOR") == ("SD",)
    assert said(followed(line, cutoff=61, response=recorded), "CBOR") == ("PR",)


def test_a_retreatment_ends_the_time_in_which_responses_count():
    again = f"{INFUSED.rstrip()}\n    001      2       {on(70)}  1      1        1"
    assert said(followed("SD 28  CR 91  CR 122", infusion=again), "CBOR") == ("SD",)


def test_the_best_response_is_dated_where_it_is_first_shown():
    recorded = "subject  on  response  confirmed\n" + "\n".join(
        f"001  {on(day)}  {response}  {confirmed}"
        for day, response, confirmed in ((28, "PR", "no"), (61, "VGPR", "yes"), (91, "VGPR", "yes"))
    )
    found = followed("", response=recorded)
    assert by_visit(found, "CBOR") == [(61, "VGPR")]
    assert by_visit(found, "CRSP") == [(28, "Y")]


# ---------------------------------------------------------------- as published
PUBLISHED = {
    "infusion": "subject  number  at  why_no_date  level\n001  1  -  not published  1",
}


@pytest.mark.parametrize(
    ("response", "confirmed", "expected"),
    [
        ("CR", "-", ("CR", "CR", "Y", "Y")),
        ("CR", "yes", ("CR", "CR", "Y", "Y")),
        ("CR", "no", ("CR", None, "Y", "N")),
        ("PD", "-", ("PD", "PD", "N", "N")),
    ],
)
def test_a_published_best_response_counts_without_its_visits(response, confirmed, expected):
    best = f"subject  response  confirmed\n001  {response}  {confirmed}"
    found = adam(**PUBLISHED, best_response=best)
    assert said(found, "UBOR", "CBOR", "URSP", "CRSP") == expected


@pytest.mark.parametrize(
    ("duration", "unit", "ongoing", "expected"),
    [
        ("17", "weeks", "no", [(119.0, "day", "N", None)]),
        ("7", "months", "yes", [(7 * 30.4375, "day", "Y", None)]),
        ("2", "months", "-", [(60.875, "day", None, UNSAID)]),
        ("-", "-", "-", []),
    ],
)
def test_a_published_duration_stands_beside_it_in_days(duration, unit, ongoing, expected):
    columns = "subject  response  duration  duration_unit  ongoing"
    best = f"{columns}\n001  PR  {duration}  {unit}  {ongoing}"
    found = adam(**PUBLISHED, best_response=best)
    assert by_visit(found, "PUBDUR", "MVAL", "MUNIT", "AVALC", "WHYMISS") == [
        (None, *row) for row in expected
    ]


# ---------------------------------------------------------------- from other systems
RESPONSE = "subject  on  response"


def forms(**more):
    people = "subject  consented   level\n001      2023-12-01  1"
    return {"demographics": people, "infusion": INFUSED} | more


def of_another_system(line, **qualifiers):
    """The datasets where RS has these qualifiers, by the number of the record."""
    words = line.split()
    days = zip(words[::2], words[1::2], strict=True)
    rows = [f"001  {on(int(day))}  {word}" for word, day in days]
    tables = dict(tabulate(STUDY, filled(**forms(response="\n".join([RESPONSE, *rows])))).tables)
    number = pl.col("RSSEQ")
    tables["RS"] = tables["RS"].with_columns(
        pl.when(number == at).then(pl.lit(value)).alias(name)
        for name, (at, value) in qualifiers.items()
    )
    return derive_adam(STUDY, Sdtm(tables))


def test_progression_is_flagged_as_seen_by_imaging():
    assert said(of_another_system("PD 28"), "CBOR") == ("NE",)
    assert said(of_another_system("PD 28", PDIFL=(1, "Y")), "CBOR") == ("PD",)
    assert said(of_another_system("PD 28", PDOFL=(1, "Y")), "CBOR") == ("NE",)


def test_death_is_flagged_as_due_to_the_progression():
    assert said(of_another_system("PD 28", DTHPDFL=(1, "Y")), "CBOR") == ("PD",)


def test_a_new_therapy_is_told_beside_a_response():
    found = of_another_system("PR 28  CR 61", NACTDT=(2, on(40)))
    assert records(found, "ADSL", "NACTDT") == [DAY_0 + dt.timedelta(days=40)]
    assert said(found, "CBOR") == ("SD",)


# ---------------------------------------------------------------- by the criteria
FALLING = serum((-40, 30), (28, 12), (61, 2), (91, 2))


def test_the_criteria_stand_beside_the_investigator():
    found = followed("SD 28  SD 61", m_protein=FALLING)
    assert by_visit(found, "DOVR") == [(28, "PR"), (61, "VGPR"), (91, "VGPR")]
    assert by_visit(found, "DSTAT") == [(28, "PR"), (61, "VGPR"), (91, "VGPR")]
    assert said(found, "DUBOR", "DCBOR", "DURSP", "DCRSP") == ("VGPR", "VGPR", "Y", "Y")
    assert said(found, "UBOR", "CBOR", "URSP", "CRSP") == ("SD", "SD", "N", "N")
    assert records(found, "ADSL", "MEASBY") == ["serum"]


def test_a_derived_response_is_explained():
    found = followed("", m_protein=FALLING)
    _, why = by_visit(found, "DOVR", "EXPLAIN")[1]
    assert why.startswith("VGPR. Serum M-protein 2.0 g/L, 93 % below the baseline of 30.0")
    unmeasured = serum((-40, 30), (28, 0))
    _, response, capped = by_visit(followed("", m_protein=unmeasured), "DOVR", "AVALC", "CAPPED")[0]
    assert (response, capped) == ("VGPR", "plasma cells in marrow")


def test_a_component_shows_its_numbers_and_names_its_record():
    found = followed("", m_protein=FALLING)
    columns = ("AVALC", "MVAL", "MUNIT", "MBASE", "MNADIR", "MCHG", "MRISE")
    assert by_visit(found, "SPEP", *columns)[0] == (28, "PR", 12, "g/L", 30, 30, -60, -18)
    assert by_visit(found, "SPEP", "ASSNUM") == by_visit(found, "DOVR", "ASSNUM")
    sources = by_visit(found, "SPEP", "SRCDOM", "SRCSEQ")
    lb = tabulate(STUDY, filled(**forms(m_protein=FALLING))).tables["LB"]
    of_serum = lb.filter(pl.col("LBTESTCD") == "MCPROT").sort("LBDTC")["LBSEQ"].to_list()
    assert sources == [
        (day, "LB", number) for day, number in zip((28, 61, 91), of_serum[1:], strict=True)
    ]


def test_a_component_that_does_not_apply_says_so():
    found = followed("", m_protein=FALLING)
    assert by_visit(found, "UPEP", "AVAL", "AVALC", "WHYMISS")[0] == (
        28,
        None,
        "not applicable",
        "not applicable",
    )


def test_who_has_no_measured_value_is_unknown_by_the_criteria():
    found = adam(
        demographics="subject  consented  level\n001  2023-12-01  1\n002  2023-12-01  1",
        infusion=f"{INFUSED.rstrip()}\n    002      1       {on(0)}  1      1        1",
        response=f"{RESPONSE}\n002  {on(28)}  PR",
        m_protein=FALLING,
    )
    rows = found.tables["ADRS"].filter(PARAMCD="DCRSP").select("USUBJID", "AVALC", "WHYMISS")
    assert rows.rows()[1][1:] == (None, "nothing was measured after the infusion")


def test_without_the_day_of_the_infusion_nothing_is_known_by_the_criteria():
    undated = "subject  number  at  level  planned  given\n001  1  2024-01  1  1  1"
    found = adam(infusion=undated, response=RESPONSE, m_protein=FALLING)
    (row,) = found.tables["ADRS"].filter(PARAMCD="DCBOR").select("AVALC", "WHYMISS").rows()
    assert row == (None, "the day of the infusion is not known")


def test_without_responses_of_the_investigator_the_criteria_give_all():
    found = adam(infusion=INFUSED, m_protein=FALLING)
    assert said(found, "DCBOR") == ("VGPR",)
    assert "CBOR" not in records(found, "ADRS", "PARAMCD")


def test_mrd_alone_is_no_response_of_the_investigator():
    results = f"subject  on  method  sensitivity  result\n001  {on(28)}  NGS  0.00001  negative"
    found = adam(infusion=INFUSED, m_protein=FALLING, mrd=results)
    assert not {"CBOR", "CRSP"} & set(records(found, "ADRS", "PARAMCD"))
    assert "PFS" not in records(found, "ADTTE", "PARAMCD")
    assert said(found, "DCBOR") == ("VGPR",)


def test_without_values_of_the_myeloma_nothing_is_derived():
    blood = (
        f"subject  at  analyte  specimen  value  unit\n001  {on(28)}T08:00  HGB  blood  100  g/L"
    )
    found = followed("PR 28  PR 61", laboratory=blood)
    assert not [code for code in records(found, "ADRS", "PARAMCD") if code.startswith("D")]
    assert records(found, "ADSL", "MEASBY") == [None]


def test_a_study_without_criteria_derives_nothing():
    other = STUDY.model_copy(update={"criteria": None})
    found = followed("PR 28  PR 61", study=other, m_protein=FALLING)
    assert "DCBOR" not in records(found, "ADRS", "PARAMCD")


@pytest.mark.parametrize(("m_protein", "evaluable"), [(12, "Y"), (3, "N")])
def test_who_has_no_measurable_disease_is_not_response_evaluable(m_protein, evaluable):
    chains = f"subject  on  kappa  lambda_\n001  {on(-40)}  12  11"
    marrow = f"subject  on  plasma_cells\n001  {on(-40)}  4"
    measured = {"m_protein": serum((-40, m_protein)), "free_light_chain": chains, "marrow": marrow}
    found = followed("PR 28  PR 61", **measured)
    assert records(found, "ADSL", "RSPEVLFL") == [evaluable]
    assert records(found, "ADSL", "MEASBY") == ["serum" if evaluable == "Y" else "not measurable"]


def test_who_was_assessed_by_the_primary_evaluator_is_response_evaluable():
    unseen = {"m_protein": serum((-40, 30))}
    assert records(followed("PR 28", **unseen), "ADSL", "RSPEVLFL") == ["Y"]
    by_criteria = followed("PR 28", study=DERIVED_IS_PRIMARY, **unseen)
    assert records(by_criteria, "ADSL", "RSPEVLFL") == ["N"]


# ---------------------------------------------------------------- MRD
def test_mrd_is_yes_no_or_not_known_with_the_results_behind_it():
    results = f"subject  on  method  sensitivity  result\n001  {on(61)}  NGS  0.00001  negative"
    found = followed("CR 28  CR 61  CR 91", mrd=results)
    assert said(found, "MRDNEG") == ("Y",)
    ((_, value, why),) = by_visit(found, "MRDSUST", "AVALC", "WHYMISS")
    assert value is None
    assert "negative by next generation sequencing" in why
