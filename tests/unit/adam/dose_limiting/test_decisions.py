"""The committee's decisions on the dose, by way of SDTM, at a data cut."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.adam.state import dosing_state
from cartrial.sdtm.tabulate import tabulate, to_forms
from tests.unit.adam.trial import INFUSED, STUDY, adam
from tests.unit.forms.tables import filled

DECISIONS = """
    number  decided     from_level  to_level  decision     reason
    1       2024-01-02  0           1         escalate     start
    2       2024-04-20  1           2         escalate     -
    3       2024-06-01  2           1         de-escalate  two DLT
"""
VISIT = """
    subject  visit    on          safety
    001      Week 12  2024-04-10  yes
"""


def state(cutoff=None, decisions=DECISIONS):
    found = adam(
        cutoff=cutoff and dt.date.fromisoformat(cutoff),
        infusion=INFUSED,
        visit=VISIT,
        dose_decision=decisions,
    )
    return dosing_state(STUDY, found)


@pytest.mark.parametrize(
    ("cutoff", "decided", "after"),
    [
        ("2024-01-01", None, None),
        ("2024-01-10", 1, 0),
        ("2024-04-19", 1, 0),
        ("2024-04-20", 2, 1),
        (None, 1, 1),
    ],
)
def test_the_last_decision_up_to_the_cut_holds(cutoff, decided, after):
    found = state(cutoff)
    assert (found.decided, found.decided_after) == (decided, after)


def test_the_last_date_in_the_data_may_be_that_of_a_decision():
    assert adam(infusion=INFUSED, dose_decision=DECISIONS).cutoff == dt.date(2024, 6, 1)


def test_who_is_infused_on_the_day_of_a_decision_is_infused_after_it():
    on_the_day = DECISIONS.replace("2024-01-02", "2024-01-10")
    assert state("2024-04-01", on_the_day).decided_after == 0
    day_after = DECISIONS.replace("2024-01-02", "2024-01-11")
    assert state("2024-04-01", day_after).decided_after == 1


def test_decisions_stand_by_their_dates_not_their_numbers():
    turned = """
        number  decided     from_level  to_level  decision
        1       2024-06-01  1           2         escalate
        2       2024-01-02  0           1         escalate
    """
    assert state(decisions=turned).decided == 2


@pytest.mark.parametrize("word", ["stop 0", "stop 2"])
def test_a_stop_ends_the_escalation(word):
    decision, level = word.split()
    ended = f"""
        number  decided     from_level  to_level  decision
        1       2024-06-01  1           {level}   {decision}
    """
    assert state(decisions=ended).ended
    assert not state("2024-05-30", ended).ended


def test_without_decisions_the_level_infused_last_stands():
    found = dosing_state(STUDY, adam(infusion=INFUSED, visit=VISIT))
    assert (found.decided, found.decided_after, found.current) == (None, None, 1)


def test_the_parameters_of_a_decision_in_ts():
    ts = tabulate(STUDY, filled(dose_decision=DECISIONS)).tables["TS"]
    told = ts.filter(pl.col("TSPARMCD").str.starts_with("DD"), pl.col("TSSEQ") == 2)
    assert told.select("TSPARMCD", "TSVAL").rows() == [
        ("DDDATE", "2024-04-20"),
        ("DDDECIS", "escalate"),
        ("DDFROM", "1"),
        ("DDTO", "2"),
    ]


def test_decisions_come_back_as_they_were():
    forms = filled(dose_decision=DECISIONS)
    back = to_forms(STUDY, tabulate(STUDY, forms))
    assert back.tables["dose_decision"].equals(forms.tables["dose_decision"])


def test_a_decision_that_cannot_be_read_is_left_out_and_told():
    sdtm = tabulate(STUDY, filled(infusion=INFUSED, visit=VISIT, dose_decision=DECISIONS))
    broken = sdtm.tables["TS"].with_columns(
        TSVAL=pl.when(TSPARMCD="DDDATE", TSSEQ=3).then(pl.lit("June")).otherwise("TSVAL")
    )
    found = derive_adam(STUDY, replace(sdtm, tables={**sdtm.tables, "TS": broken}))
    assert found.decisions["number"].to_list() == [1, 2]
    said = [str(finding) for finding in found.findings if finding.table == "dose_decision"]
    assert said[0] == (
        "dose_decision: number 3: must have decided, to_level, decision, "
        "got a part that is missing or cannot be read. The decision is left out"
    )
