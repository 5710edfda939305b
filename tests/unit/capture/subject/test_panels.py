"""The panels of a small subject: where each mark stands, what it says, and which entry it opens.

From day -7 to day 30 there are 38 columns: day d stands at (d + 7.5) / 38 of the width.
"""

import datetime as dt
from itertools import pairwise

import pytest

from cartrial import pipeline
from cartrial.capture.subject.drawing.part import Point
from cartrial.capture.subject.panel import response
from tests.unit.capture.subject.conftest import SMALL, Small


def at(day: float) -> float:
    return round((day + 7.5) / 38 * 100, 2)


def test_car_stands_at_its_value_or_its_limit(small: Small) -> None:
    panel = small.panel("car_transgene")
    absent, below, value, not_done = panel.points
    assert [(p.x, p.shape) for p in panel.points] == [
        (at(0), "absent"), (at(3), "below"), (at(7), "dot"), (at(10), "not-done"),
    ]  # fmt: skip
    # ten to five thousand copies over the 172 pixels between 9 and 181
    assert (absent.y, value.y) == (181, 9)
    assert below.y == pytest.approx(181 - 172 * 0.69897 / 2.69897, abs=0.1)
    assert not_done.y > absent.y
    assert panel.unit == "copies/µg DNA"
    assert value.told == "BCMA/CD19 CAR transgene 5000 copies/µg DNA, 2025-03-08 (day 7)"
    assert "not detected" in absent.told
    assert "sample lost" in not_done.told
    assert [p.href for p in panel.points] == [small.href("car_transgene", n) for n in range(4)]
    assert {line.kind for line in panel.lines} == {"s1", "lloq", "lod"}
    assert len(panel.rows) == 4


def test_a_laboratory_value_has_the_grade_of_the_analysis(small: Small) -> None:
    panel = small.panel("lab-NEUT")
    low, missing = panel.points
    assert (low.x, low.kind, low.href) == (at(5), "g4", small.href("laboratory", 1))
    assert "0.3 10⁹/L (entered 300 /µL)" in low.told
    assert "grade 4" in low.told
    assert (missing.shape, missing.x) == ("not-done", at(6))
    assert "not done" in missing.told
    assert panel.notes == (
        "1 result without a full date, in the table alone",
        "1 result outside these days",
    )
    assert [row.cells[0] for row in panel.rows] == [
        "2025-02-20", "2025-03", "2025-03-06", "2025-03-07",
    ]  # fmt: skip


def test_the_shade_agrees_with_the_grade_of_each_mark(small: Small) -> None:
    panel = small.panel("lab-NEUT", "all")
    for point in panel.points:
        if point.kind == "ungraded":
            continue
        grades = [b.kind for b in panel.bands if b.y <= point.y < b.y + b.height]
        assert (grades or ["g0"]) == [point.kind]


def test_bands_do_not_overlap_and_grow_worse_downward(small: Small) -> None:
    bands = small.panel("lab-NEUT", "all").bands
    assert [band.kind for band in bands] == ["g1", "g2", "g3", "g4"]
    for above, under in pairwise(bands):
        assert above.y + above.height == under.y


def test_a_day_of_crs_shows_its_worst_assessment(small: Small) -> None:
    panel = small.panel("crs")
    derived = [bar for bar in panel.bars if bar.kind == "g1"]
    least = [bar for bar in panel.bars if bar.kind == "least"]
    recorded = [bar for bar in panel.bars if bar.kind == "recorded"]
    # day 2: the evening, at least grade 1 and up to 2; day 3: up to 4, recorded as 3
    assert [bar.href for bar in derived] == [small.href("crs_assessment", n) for n in (1, 2)]
    assert [(bar.y, bar.height) for bar in derived] == [(70, 14), (70, 14)]
    assert [(bar.y, bar.height) for bar in least] == [(56, 14), (28, 42)]
    assert [bar.y for bar in recorded] == [69, 41]
    assert all("at least grade 1" in bar.told for bar in derived)
    assert [word.text for word in panel.words] == ["≥1", "≥1"]
    assert len(panel.rows) == 3
    assert "Oxygen support" in panel.rows[2].cells[5]


def test_a_disagreement_is_marked_on_its_day() -> None:
    first = SMALL.index("grade=1\n")
    wrong = SMALL[:first] + SMALL[first:].replace("grade=1\n", "grade=4\n", 1)
    panel = Small(wrong).panel("crs")
    (mark,) = panel.points
    assert (mark.x, mark.label) == (at(2), "≠")
    assert "recorded as grade 4" in mark.told
    assert "1 recorded grade outside what the signs allow, marked ≠" in panel.notes


