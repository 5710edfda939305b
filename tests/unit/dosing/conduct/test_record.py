import datetime as dt
import json

import pytest

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.conduct.record import DecisionRecord, differences, read_record
from cartrial.dosing.override import Overrides
from cartrial.dosing.state import outcomes
from cartrial.errors import DataError
from cartrial.protocol.design import Boin, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt

RULES = Rules(too_toxic=TooToxic(rate=0.3), committee=True)
DLT = Dlt(definition="a DLT", window=84, escalate_after=28)
SKELETON = (0.1, 0.25, 0.4)
DESIGNS = [
    Boin(target=0.3),
    TiteBoin(target=0.3),
    ThreePlusThree(),
    Crm(target=0.3, skeleton=SKELETON),
    TiteCrm(target=0.3, skeleton=SKELETON),
    Blrm(doses=(1, 2, 4), reference=4, mean=(-1, 0), sd=(2, 1)),
]


def record(design, line="1NNN 2NT.[30]"):
    state = outcomes(line, levels=3).without({3})
    return DecisionRecord(
        cartrial="1.0",
        study="S",
        study_sha256="0" * 64,
        data_cut=dt.date(2024, 5, 3),
        overrides=Overrides(target=0.3),
        design=design,
        dlt=DLT,
        rules=RULES,
        state=state,
        recommendation=recommend(design, DLT, state, RULES),
    )


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.kind)
def test_a_record_read_back_is_the_same_and_leads_to_the_same(design):
    kept = record(design)
    read = read_record(kept.as_text(), place="record.json")
    assert read == kept
    assert differences(read, read.again()) == ()


def test_the_state_stands_in_one_line_beside_its_subjects():
    told = json.loads(record(DESIGNS[0]).as_text())
    assert told["state"]["line"] == "1NNN 2NT.[30]"
    assert told["state"]["eliminated"] == [3]


def test_another_version_is_no_difference_but_another_design_is():
    kept = record(DESIGNS[0], "1NNN")
    assert differences(kept, kept.model_copy(update={"cartrial": "2.0"})) == ()
    other = kept.model_copy(update={"design": Boin(target=0.3, toxic=1.5)})
    assert differences(kept, other) == ("design.toxic: was 1.4, is 1.5",)


def test_more_subjects_than_were_kept_are_a_difference():
    (first, *_) = differences(record(DESIGNS[0], "1NNN"), record(DESIGNS[0], "1NNNN"))
    assert first.startswith("state.patients: was [")


def test_what_cannot_be_used_is_said_by_its_place():
    told = json.loads(record(DESIGNS[0]).as_text())
    told["state"]["patients"][0]["status"] = "fine"
    with pytest.raises(DataError) as fault:
        read_record(json.dumps(told), place="record.json")
    assert str(fault.value) == (
        "record.json: state.patients.0.status: must be as `cartrial dose next --record` writes it, "
        "got a part of which it is said: input should be 'dlt', 'complete', 'pending', 'maturing' "
        "or 'not evaluable'"
    )
