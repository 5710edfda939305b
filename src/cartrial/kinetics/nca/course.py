"""The course of every subject: the samples, and what all parameters share of them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cartrial.kinetics.nca.area import Method, Steps, steps_of
from cartrial.kinetics.nca.blq import RULES, STANDARD, BlqRule, Curve, curve_by, until_run
from cartrial.kinetics.nca.profile import (
    Bools,
    Floats,
    Ints,
    Profiles,
    at_column,
    each_has,
    first_highest,
    last_where,
)
from cartrial.kinetics.nca.slope import FEWEST, Line, SlopeRule, line_through, terminal_line
from cartrial.kinetics.nca.value import Check, texts

WEEKS = 28.0  # days after the peak, of the contraction
NOTHING_SAMPLED = "no sample after infusion"
NOTHING_QUANTIFIABLE = "no quantifiable sample"


@dataclass(frozen=True)
class Setting:
    """How the parameters are computed."""

    method: Method = "lin-up-log-down"
    blq: BlqRule = RULES[STANDARD]
    slope: SlopeRule = field(default_factory=SlopeRule)


@dataclass(frozen=True)
class Course:
    """The samples of every subject under a setting."""

    given: Profiles
    setting: Setting = field(default_factory=Setting)

    @cached_property
    def profiles(self) -> Profiles:
        """The samples that count."""
        return until_run(self.given) if self.setting.blq.ends_at_run else self.given

    @cached_property
    def none(self) -> tuple[Check, ...]:
        """The checks that every parameter begins with: something sampled, something found."""
        found = each_has(self.profiles.quantified)
        sampled = found | each_has(self.profiles.time > 0)
        return ((~sampled, NOTHING_SAMPLED), (~found, NOTHING_QUANTIFIABLE))

    # ------------------------------------------------------------ where the peak and the ends are
    @cached_property
    def peak(self) -> Ints:
        """The column of the first highest sample."""
        return first_highest(self.profiles.value, self.profiles.quantified)

    @cached_property
    def tmax(self) -> Floats:
        """The day of the peak."""
        return at_column(self.profiles.time, self.peak)

    @cached_property
    def cmax(self) -> Floats:
        """The concentration at the peak."""
        return at_column(self.profiles.value, self.peak)

    @cached_property
    def last(self) -> Ints:
        """The column of the last quantifiable sample."""
        return last_where(self.profiles.quantified)

    @cached_property
    def tlast(self) -> Floats:
        """The day of the last quantifiable sample."""
        return at_column(self.profiles.time, self.last)

    @cached_property
    def clast(self) -> Floats:
        """The concentration of the last quantifiable sample."""
        return at_column(self.profiles.value, self.last)

    @cached_property
    def end(self) -> Floats:
        """The day of the last sample, whatever it said."""
        return at_column(self.profiles.time, last_where(self.profiles.sampled))

    # ------------------------------------------------------------ the curve
    @cached_property
    def curve(self) -> Curve:
        """The points that areas are made of."""
        return curve_by(self.setting.blq, self.profiles)

    @cached_property
    def steps(self) -> Steps:
        """The steps between the points."""
        return steps_of(self.curve, self.setting.method, self.tmax)

    @cached_property
    def to_last(self) -> Bools:
        """The steps up to the last quantifiable sample."""
        step = np.arange(self.steps.start.shape[1])
        return step < last_where(self.curve.quantified)[:, None]

    # ------------------------------------------------------------ up to the peak, and after it
    @cached_property
    def rise(self) -> Line:
        """The line from the lowest sample before the peak to the peak."""
        profiles, peak = self.profiles, self.peak[:, None]
        place = np.arange(profiles.time.shape[1])
        before = profiles.quantified & (place < peak)
        lowest = np.where(before, profiles.value, np.inf).min(axis=1, initial=np.inf)
        begins = last_where(before & (profiles.value == lowest[:, None]))[:, None]
        points = profiles.quantified & (begins >= 0) & (place >= begins) & (place <= peak)
        return line_through(profiles.time, profiles.value, points)

    @cached_property
    def falling(self) -> Bools:
        """The samples of the contraction, the peak among them."""
        since = self.profiles.time - self.tmax[:, None]
        return self.profiles.quantified & (since >= 0) & (since <= WEEKS)

    @cached_property
    def fall(self) -> Line:
        """The line of the contraction."""
        return line_through(self.profiles.time, self.profiles.value, self.falling)

    # ------------------------------------------------------------ the terminal slope
    @cached_property
    def terminal(self) -> Line:
        """The line of the terminal slope, believed or not."""
        profiles, rule = self.profiles, self.setting.slope
        tmax = self.tmax[:, None]
        late = profiles.time >= tmax if rule.with_peak else profiles.time > tmax
        points = profiles.quantified & late
        return terminal_line(profiles.time, profiles.value, points, rule.near)

    @cached_property
    def no_line(self) -> tuple[Check, ...]:
        """Why there is no line for the terminal slope."""
        profiles = self.profiles
        after = (profiles.quantified & (profiles.time > self.tmax[:, None])).sum(axis=1)
        if self.setting.slope.with_peak:
            after = after + 1
        few = after < FEWEST
        told = texts(few, f"{{n}} quantifiable after the peak, fewer than {FEWEST}", n=after)
        return ((few, told), (np.isnan(self.terminal.rate), "no falling line after the peak"))

    @cached_property
    def no_slope(self) -> tuple[Check, ...]:
        """Why there is no terminal slope, or why it is refused."""
        rule, line = self.setting.slope, self.terminal
        scattered = line.r2adj < rule.least_r2adj
        short = line.span < rule.least_span
        words = f"terminal slope refused: adjusted R2 {{found:.2f}} is below {rule.least_r2adj:g}"
        spans = f"terminal slope refused: {{found:.1f}} half-lives, fewer than {rule.least_span:g}"
        return (
            *self.no_line,
            (scattered, texts(scattered, words, found=line.r2adj)),
            (short, texts(short, spans, found=line.span)),
        )
