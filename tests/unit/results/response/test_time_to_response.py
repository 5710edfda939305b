import pytest

from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.response.time_to_response import time_to_response
from tests.unit.results.made import cell, output, trial

ADSL = "SAFFL = Y\nTRT01AN = 1\nsubject  TRTSDT\nA  2025-01-01\nB  2025-01-01\nC  2025-01-01"
ADRS = """
subject  PARAMCD  AVAL  AVALC  ADAY
A        OVR      4     PR     28
A        CRSP     1     Y      28
A        CBOR     6     CR     91
B        CRSP     1     Y      60
B        CBOR     4     PR     60
C        CRSP     0     N      -
C        CBOR     2     SD     28
"""
ADTTE = "PARAMCD = TTR\nsubject  AVAL\nA  28\nB  60"


def test_first_and_best_response_are_those_of_the_responders():
    table = output(time_to_response(trial(ADSL=ADSL, ADRS=ADRS, ADTTE=ADTTE)), "time_to_response")
    first = cell(table, "First response, partial or better (months)")
    assert first["n"] == 2
    assert first["median"] == pytest.approx(44 / DAYS_PER_MONTH)
    best = cell(table, "Best response so far (months)")
    assert (best["min"], best["max"]) == pytest.approx((60 / DAYS_PER_MONTH, 91 / DAYS_PER_MONTH))


def test_a_responder_without_a_date_is_said():
    rows = ADTTE.rsplit("\n", 1)[0]
    table = output(time_to_response(trial(ADSL=ADSL, ADRS=ADRS, ADTTE=rows)), "time_to_response")
    assert "Without a date: 1 responder." in table.output.footnotes


def test_nothing_is_shown_without_a_response():
    assert time_to_response(trial(ADSL=ADSL, ADRS="subject  PARAMCD\nA  OVR")) == ()
