import pytest

from cartrial.results.response.mrd import mrd
from tests.unit.results.made import cell, output, trial, who

ADSL = "SAFFL = Y\nTRT01AN = 1\nsubject\nA\nB\nC\nD"
ADRS = """
subject  PARAMCD  AVALC
A        OVR      sCR
A        CBOR     sCR
A        CRSP     Y
A        MRDNEG   Y
A        MRDSUST  Y
A        MRDIMG   -
B        CBOR     CR
B        MRDNEG   N
C        CBOR     CR
C        MRDNEG   -
D        CBOR     PR
D        MRDNEG   N
"""


def made():
    return output(mrd(trial(ADSL=ADSL, ADRS=ADRS)), "mrd")


def test_negativity_is_of_all_infused_and_of_those_in_cr_whose_mrd_is_known():
    table = made()
    whole = cell(table, "MRD negative, of all infused")
    assert (whole["n"], whole["of"]) == (1, 4)
    among = cell(table, "MRD negative, of those with CR or better and MRD known")
    # A and B; 1 of 2: limits 1 - 0.975^(1/2) and 0.975^(1/2)
    assert (among["n"], among["of"]) == (1, 2)
    assert among["upper"] == pytest.approx(100 * 0.975**0.5)


def test_who_was_not_assessed_is_not_negative_and_is_counted_as_unknown():
    assert who(made(), "MRD not known, of all infused") == "C"
    assert who(made(), "Sustained for 365 days or more, of all infused") == "A"
    assert who(made(), "Negative by PET-CT too, of all infused") == ""


def test_the_sensitivity_is_named():
    assert made().output.footnotes[0] == (
        "Negative counts by an assay with a sensitivity of 10⁻⁵ or finer while in complete "
        "response or better."
    )


def test_nothing_is_shown_where_mrd_was_not_collected():
    rows = "\n".join(line for line in ADRS.splitlines() if "MRD" not in line)
    assert mrd(trial(ADSL=ADSL, ADRS=rows)) == ()
