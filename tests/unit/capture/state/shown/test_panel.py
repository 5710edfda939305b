"""What a record's page shows of the work on it."""

from collections.abc import Callable

from django.template.loader import render_to_string

from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.state.shown.panel import record_panel

Enter = Callable[..., int]


def test_a_panel_shows_query_verification_hold_and_signature(
    enter: Enter, people: dict[str, Account]
) -> None:
    first = enter("demographics", subject="001", age="60")
    place = {"subject": "001", "form": "demographics", "key": "[]"}
    with writing(people["monitor"].actor) as ledger:
        ledger.add("query open", **place, content={"field": "age", "text": "Is it 61?"})
        ledger.add("sdv", **place)
    with writing(people["investigator"].actor) as ledger:
        ledger.add("sign", subject="001", content={"meaning": "subject", "words": "I signed"})
    panel = record_panel("001", "demographics", "[]")
    assert (panel.is_verified, panel.is_signed, panel.hold) == (True, True, None)
    assert [query.text for query in panel.queries["age"]] == ["Is it 61?"]
    enter("demographics", base=first, reason="source", subject="001", age="61")
    with writing(people["data_manager"].actor) as ledger:
        ledger.add("freeze", subject="001", reason="clean")
    panel = record_panel("001", "demographics", "[]")
    assert (panel.is_verified, panel.is_signed) == (False, False)
    assert panel.hold is not None
    assert panel.is_signature_broken
    shown = render_to_string("capture/work/panel.html", {"panel": panel, "may": {"query": True}})
    for words in ("Age at consent", "Is it 61?", "signature broken", "frozen", "+00:00"):
        assert words in shown
