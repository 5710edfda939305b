"""The packaged terminology and which codelists a variable has."""

import pytest

from cartrial.cdisc.terminology import Term, codelists_of, packaged
from cartrial.cdisc.terminology.codelist import from_table, to_table


def shorts(variable: str, parameter: str = "") -> list[str]:
    return [packaged().codelists[code].short for code in codelists_of(variable, parameter)]


def test_a_term_has_its_value_its_code_and_its_name():
    sex = packaged().codelists["C66731"]
    assert (sex.name, sex.short, sex.extensible) == ("Sex", "SEX", False)
    assert sex.terms["F"] == Term("F", "C16576", "Female")
    assert packaged().version == "2025-03-28"


def test_no_value_is_empty_and_na_is_a_word():
    assert all(value for one in packaged().codelists.values() for value in one.terms)
    assert set(packaged().codelists["C66742"].terms) == {"N", "NA", "U", "Y"}


def test_it_is_read_once():
    assert packaged() is packaged()


@pytest.mark.parametrize(
    ("variable", "parameter", "expected"),
    [
        ("SEX", "", ["SEX"]),
        ("LBTESTCD", "", ["LBTESTCD"]),
        ("FATESTCD", "", ["FATESTCD"]),
        ("AESER", "", ["NY"]),
        ("TSVAL", "TPHASE", ["TPHASE"]),
        ("TSVAL", "TITLE", []),
        ("DSDECOD", "PROTOCOL MILESTONE", ["PROTMLST"]),
        ("DSDECOD", "DISPOSITION EVENT", ["NCOMPLT"]),
        ("DSDECOD", "", ["PROTMLST", "OTHEVENT", "NCOMPLT"]),
        ("AETERM", "", []),
        ("TRTEMFL", "", ["NY"]),
        ("ASTDTF", "", ["DATEFL"]),
        ("ASTTMF", "", ["TIMEFL"]),
        ("DTYPE", "", ["DTYPE"]),
        ("EOSSTT", "", ["SBJTSTAT"]),
    ],
)
def test_the_codelists_of_a_variable(variable, parameter, expected):
    assert shorts(variable, parameter) == expected


def test_the_name_of_a_test_has_the_code_of_its_short_name():
    codes, names = (packaged().codelists[code].terms for code in ("C65047", "C67154"))
    assert names["Hemoglobin"].code == codes["HGB"].code


def test_the_compact_table_gives_the_same_codelists_again():
    again = from_table(to_table(packaged().codelists.values()).iter_rows())
    assert again == packaged().codelists
