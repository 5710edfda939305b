import pytest

from cartrial.results.ars.selection import dataset_of, where


def said(source: str) -> list[str]:
    """The conditions of a source: `SAFFL EQ Y`."""
    found = where(source)
    clauses = found.get("compoundExpression", {}).get("whereClauses", [found])
    conditions = [clause["condition"] for clause in clauses if "condition" in clause]
    return [f"{c['variable']} {c['comparator']} {'/'.join(c['value'])}" for c in conditions]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("ADSL where SAFFL = Y", ["SAFFL EQ Y"]),
        ("ADAE where SAFFL, TRTEMFL and AESER = Y", ["SAFFL EQ Y", "TRTEMFL EQ Y", "AESER EQ Y"]),
        ("ADDLEV where RULETYP = DLT CLAUSE", ["RULETYP EQ DLT CLAUSE"]),
        ("ADTTE where PARAMCD in OS, OSITT", ["PARAMCD IN OS/OSITT"]),
        ("ADRS where PARAMCD = OVR or DOVR", ["PARAMCD IN OVR/DOVR"]),
        ("ADRS where PARAMCD = A, B or C", ["PARAMCD IN A/B/C"]),
        ("ADDL where DLTSTAT is not DLT or complete", ["DLTSTAT NOTIN DLT/complete"]),
        ("ADSL", []),
        ("ADPC, CARTG", []),
        ("ADTTE where PARAMCD = TTR, ADRS", []),  # two datasets, and not two values
        ("ADDLEV where AGREEFL = N or ADJAGRFL = N, or the days differ", []),
        ("ADLB, infused subjects", []),
    ],
)
def test_words_become_conditions_or_stay_words(source: str, expected: list[str]):
    assert said(source) == expected


def test_several_conditions_hold_together():
    found = where("ADAE where SAFFL and AESER = Y")
    assert found["compoundExpression"]["logicalOperator"] == "AND"


@pytest.mark.parametrize(
    ("source", "expected"),
    [("ADSL where SAFFL = Y", "ADSL"), ("ADPC, CARTG", "ADPC"), ("decisions", None)],
)
def test_the_dataset_is_the_first_that_is_named(source: str, expected: str | None):
    assert dataset_of(source) == expected
