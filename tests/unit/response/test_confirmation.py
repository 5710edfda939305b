"""Confirmation, in a line: `PR 28  CR 61` is PR on day 28 and CR on day 61 after the infusion.

After a response stand + where it was recorded as confirmed, - as not, ! as shown by imaging.
"""

import datetime as dt

import polars as pl
import pytest

from cartrial.response.confirmation import best_responses, first_responses, judge, progressions
from cartrial.response.judged import Overall
from cartrial.response.sample import FollowUp

INFUSED = dt.date(2024, 1, 1)


def overall(line, subject="001"):
    words = line.split()
    rows = [
        assessment(number, word, int(day)) | {"subject": subject}
        for number, (word, day) in enumerate(zip(words[::2], words[1::2], strict=True), start=1)
    ]
    return Overall.cast(pl.DataFrame(rows, schema=Overall.create_empty().schema))


def assessment(number, word, day):
    return {
        "on": on(day),
        "number": number,
        "response": word.rstrip("+-!"),
        "confirmed": {"+": True, "-": False}.get(word[-1]),
        "by_imaging": word.endswith("!"),
    }


def follow_up(subject="001", *, new_therapy=None, died_of_disease=False):
    known = {
        "subject": subject,
        "infused": INFUSED,
        "before": INFUSED,
        "new_therapy": new_therapy,
        "died": died_of_disease,
        "died_of_disease": died_of_disease,
    }
    return FollowUp.cast(pl.DataFrame([known], schema=FollowUp.create_empty().schema))


def judged(line, method="IMWG", **bounds):
    return judge(overall(line), follow_up(**bounds), method=method)


def on(day: int) -> dt.date:
    return INFUSED + dt.timedelta(days=day)


def day_of(shown) -> int | None:
    return None if shown.is_empty() else (shown["on"].item() - INFUSED).days


def best(found, *, confirmed):
    return best_responses(found, confirmed=confirmed)["response"].item()


@pytest.mark.parametrize(
    ("line", "unconfirmed", "confirmed"),
    [
        ("PR 28  PR 61", "PR", "PR"),
        ("PR 28  VGPR 61", "VGPR", "PR"),
        ("CR 28  PR 61", "CR", "PR"),
        ("CR 28  PR 61  CR 91", "CR", "PR"),
        ("CR 28  NE 61  CR 91", "CR", "CR"),
        ("PR 28", "PR", "SD"),
        ("PR 28  SD 61", "PR", "SD"),
        ("PR 28  PD 61", "PR", "SD"),
        ("SD 28", "SD", "SD"),
        ("NE 28", "NE", "NE"),
        ("PD! 28", "PD", "PD"),
        ("PD 28", "PD", "NE"),
        ("PD 28  PD 61", "PD", "PD"),
        ("PD! 28  CR 61  CR 91", "PD", "PD"),
        ("PR+ 28", "PR", "PR"),
        ("PR- 28  PR 61  PR 91", "PR", "PR"),
        ("PR- 28  PR- 61", "PR", "SD"),
        ("PR- 28  PR+ 61", "PR", "PR"),
        ("PR- 28  VGPR+ 61", "VGPR", "VGPR"),
        ("PR- 28  PR+ 61  CR- 91", "CR", "PR"),
        ("CR- 28  CR- 61  VGPR+ 91", "CR", "VGPR"),
        ("PR 28  PR- 61", "PR", "SD"),
    ],
)
def test_best_response(line, unconfirmed, confirmed):
    found = judged(line)
    assert best(found, confirmed=False) == unconfirmed
    assert best(found, confirmed=True) == confirmed


def test_without_an_assessment_there_is_no_best_response():
    assert best_responses(judged(""), confirmed=True).is_empty()


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PR 28  PR 61", 28),
        ("SD 28  PR 61  CR 91", 61),
        ("PR 28  SD 61  PR 91  PR 122", 91),
        ("MR 28  MR 61", None),
        ("PR 28", None),
        ("PD! 28  PR 61  PR 91", None),
        ("PR- 28  PR+ 61", 28),
        ("PR- 28  NE 61  VGPR+ 91", 28),
        ("MR- 28  PR- 61  VGPR- 91  VGPR+ 122", 61),
        ("PR- 28  SD 61  PR- 91  PR+ 122", 91),
        ("PR- 28  PD- 61  PR+ 91", 91),
        ("PR- 28  PR- 61", None),
    ],
)
def test_a_response_starts_at_the_first_assessment_that_shows_it_when_confirmed(line, day):
    assert day_of(first_responses(judged(line), confirmed=True)) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("CR 28  PD 61  PD 91", 61),
        ("CR 28  PD 61  NE 91  PD 122", 61),
        ("CR 28  PD 61  CR 91", None),
        ("CR 28  PD 61", None),
        ("CR 28  PD! 61", 61),
        ("CR 28  PD+ 61", 61),
        ("CR 28  PD- 61  PD 91", 61),
        ("CR 28  PD- 61  PD+ 91", 61),
        ("CR 28  PD- 61  NE 91  PD+ 122", 61),
        ("CR 28  PD- 61  PD- 91  PD+ 122", 61),
        ("CR 28  PD- 61  PD! 91", 61),
        ("CR 28  PD- 61  CR 91  PD+ 122", 122),
        ("CR 28  PD 61  PD- 91", None),
        ("CR 28  PD- 61", None),
        ("CR 28  PD 61  CR 91  PD 122  PD 152", 122),
    ],
)
def test_progression_is_dated_at_the_first_assessment_that_shows_it_when_confirmed(line, day):
    assert day_of(progressions(judged(line))) == day


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PR- 28  CR- 61  CR+ 91", 61),
        ("CR- 28  CR- 61  CR+ 91", 28),
        ("CR- 28  CR- 61  VGPR+ 91", 28),
        ("PR- 28  PR+ 61  SD 91  CR+ 122", 122),
    ],
)
def test_the_best_response_is_dated_at_the_first_assessment_that_shows_it(line, day):
    assert day_of(best_responses(judged(line), confirmed=True)) == day


