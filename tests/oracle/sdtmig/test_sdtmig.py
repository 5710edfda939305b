"""Every domain and variable is named, ordered and typed as the guide has it.

Oracle: SDTM Implementation Guide 3.4, by the metadata of the CDISC Library (README.md).
"""

import csv
from pathlib import Path

import pytest

from cartrial import schema as s
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.guide import CLASSES, LABELS, STRUCTURES

HERE = Path(__file__).parent
NUMBERS = ("number", "count")
OF_THE_MODEL = {  # in SDTM 2.0, not in the guide's table of the domain
    "AE": {"AELNKID"},
    "BE": {"EPOCH", "BEDY"},
    "BS": {"EPOCH"},
    "CM": {"CMLNKID"},
    "CP": {"CPLLOQ"},
    "FA": {"FALNKID"},
    "MH": {"MHSTDY"},
}
LEFT_OUT = {"BE": {"VISITNUM"}, "BS": {"VISITNUM"}}


def rows(name):
    with (HERE / name).open() as file:
        return list(csv.DictReader(file))


VARIABLES = rows("variables.csv")


def guide(code):
    return {row["variable"]: row for row in VARIABLES if row["domain"] == code}


def ours(code):
    return [column for column in s.columns(DOMAINS[code]) if not column.supp]


def test_every_dataset_has_the_label_the_class_and_the_structure_of_the_guide():
    for row in rows("domains.csv"):
        code = row["domain"]
        assert (LABELS[code], CLASSES[code], STRUCTURES[code]) == (
            row["label"],
            row["class"],
            row["structure"],
        )


@pytest.mark.parametrize("code", DOMAINS)
def test_a_variable_has_the_label_the_core_and_the_kind_of_the_guide(code: str):
    known = guide(code)
    for column in ours(code):
        if column.name in known:
            kind = "Num" if column.kind in NUMBERS else "Char"
            told = known[column.name]
            expected = (told["label"], told["core"], told["kind"])
            assert (column.label, column.core, kind) == expected, column.name


@pytest.mark.parametrize("code", DOMAINS)
def test_variables_stand_in_the_order_of_the_guide(code: str):
    names = [column.name for column in ours(code)]
    known = [name for name in guide(code) if name in names]
    assert [name for name in names if name in known] == known
    assert set(names) - set(known) == OF_THE_MODEL.get(code, set())


@pytest.mark.parametrize("code", DOMAINS)
def test_what_the_guide_requires_or_expects_is_there(code: str):
    wanted = {name for name, row in guide(code).items() if row["core"] in ("Req", "Exp")}
    assert wanted - {column.name for column in ours(code)} == LEFT_OUT.get(code, set())
