"""One cell as one field of a form."""

import pytest

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.bedside import VitalSigns
from cartrial.forms.enrolment import Demographics
from cartrial.forms.laboratory import CarTransgene
from cartrial.forms.myeloma import Mrd
from cartrial.forms.treatment import Medication
from cartrial.intake.plan.cell import LeftOut, Refused, check_zone, read_cell
from cartrial.intake.plan.model import Fill


def read(cell, table, name, **fill):
    column = next(column for column in s.columns(table) if column.name == name)
    return read_cell(cell, Fill(column="theirs", **fill), column)


@pytest.mark.parametrize(
    ("cell", "table", "name", "fill", "expected"),
    [
        ("98.6", VitalSigns, "temperature", {"unit": "°F"}, "37"),
        ("154", VitalSigns, "weight", {"unit": "lb"}, "69.85322498"),
        ("71.5", VitalSigns, "weight", {"unit": "kg"}, "71.5"),
        ("97 %", VitalSigns, "saturation", {}, "97"),
        ("12 450", CarTransgene, "copies", {}, "12450"),
        ("<50", CarTransgene, "status", {"take": "result"}, "below quantification"),
        ("12,450", CarTransgene, "status", {"take": "result"}, "value"),
        ("<50", CarTransgene, "lloq", {"take": "limit"}, "50"),
        ("98100", CarTransgene, "lloq", {"take": "limit"}, None),
        ("<50", CarTransgene, "copies", {"below": "empty"}, None),
        ("<50", CarTransgene, "copies", {"below": "half"}, "25"),
        ("<50", CarTransgene, "copies", {"below": "limit"}, "50"),
        ("<50", CarTransgene, "copies", {"below": "zero"}, "0"),
        ("m", Demographics, "sex", {"words": {"m": "male"}}, "male"),
        ("?", Demographics, "sex", {"words": {"?": "empty"}}, None),
        ("NA", Demographics, "age", {"empty": ("NA",)}, None),
        ("x", Demographics, "sex", {"otherwise": "unknown"}, "unknown"),
        ("2024-04-03 10:30", Mrd, "on", {}, "2024-04-03"),
        ("04/2024", Medication, "started", {}, "2024-04"),
        ("2024-04-03T08:00Z", VitalSigns, "at", {"clock": "Europe/Berlin"}, "2024-04-03T10:00"),
        (
            "2024-01-03T08:00+00:00",
            VitalSigns,
            "at",
            {"clock": "Europe/Berlin"},
            "2024-01-03T09:00",
        ),
        ("2024-04-03T08:00Z", VitalSigns, "at", {"clock": "as written"}, "2024-04-03T08:00"),
        (None, VitalSigns, "at", {}, None),
    ],
)
def test_a_cell(cell, table, name, fill, expected):
    assert read(cell, table, name, **fill) == expected


@pytest.mark.parametrize(
    ("cell", "table", "name", "fill", "must"),
    [
        ("few", VitalSigns, "pulse", {}, "be a number"),
        ("1.5", VitalSigns, "pulse", {"decimal": ","}, "be a number with a decimal comma"),
        ("<5", VitalSigns, "pulse", {}, "be a number (the plan can say what `below` counts as)"),
        (
            "5",
            VitalSigns,
            "pulse",
            {"unit": "mg/L"},
            "be in a unit that can be converted into beats/min, not mg/L",
        ),
        ("31/04/2024", Mrd, "on", {"dates": "day/month/year"}, "be a date as day/month/year"),
        ("03/04/2024", Mrd, "on", {}, "be a date whose order the plan says (`dates`)"),
        ("soon", Mrd, "on", {}, "be a date, such as 2024-04-03"),
        ("04/2024", Mrd, "on", {}, "be a complete date"),
        ("2024-04-03", VitalSigns, "at", {}, "be a date with its clock time"),
        (
            "2024-04-03T08:00Z",
            VitalSigns,
            "at",
            {},
            "have its time zone settled in the plan (`clock`)",
        ),
        (
            "weak",
            CarTransgene,
            "status",
            {"take": "result"},
            "be a number, a limit such as <50, or a word of the plan",
        ),
    ],
)
def test_a_cell_that_is_refused_says_what_it_must_be(cell, table, name, fill, must):
    assert read(cell, table, name, **fill) == Refused(must)


def test_a_word_can_leave_its_row_out():
    assert read("test", VitalSigns, "pulse", words={"test": "leave out"}) == LeftOut()


def test_a_zone_that_does_not_exist():
    with pytest.raises(DataError, match="clock: must be a time zone such as Europe/Berlin"):
        check_zone("Berlin")