def test_an_event_is_a_bar_of_its_grades(small: Small) -> None:
    panel = small.panel("events")
    rash, two, four = panel.bars
    assert (two.x, two.width, two.kind) == (at(0.5), round(at(3.5) - at(0.5), 2), "g2")
    assert (four.x, four.kind, four.label) == (at(3.5), "g4", "4")
    assert four.x + four.width == pytest.approx(at(19.5), abs=0.02)
    assert [bar.href for bar in (two, four)] == [small.href("ae_grade", n) for n in (0, 1)]
    # a month without its day begins with its first day, and what lasts ends today
    assert (rash.x, rash.kind) == (at(-0.5), "ungraded ongoing")
    assert rash.x + rash.width == pytest.approx(100, abs=0.02)
    assert [word.text for word in panel.words] == ["rash · ongoing", "Neutrophil count decreased"]
    assert [tick.label for tick in panel.ticks] == ["–", "grade 4"]


def test_the_response_and_its_explanation_are_those_of_the_command(small: Small) -> None:
    analysis = small.known.analysis
    assert analysis is not None
    (course,) = pipeline.review_response(small.known.study, analysis.adam).courses
    panel = small.panel("response")
    theirs, ours = panel.points
    (visit,) = course.visits
    assert visit.derived is not None
    assert visit.derived.explanation
    assert visit.derived.explanation in ours.told
    assert panel.rows[0].cells[-1] == visit.derived.explanation
    assert (theirs.label, ours.label) == ("PR", visit.derived.response)
    assert theirs.href == small.href("response")
    assert ours.href == small.href("m_protein", 1)
    assert response.newest(course) == ("2025-03-29: PR, not confirmed", visit.derived.explanation)


def test_letters_of_responses_keep_apart() -> None:
    more = "\n".join(
        f"response on={dt.date(2025, 3, 2 + n)}, response={word}, confirmed=no"
        for n, word in enumerate(("SD", "MR", "PR", "VGPR", "CR", "PD"))
    )
    panel = Small(SMALL + more).panel("response")
    letters = [point for point in panel.points if point.y < 40 and point.label]
    assert len([point for point in panel.points if point.y < 40]) == 7
    assert all(b.x - a.x > 4 for a, b in pairwise(letters))


def test_treatment_and_stays(small: Small) -> None:
    (dose,) = small.panel("medication").points  # an hour is a mark, not a bar too thin to see
    assert dose.told == "Tocilizumab 8 mg/kg, 2025-03-04 09:00 to 2025-03-04 10:00"
    assert dose.href == small.href("medication")
    (platelets,) = small.panel("support").points
    assert (platelets.x, platelets.told) == (at(8), "Platelets 1 unit, 2025-03-09")
    (stay,) = small.panel("stays").bars
    assert (stay.x, stay.href) == (at(-1.5), small.href("hospital_stay"))
    marks = small.panel("treatment").points
    assert [mark.href for mark in marks] == [small.href("lymphodepletion"), small.href("infusion")]


def test_every_entry_of_a_panel_stands_in_its_table_and_opens_it(small: Small) -> None:
    course = small.course("all")
    for panel in (panel for group in course.groups for panel in group.panels):
        marks = {mark.href for mark in (*panel.points, *panel.bars)}
        rows = {row.href for row in panel.rows}
        beside = {small.href("response")} if panel.id == "response" else set()
        assert marks <= rows | beside, panel.id
        assert all(len(row.cells) == len(panel.columns) for row in panel.rows), panel.id
    every = {row.href for group in course.groups for panel in group.panels for row in panel.rows}
    shown = ("laboratory", "car_transgene", "m_protein", "crs_assessment", "adverse_event",
             "ae_grade", "medication", "transfusion", "hospital_stay", "infusion")  # fmt: skip
    for form in shown:
        assert {entry.href for entry in small.records[form]} <= every, form


def test_the_same_entries_make_the_same_drawing(small: Small) -> None:
    assert small.course("all").groups == Small(SMALL).course("all").groups


def test_no_mark_leaves_its_panel(small: Small) -> None:
    for zoom in ("30", "84", "all"):
        for panel in (panel for group in small.course(zoom).groups for panel in group.panels):
            for mark in (*panel.points, *panel.bars):
                width = 0 if isinstance(mark, Point) else mark.width
                assert 0 <= mark.x <= mark.x + width <= 100.02, (panel.id, mark)
                assert 0 <= mark.y <= panel.height, (panel.id, mark)
