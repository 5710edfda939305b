"""The times to event of many subjects at once against the story of each, told slowly."""

import datetime as dt
from dataclasses import dataclass

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cartrial import schema as s
from cartrial.adam.response.courses import Courses, Published, Recorded
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared
from cartrial.adam.survival.adtte import derive_adtte
from cartrial.protocol.read import packaged_study
from cartrial.response.confirmation import judge
from cartrial.response.judged import Overall
from cartrial.response.mrd import MrdStatus
from cartrial.response.sample import FollowUp

STUDY = packaged_study()
DAY_0 = dt.date(2024, 1, 10)
# the planned response assessments of the study, and the last days of their windows
PLANNED = (28, 61, 91, 122, 152, 183, 274, 365, 457, 548, 639, 730)
OVER = (31, 68, 98, 129, 159, 197, 288, 379, 485, 576, 667, 758)


@dataclass(frozen=True)
class Story:
    """What happened to one subject, in days from the infusion; every PD was seen by imaging."""

    assessed: dict[int, str]
    alive: int
    died: bool
    therapy: int | None

    @property
    def progression(self) -> int | None:
        return min((day for day, found in self.assessed.items() if found == "PD"), default=None)

    @property
    def death(self) -> int | None:
        return self.alive if self.died else None

    def adequate(self, until: float) -> int:
        """The day of the last adequate assessment up to a day; without one, of the infusion."""
        known = [day for day, found in self.assessed.items() if found != "NE" and day <= until]
        return max(known, default=0)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    days = draw(st.sets(st.integers(1, 400), max_size=7))
    found = st.sampled_from(["NE", "SD", "PR", "CR", "PD"])
    alive = max(days, default=0) + draw(st.integers(1, 200))
    therapy = draw(st.none() | st.sampled_from(sorted(days) or [28]) | st.integers(1, alive))
    return Story({day: draw(found) for day in sorted(days)}, alive, draw(st.booleans()), therapy)


def as_registered(story: Story) -> tuple[int, int]:
    """The time of PFS, and whether it is censored."""
    events = [day for day in (story.progression, story.death) if day is not None]
    return (min(events), 0) if events else (story.adequate(story.alive), 1)


def as_the_fda(story: Story) -> tuple[int, int]:
    """Likewise; what follows new therapy or two missed assessments is no event."""
    until = float("inf") if story.therapy is None else story.therapy
    before = until if story.progression is None else min(until, story.progression - 1)
    last = story.adequate(before)
    event, censored = as_registered(story)
    if censored or event > until or missed(story, last, event) > 1:
        return last, 1
    return event, 0


def missed(story: Story, last: int, event: int) -> int:
    """How many planned assessments lie between, of a death those alone that are over by then."""
    if event == story.progression:
        return place(event) - place(last) - 1
    return sum(end < event for end in OVER) - place(last)


def place(day: int) -> int:
    """Which planned assessment is nearest, the earlier of two; 0 is the infusion."""
    return min(range(13), key=lambda number: abs((0, *PLANNED)[number] - day))


def derived(told: list[Story]) -> pl.DataFrame:
    """ADTTE of the subjects, in their order."""
    people = [
        {
            "STUDYID": STUDY.id,
            "USUBJID": f"{who:03}",
            "SAFFL": "Y",
            "TRTSDT": DAY_0,
            "NACTDT": on(story.therapy),
            "DTHFL": "Y" if story.died else None,
            "DTHDT": on(story.death),
            "LSTALVDT": on(story.alive),
        }
        for who, story in enumerate(told)
    ]
    bounds = [
        {"subject": f"{who:03}", "infused": DAY_0, "new_therapy": on(story.therapy)}
        | {"died": story.died, "death": on(story.death), "died_of_disease": False}
        for who, story in enumerate(told)
    ]
    seen = [
        {"subject": f"{who:03}", "on": on(day), "number": day, "response": found}
        | {"by_imaging": found == "PD"}
        for who, story in enumerate(told)
        for day, found in story.assessed.items()
    ]
    adsl = declared(Adsl, pl.DataFrame(people, schema_overrides=s.empty(Adsl).schema), ())
    follow_up = FollowUp.cast(pl.DataFrame(bounds, schema=s.empty(FollowUp).schema))
    judged = judge(Overall.cast(pl.DataFrame(seen, schema=s.empty(Overall).schema)), follow_up)
    unread = Recorded(pl.DataFrame(), pl.DataFrame(), pl.DataFrame(), pl.DataFrame())
    nothing = (s.empty(Published), s.empty(MrdStatus), unread)
    courses = Courses(follow_up, judged, judged.clear(), judged, None, *nothing)
    return derive_adtte(STUDY, adsl, courses, by_visit=True, by_death=True, by_therapy=True)


def on(day: int | None) -> dt.date | None:
    return None if day is None else DAY_0 + dt.timedelta(days=day)


@given(told=st.lists(stories(), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_every_time_is_that_of_the_story(told):
    times = derived(told)
    for code, story_of in (("PFS", as_registered), ("PFSFDA", as_the_fda)):
        found = times.filter(pl.col("PARAMCD") == code).select("AVAL", "CNSR").rows()
        assert found == [story_of(story) for story in told], code
