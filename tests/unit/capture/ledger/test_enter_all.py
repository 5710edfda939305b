"""Many records at once: the same chain, the same records, and all of them or none."""

import time

import pytest

from cartrial.capture.ledger.fault import Conflict, Held
from cartrial.capture.ledger.models import Content, Entry, Record
from cartrial.capture.ledger.row import Row, read_row, rows_of
from cartrial.capture.ledger.verify import verify
from cartrial.capture.ledger.write import BATCH, SOFTWARE_ITSELF, writing
from cartrial.forms.bedside import VitalSigns

pytestmark = pytest.mark.django_db


def rows(number: int) -> list[Row]:
    made = []
    for minute in range(number):
        cells = {"subject": "001", "at": f"2026-01-{1 + minute // 1440:02}T{minute // 60 % 24:02}:"
                 f"{minute % 60:02}", "pulse": "80"}  # fmt: skip
        made.append(Row("vital_signs", "001", f'["{cells["at"]}"]', cells))
    return made


def test_what_is_entered_at_once_is_what_is_entered_one_by_one() -> None:
    one_by_one = rows(3)
    with writing(SOFTWARE_ITSELF) as ledger:
        for row in one_by_one:
            ledger.enter(row, base=0, reason="x")
    said = list(Content.objects.order_by("entry_id").values_list("text", flat=True))
    others = [Row(r.form, "002", r.key, {**r.cells, "subject": "002"}) for r in one_by_one]
    with writing(SOFTWARE_ITSELF) as ledger:
        assert ledger.enter_all(others, reason="x") == 3
    again = list(Content.objects.order_by("entry_id").values_list("text", flat=True))[3:]
    assert again == [str(text).replace('"001"', '"002"') for text in said]
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert verify().findings == ()


def test_thousands_are_entered_in_seconds_and_the_chain_is_whole() -> None:
    number = 2 * BATCH + 7
    begun = time.monotonic()
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.enter_all(rows(number), reason="x")
    assert time.monotonic() - begun < 30
    assert Record.objects.count() == number
    assert verify().findings == ()


def test_a_row_that_is_there_or_comes_twice_is_refused_with_all_others() -> None:
    first, second, third = rows(3)
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.enter_all([first])
    for given in ([second, first], [second, third, second]):
        with (
            pytest.raises(Conflict, match="must be a new record"),
            writing(SOFTWARE_ITSELF) as ledger,
        ):
            ledger.enter_all(given)
    assert Record.objects.count() == 1


def test_what_is_frozen_takes_none() -> None:
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.add("freeze", subject="001", reason="interim analysis")
    with pytest.raises(Held), writing(SOFTWARE_ITSELF) as ledger:
        ledger.enter_all(rows(2))
    assert Record.objects.count() == 0


def test_rows_of_a_frame_are_those_that_are_read_one_by_one() -> None:
    cells = {"subject": "001", "at": "2026-01-05 08:00", "temperature": "38.50"}
    row, _ = read_row("vital_signs", cells)
    assert row is not None
    import polars as pl

    from cartrial import schema as s

    frame = s.parse(VitalSigns, pl.DataFrame([cells]), place="x").frame
    assert rows_of("vital_signs", frame) == [row]
