"""Forms go to ODM and come back as they were; the file keeps to the standard."""

import datetime as dt
import tempfile
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
import xmlschema
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from odmlib.schema_manager import get_schema_path

from cartrial.forms.catalogue import FORMS, Forms
from cartrial.intake.odm.read import read_odm
from cartrial.intake.odm.write import Audit, OdmFile, User, by_subject, write_odm
from cartrial.protocol.read import packaged_study
from tests.property.filled_forms import filled
from tests.property.test_redcap import NOT_ALONE, assert_same, received, trial

STUDY = packaged_study()
ABOUT = OdmFile("TRIAL.1", dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC), "cartrial", "1.2.3")
SHORT = (Phase.explicit, Phase.reuse, Phase.generate)  # a file is not made smaller
some = st.sampled_from([form for form in FORMS.values() if form not in NOT_ALONE])


def written(forms: Forms, path: Path, *, audited: bool = False) -> Path:
    users = [User("nurse", 'A "nurse" & <friend>', "The centre"), User("system", "Software", "")]
    at, reasons = "2026-05-03T10:00:00.000001Z", ("typed \x0b wrong", "")
    lasts = cycle(Audit(*one, "entry 12") for one in zip(users, (at, at), reasons, strict=True))
    subjects = [
        (subject, [replace(one, audit=next(lasts)) if audited else one for one in records])
        for subject, records in by_subject(forms)
    ]
    names = [name for name, _ in forms]
    write_odm(ABOUT, STUDY, names, subjects, path, users=users if audited else [])
    return path


@settings(max_examples=2, deadline=None, phases=SHORT)
@given(st.integers(0, 10_000))
def test_a_trial_comes_back_from_odm_as_the_same_forms(seed: int) -> None:
    forms = trial(seed)
    forms = Forms({name: frame for name, frame in forms if frame.height})
    with tempfile.TemporaryDirectory() as place:
        source = read_odm(written(forms, Path(place) / "trial.xml", audited=True))
    assert_same(forms, received(source))
    rows = sum(frame.height for _, frame in forms)
    assert source.remarks == (f"trial.xml: {rows} audit records not kept",)


@settings(max_examples=12, deadline=None, phases=SHORT)
@given(st.lists(some, min_size=1, max_size=3).flatmap(filled))
def test_any_forms_come_back_from_odm(forms: Forms) -> None:
    with tempfile.TemporaryDirectory() as place:
        source = read_odm(written(forms, Path(place) / "trial.xml"))
    assert_same(forms, received(source))


@pytest.mark.parametrize("audited", [False, True])
def test_the_file_keeps_to_the_schema_of_the_standard(tmp_path: Path, audited: bool) -> None:
    path = written(trial(7), tmp_path / "trial.xml", audited=audited)
    xmlschema.XMLSchema(get_schema_path("odm", "1.3.2")).validate(str(path))
