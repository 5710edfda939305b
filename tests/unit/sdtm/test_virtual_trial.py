"""A whole virtual trial through SDTM: nothing lost, nothing to find, the same by way of files."""

from pathlib import Path
from typing import get_args

import pytest
from polars.testing import assert_frame_equal

from cartrial import schema as s
from cartrial.cdisc.form import Form
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import SUBMITTED, read_sdtm, write_sdtm
from cartrial.sdtm.tabulate import tabulate, to_forms
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY = packaged_study()


@pytest.fixture(scope="module")
def forms() -> Forms:
    return simulate_trial(STUDY, subjects=6, seed=7, scenario=packaged_scenario()).forms


def test_forms_come_back_as_they_were(forms: Forms):
    back = to_forms(STUDY, tabulate(STUDY, forms))
    for name, table in forms:
        form = FORMS[name]
        if table.height:
            expected = form.cast(table.sort(s.key(form)))
            assert_frame_equal(back.tables[name], expected)


def test_nothing_breaks_the_guide(forms: Forms):
    assert [str(finding) for finding in tabulate(STUDY, forms).findings] == []


@pytest.mark.parametrize("form", get_args(Form))
def test_read_from_files_it_is_the_same(form: Form, forms: Forms, tmp_path: Path):
    sdtm = tabulate(STUDY, forms)
    write_sdtm(sdtm, tmp_path, form=form)
    read = read_sdtm(tmp_path)
    kept = {c: t for c, t in sdtm.tables.items() if t.height or form not in SUBMITTED}
    assert list(read.tables) == list(kept)
    for code, table in kept.items():
        assert_frame_equal(read.tables[code], table)
    assert read.findings == sdtm.findings
