from cartrial.protocol.read import packaged_study
from cartrial.report.values import StudyValue, study_values

VALUES = {value.place: value for value in study_values(packaged_study())}


def test_each_value_carries_its_mark():
    assert VALUES["DLT › window"] == StudyValue("DLT › window", "84", "registered")
    assert VALUES["DLT › interim"] == StudyValue("DLT › interim", "28", "assumed")


def test_a_default_is_an_assumption_and_is_shown():
    assert VALUES["design › eliminate above"] == StudyValue(
        "design › eliminate above", "0.95", "assumed"
    )


def test_a_list_of_named_things_is_one_line_each():
    assert VALUES["schedule › visits › Baseline"].value == "day −6, before 2, after 0"
    assert VALUES["analytes › CAR+ T cells"].value == "method flow, unit cells/uL, LLOQ 1"


def test_a_list_of_plain_values_is_one_line():
    assert VALUES["endpoints › landmarks"].value == "6, 12, 18, 24"


def test_what_the_report_quotes_in_full_is_not_repeated():
    assert not [place for place in VALUES if place.startswith(("title", "purpose", "outcomes"))]
