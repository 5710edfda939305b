import pytest

from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.survival import dor, os, pfs
from cartrial.results.table import Drawn
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01AN  SAFFL  TRTSDT      COMP2YFL  EOSSTT
A        1        Y      2023-01-01  -         DISCONTINUED
B        1        Y      2023-01-01  Y         COMPLETED
C        2        Y      2025-01-01  -         ONGOING
D        2        Y      2025-01-01  -         DISCONTINUED
"""
ADRS = "subject  PARAMCD  AVAL\nA  OVR  4"
ADTTE = """
subject  PARAMCD  AVAL  ADT         CNSR  EVNTDESC     WHYMISS
A        PFS      100   2023-04-11  0     Progression  -
B        PFS      740   2025-01-10  0     Progression  -
C        PFS      200   2025-07-20  1     -            -
D        PFS      50    2025-02-20  1     -            -
A        OS       300   2023-10-28  0     Death        -
B        OS       740   2025-01-10  1     -            -
C        OS       300   2025-10-28  1     -            -
D        OS       -     -           0     Death        the date of the event is not known
"""
EVENT = "Subjects with the event"


def made(rows: str = ADTTE):
    return trial(ADSL=ADSL, ADRS=ADRS, ADTTE=rows)


def test_the_registered_proportion_counts_events_up_to_month_24():
    table = output(pfs(made()), "pfs")
    assert cell(table, EVENT) == {"n": 1, "of": 4, "percent": 25}
    assert cell(table, "Events")["n"] == 2
    assert "After Month 24, in the Kaplan-Meier estimate only: 1 event." in table.output.footnotes


def test_without_complete_follow_up_there_is_no_interval_but_who_is_still_at_risk():
    table = output(pfs(made()), "pfs")
    assert set(cell(table, EVENT)) == {"n", "of", "percent"}
    assert who(table, "Still at risk of it") == "C"
    assert who(table, "No longer followed, without it") == "D"
    assert who(table, "Completed 2 years, without it") == "B"


@pytest.mark.parametrize(
    ("last", "status", "where"),
    [
        (640, "COMPLETED", "No longer followed, without it"),
        (701, "COMPLETED", "No longer followed, without it"),
        (702, "COMPLETED", "Completed 2 years, without it"),  # the window of Month 24 opens
        (640, "ONGOING", "Still at risk of it"),
    ],
)
def test_alive_at_2_years_is_free_of_progression_only_when_assessed_then(last, status, where):
    adsl = f"subject  TRT01AN  SAFFL  TRTSDT  COMP2YFL  EOSSTT\nA  1  Y  2023-01-01  Y  {status}"
    head = "subject  PARAMCD  AVAL  CNSR"
    rows = f"{head}\nA  PFS  {last}  1\nA  OS  740  1"
    found = trial(ADSL=adsl, ADRS=ADRS, ADTTE=rows)
    table = output(pfs(found), "pfs")
    assert who(table, where) == "A"
    assert ("lower" in cell(table, EVENT)) == (where == "Completed 2 years, without it")
    assert who(output(os(found), "os"), "Completed 2 years, without it") == "A"


@pytest.mark.parametrize(("endpoint", "name"), [(pfs, "pfs"), (os, "os"), (dor, "dor")])
def test_the_lines_of_the_proportion_add_up_to_all_also_where_a_death_is_flagged_complete(
    endpoint, name
):
    rows = ADTTE.replace("D        OS       -     -           0", "D        OS       -     -  -")
    responders = [line.replace("PFS", "DOR") for line in rows.splitlines() if "PFS" in line]
    rows += "\n".join(responders) + "\n"
    for flagged in ("-", "Y"):
        adsl = ADSL.replace("-         DISCONTINUED\nB", f"{flagged}         DISCONTINUED\nB")
        table = output(endpoint(trial(ADSL=adsl, ADRS=ADRS, ADTTE=rows)), name)
        parts = [label for label in labels(table)[1:] if label != "Kaplan-Meier estimate"]
        shown = parts[: parts.index("Events")]
        placed = [subject for label in shown for subject in who(table, label).split()]
        assert sorted(placed) == ["A", "B", "C", "D"]
        assert who(table, EVENT) == "A"


def test_somebody_no_longer_followed_leaves_no_exact_interval():
    adsl = "\n".join(line for line in ADSL.splitlines() if line[:1] != "C")
    rows = "\n".join(line for line in ADTTE.splitlines() if line[:1] != "C")
    table = output(pfs(trial(ADSL=adsl, ADRS=ADRS, ADTTE=rows)), "pfs")
    assert who(table, "Still at risk of it") == ""
    assert set(cell(table, EVENT)) == {"n", "of", "percent"}


def test_the_two_years_of_a_response_are_said_to_count_from_the_infusion():
    rows = ADTTE + "A        DOR      70    2023-04-11  0     Progression  -\n"
    assert "Completed 2 years from the infusion, without it" in labels(
        output(dor(made(rows)), "dor")
    )


def test_with_complete_follow_up_the_interval_is_exact():
    rows = "\n".join(line for line in ADTTE.splitlines() if line[:1] not in "CD" or "PARAM" in line)
    adsl = "\n".join(line for line in ADSL.splitlines() if line[:1] not in "CD")
    table = output(pfs(trial(ADSL=adsl, ADRS=ADRS, ADTTE=rows)), "pfs")
    found = cell(table, EVENT)
    # 1 of 2: limits 1 - 0.975^(1/2) and 0.975^(1/2), as closed forms
    assert found["lower"] == pytest.approx(100 * (1 - 0.975**0.5))
    assert found["upper"] == pytest.approx(100 * 0.975**0.5)


def test_a_landmark_needs_somebody_at_risk():
    table = output(pfs(made()), "pfs")
    # 4 at risk, D leaves on day 50, A has the event on day 100 among 3
    assert cell(table, "Alive without progression at 6 months")["percent"] == pytest.approx(200 / 3)
    assert who(table, "At risk at 6 months") == "B C"
    label, group = "Alive without progression at 12 months", "2 × 10⁶/kg"
    assert cell(table, label, group)["percent"] is None
    assert why(table, label, "percent", group) == "not estimable"


def test_medians_are_in_months():
    table = output(pfs(made()), "pfs")
    assert cell(table, "Median (months)")["value"] == pytest.approx(740 / DAYS_PER_MONTH)
    assert why(table, "Median (months)", "value", "2 × 10⁶/kg") == "not reached"


def test_an_event_without_a_date_is_in_the_proportion_and_in_no_estimate():
    table = output(os(made()), "os")
    assert who(table, EVENT) == "A D"
    assert cell(table, "Events")["n"] == 1
    assert any("D (the date of the event is not known)" in n for n in table.output.footnotes)
    assert "Not known" not in labels(table)


def test_a_status_that_is_not_known_is_neither_event_nor_at_risk():
    rows = ADTTE.replace(
        "D        OS       -     -           0", "D        OS       -     -           -"
    )
    table = output(os(made(rows)), "os")
    assert who(table, "Not known") == "D"
    assert who(table, "Still at risk of it") == "C"


def test_duration_of_response_is_of_responders():
    rows = ADTTE + "A        DOR      70    2023-04-11  0     Progression  -\n"
    table = output(dor(made(rows)), "dor")
    assert table.output.groups[-1].of == 1
    assert cell(table, EVENT)["of"] == 1


def test_other_analyses_stand_also_where_the_registered_one_has_no_times():
    therapy = ADTTE.replace("PFS", "TTNT")
    by_other = "".join(line.replace("PFS", "PFSOTH") + "\n" for line in ADTTE.splitlines()[2:6])
    parts = pfs(trial(ADSL=ADSL, ADRS=ADRS, ADTTE=therapy + by_other))
    assert [part.output.id for part in parts] == ["pfs", "pfs_further", "pfs_ttnt"]
    assert parts[0].output.empty.startswith("Not collected")
    assert [group.name for group in parts[1].output.groups] == ["PFSOTH"]


def test_no_responder_is_not_the_same_as_not_collected():
    assert output(dor(made()), "dor").output.empty == "No responder at the data cut."
    [none] = dor(trial(ADSL=ADSL))
    assert none.output.empty.startswith("Not collected")


def test_the_curve_starts_at_all_and_its_censored_subjects_lie_on_it():
    [figure] = [part for part in pfs(made()) if isinstance(part, Drawn)]
    curve, censored, risk = (figure.data[name] for name in figure.figure.data)
    assert curve["month"][0] == 0
    assert curve["survival"].to_list() == pytest.approx([100, 100, 200 / 3, 200 / 3, 0])
    assert censored["subject"].to_list() == ["D", "C"]
    assert censored["survival"].to_list() == pytest.approx([100, 200 / 3])
    assert risk["month"].to_list() == [0, 3, 6, 9, 12, 15, 18, 21, 24]
    assert risk["n_risk"].to_list() == [4, 3, 2, 1, 1, 1, 1, 1, 1]
    assert risk["subjects"][2] == "B C"


def test_the_sensitivity_analysis_stands_apart():
    rows = ADTTE + "A        PFSFDA   60    2023-03-02  1     -            -\n"
    table = output(pfs(made(rows)), "pfs_further")
    assert cell(table, "Censored", "As registered")["n"] == 2
    assert cell(table, "Censored", "FDA-style censoring")["n"] == 1
    assert EVENT not in labels(table)
    assert table.output.title == "Progression-free survival: further analyses"


def test_without_a_schedule_it_is_said_that_missed_assessments_are_not_known():
    unplanned = packaged_study().model_copy(update={"schedule": None})
    rows = ADTTE + "A        PFSFDA   60    2023-03-02  1     -            -\n"
    table = output(pfs(trial(unplanned, ADSL=ADSL, ADRS=ADRS, ADTTE=rows)), "pfs_further")
    assert any(
        note.endswith("missed ones are not known, and censor nothing.")
        for note in table.output.footnotes
    )


def test_every_further_analysis_shows_its_median_follow_up():
    rows = ADTTE + "A        TTNT     60    2023-03-02  1     -            -\n"
    table = output(pfs(made(rows)), "pfs_ttnt")
    assert table.output.title == "Time to next therapy"
    assert "Median follow-up (months)" in labels(table)
    assert cell(table, "Median follow-up (months)")["value"] == pytest.approx(60 / DAYS_PER_MONTH)


def test_intention_to_treat_counts_the_leukapheresed_who_were_never_infused():
    adsl = """
    APHFL = Y
    subject  TRT01PN  TRT01AN  SAFFL  TRTSDT      EOSSTT
    A        1        1        Y      2023-01-01  ONGOING
    E        2        -        -      -           DISCONTINUED
    """
    rows = """
    subject  PARAMCD  AVAL  CNSR  EVNTDESC
    A        OS       300   1     Alive
    A        OSITT    342   1     Alive
    E        OSITT    100   0     Death
    """
    parts = os(trial(ADSL=adsl, ADTTE=rows))
    table = output(parts, "os_further")
    assert who(table, "Events", "Intention to treat") == "E"
    assert {group.name: group.of for group in table.output.groups} == {
        "As registered": 1,
        "Intention to treat": 2,
    }
    assert any("counts from the leukapheresis" in note for note in table.output.footnotes)
    assert who(output(parts, "os"), "Events") == ""


def test_the_other_evaluator_is_named_and_is_not_primary():
    rows = ADTTE + "A        PFSOTH   90    2023-04-01  0     Progression  -\n"
    responses = ADRS + "\nA  DOVR  4"
    table = output(pfs(trial(ADSL=ADSL, ADRS=responses, ADTTE=rows)), "pfs_further")
    assert [group.label for group in table.output.groups] == [
        "As registered",
        "By the criteria from the raw values (not primary)",
    ]


def test_the_numbers_at_risk_below_the_curve_are_those_of_the_landmarks():
    censored_on_365 = ADTTE.replace("PFS      740", "PFS      365")
    parts = pfs(made(censored_on_365))
    [figure] = [part for part in parts if isinstance(part, Drawn)]
    risk = figure.data[figure.figure.data[2]]
    at_12 = risk.filter(month=12.0)["subjects"].to_list()
    assert at_12 == [who(output(parts, "pfs"), "At risk at 12 months")]
    assert "B" in at_12[0].split()
