"""A value that costs seconds is made once, and the former one is shown while it is made."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from cartrial.capture.dose.kept import Kept


def test_it_is_made_once_for_many_readers() -> None:
    kept: Kept[int, int] = Kept()
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return 7

    with ThreadPoolExecutor(32) as readers:
        found = list(readers.map(lambda _: kept.get(1, make), range(32)))
    assert (found, made) == ([7] * 32, [1])


def test_the_former_is_shown_while_the_new_one_is_made() -> None:
    kept: Kept[int, str] = Kept()
    assert kept.get(1, lambda: "old") == "old"
    begun, may_end = threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        assert may_end.wait(10)
        return "new"

    with ThreadPoolExecutor(1) as maker:
        making = maker.submit(kept.get_or_former, 2, slowly, lambda _: True)
        assert begun.wait(10)
        assert kept.get_or_former(2, lambda: "twice", lambda _: True) == "old"
        may_end.set()
        assert making.result() == "new"
    assert kept.get_or_former(2, lambda: "twice", lambda _: True) == "new"


def test_a_former_value_that_is_not_of_this_chain_is_never_shown() -> None:
    kept: Kept[int, str] = Kept()
    kept.get(1, lambda: "another trial")
    assert kept.get_or_former(2, lambda: "ours", lambda key: key != 1) == "ours"


def test_who_only_watches_has_the_former_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("cartrial.capture.dose.kept.monotonic", lambda: now[0])

    def in_two_seconds(value: str) -> Callable[[], str]:
        def make() -> str:
            now[0] += 2
            return value

        return make

    kept: Kept[int, str] = Kept()
    kept.get(1, in_two_seconds("old"))
    now[0] += 37.9
    assert kept.get_or_former(2, lambda: "new", lambda _: True, watches=True) == "old"
    assert kept.get_or_former(2, in_two_seconds("asked"), lambda _: True) == "asked"
    now[0] += 38.1
    assert kept.get_or_former(3, lambda: "new", lambda _: True, watches=True) == "new"


def test_a_fault_in_making_lets_the_next_reader_try() -> None:
    kept: Kept[int, str] = Kept()
    kept.get(1, lambda: "old")
    with pytest.raises(ZeroDivisionError):
        kept.get_or_former(2, lambda: str(1 / 0), lambda _: True)
    assert kept.get_or_former(2, lambda: "new", lambda _: True) == "new"
