"""A value that costs seconds, made once in the process for each state of the ledger."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

RESTS = 19  # times as long as a value took to make, before those who only watch have it made anew


class Kept(Generic[K, V]):
    """The newest value and its key. One reader makes it; the others wait, or take the former."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._newest: tuple[K, V] | None = None
        self._rests_until = 0.0

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of a key, made where it is not there yet."""
        there = self._newest
        if there is not None and there[0] == key:
            return there[1]
        with self._making:
            return self._made(key, make)

    def get_or_former(
        self,
        key: K,
        make: Callable[[], V],
        is_usable: Callable[[K], bool],
        *,
        watches: bool = False,
    ) -> V:
        """The value of a key, or the former one while somebody else makes it.

        Who only watches has the former one for a while, so that making takes a twentieth of a core.
        """
        there = self._newest
        if there is None or not is_usable(there[0]):
            return self.get(key, make)
        if there[0] == key or (watches and monotonic() < self._rests_until):
            return there[1]
        if not self._making.acquire(blocking=False):
            return there[1]
        try:
            return self._made(key, make)
        finally:
            self._making.release()

    def _made(self, key: K, make: Callable[[], V]) -> V:
        there = self._newest
        if there is not None and there[0] == key:
            return there[1]
        began = monotonic()
        value = make()
        self._newest = (key, value)
        self._rests_until = monotonic() + RESTS * (monotonic() - began)
        return value
