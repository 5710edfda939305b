import polars as pl

from cartrial.sdtm.checks import check_sdtm
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.mapping import as_domain

KNOWN = {"STUDYID": "X", "USUBJID": "X-1"}
SUBJECT = KNOWN | {"SUBJID": "1", "SITEID": "01", "SEX": "F", "COUNTRY": "CHN", "DOMAIN": "DM"}
EVENT = KNOWN | {"DOMAIN": "AE", "AESEQ": 1, "AETERM": "fever", "AEDECOD": "Pyrexia"}


def found(**tables: list[dict[str, object]]) -> list[str]:
    given = {"DM": [SUBJECT]} | tables
    typed = {code: as_domain(DOMAINS[code], pl.DataFrame(rows)) for code, rows in given.items()}
    return [f"{finding.severity} {finding}" for finding in check_sdtm(typed)]


def test_a_clean_trial_has_no_finding():
    assert found(AE=[EVENT | {"AESTDTC": "2024-03-01", "AEENDTC": "2024-03-01T10:00"}]) == []


def test_a_required_variable_must_be_given():
    assert found(AE=[EVENT | {"AEDECOD": None}, EVENT | {"AESEQ": 2, "AEDECOD": None}]) == [
        "warning AE: 2 rows; first, USUBJID X-1, AESEQ 1: AEDECOD: must be given, "
        "as the guide requires it, got nothing"
    ]


def test_a_subject_must_be_in_dm():
    assert found(AE=[EVENT | {"USUBJID": "X-9"}]) == [
        "error AE: USUBJID X-9, AESEQ 1: USUBJID: must be a subject of DM, got X-9"
    ]


def test_a_sequence_must_stand_once():
    assert found(AE=[EVENT, EVENT]) == [
        "error AE: 2 rows; first, USUBJID X-1, AESEQ 1: must be the only row with its "
        "USUBJID, AESEQ, got the same key more than once"
    ]


def test_an_end_must_not_be_before_its_start():
    assert found(AE=[EVENT | {"AESTDTC": "2024-03-02", "AEENDTC": "2024-03-01T23:00"}]) == [
        "error AE: USUBJID X-1, AESEQ 1: AEENDTC: must not be before AESTDTC, got 2024-03-01T23:00"
    ]


def test_dates_are_compared_as_far_as_both_are_known():
    assert found(AE=[EVENT | {"AESTDTC": "2024-03-02", "AEENDTC": "2024-03"}]) == []
    assert len(found(AE=[EVENT | {"AESTDTC": "2024-03-02", "AEENDTC": "2024-02"}])) == 1


def test_an_event_before_birth_never_shows_the_date_of_birth():
    born = SUBJECT | {"BRTHDTC": "1960-05-05"}
    assert found(DM=[born], AE=[EVENT | {"AESTDTC": "1950-01-01"}]) == [
        "error AE: USUBJID X-1, AESEQ 1: AESTDTC: must not be before the birth of the subject, "
        "got 1950-01-01"
    ]


def test_a_death_is_told_whole():
    assert found(DM=[SUBJECT | {"DTHFL": "Y"}]) == [
        "warning DM: USUBJID X-1: DTHDTC: must be given where DTHFL is Y, got nothing"
    ]
    assert found(DM=[SUBJECT | {"DTHDTC": "2024-05-01"}]) == [
        "warning DM: USUBJID X-1: DTHFL: must be Y where DTHDTC is given, got nothing"
    ]
    assert found(AE=[EVENT | {"AEOUT": "FATAL"}]) == [
        "warning AE: USUBJID X-1, AESEQ 1: AEOUT: must be of a subject whose DTHFL is Y, "
        "got a death"
    ]


def test_nothing_begins_after_death():
    died = SUBJECT | {"DTHFL": "Y", "DTHDTC": "2024-05-01"}
    assert found(DM=[died], AE=[EVENT | {"AESTDTC": "2024-05-02"}]) == [
        "warning AE: USUBJID X-1, AESEQ 1: AESTDTC: must not be after the death of the subject, "
        "got 2024-05-02"
    ]
