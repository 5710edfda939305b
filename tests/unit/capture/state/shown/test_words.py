"""Places and moments as a person reads them."""

from dataclasses import replace

import pytest

from cartrial.capture.ledger import centre
from cartrial.capture.state.act import Place
from cartrial.capture.state.shown.words import label, local, place_words


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(), "The trial"),
        (Place("001"), "001"),
        (
            Place("001", "vital_signs", '["2026-01-05T10:00"]'),
            "001 · Vital signs · 2026-01-05 10:00",
        ),
        (Place("001", "demographics", "[]"), "001 · Enrolment and demographics"),
        (Place("", "dose_decision", '["2"]'), "Dose decision · 2"),
        (Place("001", "demographics", "12"), "001 · Enrolment and demographics"),
        (Place("", "", "kim"), "kim"),
        (Place("001", "of_old", '["1"]'), "001 · of_old"),
    ],
)
def test_a_place_is_named_as_its_form_is(place: Place, expected: str) -> None:
    assert place_words(place).startswith(expected)


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("2026-01-05T10:00:00.000000Z", "2026-01-05 11:00 +01:00"),
        ("2026-07-05T22:30:00.000000Z", "2026-07-06 00:30 +02:00"),
        ("2026-10-25T00:30:00.000000Z", "2026-10-25 02:30 +02:00"),
        ("2026-10-25T01:30:00.000000Z", "2026-10-25 02:30 +01:00"),
        ("2026-03-29T00:59:59.000000Z", "2026-03-29 01:59 +01:00"),
        ("2026-03-29T01:00:00.000000Z", "2026-03-29 03:00 +02:00"),
    ],
)
def test_a_moment_is_shown_in_the_centre_s_time_with_its_offset(
    stamp: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    here = centre.deployment()
    monkeypatch.setattr(centre, "deployment", lambda: replace(here, time_zone="Europe/Madrid"))
    assert local(stamp) == expected


def test_a_field_has_its_label() -> None:
    assert label("demographics", "age") == "Age at consent"
    assert label("demographics", "") == "the whole record"
