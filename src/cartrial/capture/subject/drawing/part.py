"""What a panel is drawn of: places across in percent of its width, places down in pixels.

So a panel is as wide as the screen lets it be, its letters and marks keep their size, and nothing
is fetched to draw it: SVG of the server's own, with a link and a sentence at every mark. (Vega
would be 900 kB to a phone at a bedside, its marks are no links, and it prints as the screen was.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

LABEL = 11  # pixels a line of letters needs
STRETCH = 1000  # the width that polylines are drawn on, and stretched from


@dataclass(frozen=True)
class Point:
    """A mark with its sentence, and the page of its entry; `shape` and `kind` are its look."""

    x: float
    y: float
    shape: str  # dot, below, absent-of, square, flat
    kind: str
    told: str
    href: str
    label: str = ""  # letters above it


@dataclass(frozen=True)
class Bar:
    """A stretch of time, or a column."""

    x: float
    width: float
    y: float
    height: float
    kind: str
    told: str
    href: str = ""
    label: str = ""  # a number within it


@dataclass(frozen=True)
class Line:
    """A line through points: `x,y x,y`, across in thousandths of the width."""

    points: str
    kind: str


@dataclass(frozen=True)
class Rule:
    """A line across the panel, with letters at its side."""

    y: float
    kind: str
    label: str = ""


@dataclass(frozen=True)
class Band:
    """A shade across the panel, with its number at its right end where it has room."""

    y: float
    height: float
    kind: str
    label: str = ""


@dataclass(frozen=True)
class Words:
    """Letters in the panel."""

    x: float
    y: float
    text: str
    kind: str = ""
    href: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the table beneath a panel: its cells, the first of which opens the entry."""

    cells: tuple[str, ...]
    href: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Panel:
    """A panel, with the table of all that it is made of."""

    id: str
    title: str
    unit: str = ""
    height: int = 0  # nothing is drawn where it is 0
    ticks: tuple[Rule, ...] = ()
    bands: tuple[Band, ...] = ()
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    points: tuple[Point, ...] = ()
    words: tuple[Words, ...] = ()
    key: tuple[tuple[str, str], ...] = ()  # looks and what they mean
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    empty: str = ""

    @property
    def named(self) -> str:
        """The panel for who cannot see it."""
        unit = f" in {self.unit}" if self.unit else ""
        return f"{self.title}{unit}: {len(self.points) + len(self.bars)} marks"


# ---------------------------------------------------------------- the scale upward
@dataclass(frozen=True)
class Scale:
    """Values upward, on a logarithm or evenly."""

    low: float
    high: float
    height: int
    is_log: bool = False
    pad: int = 9  # pixels above and below

    def y(self, value: float) -> float:
        """The place of a value, in pixels from the top; what lies outside stands at the edge."""
        low, high, at = self.low, self.high, min(max(value, self.low), self.high)
        if self.is_log:
            low, high, at = log10(low), log10(high), log10(at)
        room = self.height - 2 * self.pad
        return round(self.height - self.pad - (at - low) / (high - low) * room, 1)

    def value(self, y: float) -> float:
        """The value of a place; beyond the scale, that of its end."""
        room = self.height - 2 * self.pad
        part = min(max((self.height - self.pad - y) / room, 0.0), 1.0)
        if self.is_log:
            return self.low * float((self.high / self.low) ** part)
        return self.low + (self.high - self.low) * part

    @property
    def ticks(self) -> tuple[Rule, ...]:
        """Its marks, as many as have room."""
        values = _decades(self.low, self.high) if self.is_log else _even(self.low, self.high)
        kept: list[Rule] = []
        for value in values:
            rule = Rule(self.y(value), "", number(value))
            if not kept or kept[-1].y - rule.y >= LABEL + 3:
                kept.append(rule)
        return tuple(kept)


def scale_of(values: Sequence[float], height: int, *, is_log: bool) -> Scale:
    """The scale that holds these values; what is not above 0 lies at the foot of a logarithm."""
    if is_log:
        above = [value for value in values if value > 0] or [1.0]
        low, high = _step_below(min(above)), _step_above(max(above))
        return Scale(low, high if high > low else low * 10, height, True)
    high = max([*values, 0.0])
    return Scale(0.0, _step_above(high) if high > 0 else 1.0, height)


def close_scale_of(values: Sequence[float], height: int) -> Scale:
    """The even scale that begins near the lowest of these values, not at 0."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    step = _step_above((high - low or high or 1.0) / 3)
    low, high = floor(low / step) * step, ceil(high / step + 1e-9) * step
    return Scale(low, high if high > low else low + step, height)


def _step_below(value: float) -> float:
    power = 10.0 ** floor(log10(value) + 1e-9)
    return max(step for step in (1, 2, 5) if step * power <= value * (1 + 1e-9)) * power


def _step_above(value: float) -> float:
    power = 10.0 ** floor(log10(value) + 1e-9)
    return min(step for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-9)) * power


def _decades(low: float, high: float) -> list[float]:
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    narrow = high / low < 50
    steps = (1, 2, 5) if narrow else (1,)
    return [
        step * 10.0**power
        for power in powers
        for step in steps
        if low * 0.999 <= step * 10.0**power <= high * 1.001
    ]


def _even(low: float, high: float) -> list[float]:
    step = _step_above((high - low) / 5)
    return [low + part * step for part in range(floor((high - low) / step + 1e-9) + 1)]


def number(value: float) -> str:
    """A number as it is read: four digits that count, thousands apart."""
    if abs(value) >= 10_000:
        return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
    text = f"{value:.4g}"
    return f"{value:.8f}".rstrip("0").rstrip(".") if "e" in text else text


def line(places: Sequence[tuple[float, float]], kind: str) -> tuple[Line, ...]:
    """A line through places in percent and pixels; none through fewer than two."""
    if len(places) < 2:
        return ()
    return (Line(" ".join(f"{x * STRETCH / 100:g},{y:g}" for x, y in places), kind),)