@pytest.mark.parametrize("line", ["CR 28  PD 61", "CR 28  PD- 61", "CR 28  PD- 61  PD- 91"])
def test_death_of_the_disease_confirms_the_last_progression(line):
    assert day_of(progressions(judged(line, died_of_disease=True))) == 61
    recovered = judged("CR 28  PD 61  CR 91", died_of_disease=True)
    assert progressions(recovered).is_empty()


def test_a_response_after_new_therapy_neither_counts_nor_confirms():
    found = judged("PR 28  CR 61", new_therapy=on(40))
    assert best(found, confirmed=False) == "PR"
    assert best(found, confirmed=True) == "SD"


def test_what_the_investigator_confirms_after_new_therapy_is_no_response():
    found = judged("PR- 28  PR+ 61", new_therapy=on(40))
    assert first_responses(found, confirmed=True).is_empty()
    on_the_day = judged("PR- 28  PR+ 61", new_therapy=on(61))
    assert day_of(first_responses(on_the_day, confirmed=True)) == 28


def test_progression_seen_before_new_therapy_is_confirmed_after_it():
    found = judged("PR 28  PR 61  PD 91  PD 122", new_therapy=on(100))
    assert day_of(progressions(found)) == 91


def test_an_assessment_on_the_day_of_new_therapy_was_made_before_it():
    assert best(judged("PR 28  PR 61", new_therapy=on(61)), confirmed=True) == "PR"


@pytest.mark.parametrize(
    ("line", "status", "best_so_far"),
    [
        ("PR 28  PR 61", "PR PR", "PR PR"),
        ("PR 28  CR 61  CR 91", "PR CR CR", "PR CR CR"),
        ("PR 28  PR 61  CR 91", "PR PR PR", "PR PR PR"),
        ("CR 28  CR 61  VGPR 91", "CR CR VGPR", "CR CR CR"),
        ("CR 28  CR 61  SD 91  CR 122", "CR CR SD SD", "CR CR CR CR"),
        ("NE 28  PR 61  NE 91  PR 122", "- PR PR PR", "- PR PR PR"),
        ("PD 28  PR 61  PR 91", "- PR PR", "- PR PR"),
        ("CR 28  CR 61  PD 91  CR 122", "CR CR CR CR", "CR CR CR CR"),
        ("CR 28  CR 61  PD 91  PD 122  CR 152", "CR CR PD PD PD", "CR CR PD PD PD"),
        ("CR 28  CR 61  PD! 91", "CR CR PD", "CR CR PD"),
        ("PR+ 28  CR- 61", "PR PR", "PR PR"),
        ("PR- 28  PR- 61", "SD SD", "SD SD"),
    ],
)
def test_the_status_is_what_is_confirmed_at_each_assessment(line, status, best_so_far):
    found = judged(line)
    assert " ".join(one or "-" for one in found["status"]) == status
    assert " ".join(one or "-" for one in found["best_so_far"]) == best_so_far


def test_the_best_so_far_does_not_grow_after_new_therapy():
    found = judged("PR 28  PR 61  CR+ 91", new_therapy=on(70))
    assert found["best_so_far"].to_list() == ["PR", "PR", "PR"]


def test_the_method_best_so_far_asks_no_investigator_and_knows_no_fall():
    found = judged("PD 28  PR- 61  PR- 91  NE 122  SD 152", method="best so far")
    assert found["status"].to_list() == ["NE", "PR", "PR", "PR", "PR"]


def test_the_day_of_new_therapy_does_not_count_by_the_method_best_so_far():
    found = judged("PR 28  PR 61", method="best so far", new_therapy=on(61))
    assert found["counts"].to_list() == [True, False]
    assert found["confirmed_as"].to_list() == ["PR", "SD"]


def test_each_subject_is_judged_by_itself():
    lines = {"001": "CR 28  PD 61", "002": "PD 28  CR 61", "003": "", "004": "PR 28  PR 61"}
    together = pl.concat([overall(line, subject) for subject, line in lines.items()]).reverse()
    bounds = pl.concat([follow_up(subject, died_of_disease=subject == "002") for subject in lines])
    found = judge(Overall.cast(together), FollowUp.cast(bounds))
    for subject, line in lines.items():
        alone = judge(overall(line, subject), follow_up(subject, died_of_disease=subject == "002"))
        assert found.filter(pl.col("subject") == subject).equals(alone)
