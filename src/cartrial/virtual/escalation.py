"""The centre and its safety committee: who gets a place at which dose level, and when.

Candidates arrive, wait for a place, and are infused weeks after it is granted. The committee meets
every week and follows the design: `dosing.conduct.next_dose` on the DLT status of every subject as
it is documented on that day. The next cohort opens when the committee says so.
"""

from dataclasses import dataclass, field

from cartrial.dosing.conduct.next_dose import recommend, select_mtd
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.state import State
from cartrial.dosing.toxicity.dlt import Adjudication, Course, DltStatus, dlt_status
from cartrial.dosing.toxicity.proposal import ToxicityEvent
from cartrial.protocol.design import Design
from cartrial.protocol.study import Dlt, Study
from cartrial.virtual.candidate import Candidate, Stopped, arrive, days_to_next
from cartrial.virtual.event import Event
from cartrial.virtual.life import Life, live
from cartrial.virtual.scenario import Scenario

MEETING = 7  # days between meetings of the committee
VERDICT = 10  # days from a met clause, or a proposal, to the committee's verdict
LONGEST = 15_000  # days; a trial that takes longer is given up


@dataclass(frozen=True)
class Decided:
    """A decision of the committee."""

    day: int
    before: int
    after: int
    decision: str
    reason: str


@dataclass
class Trial:
    """The trial as it runs: its candidates, decisions, open places and barred levels."""

    study: Study
    scenario: Scenario
    seed: int
    wanted: int
    design: Design
    dlt: Dlt
    candidates: list[Candidate] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    level: int = 0
    places: int = 0
    barred: frozenset[int] = frozenset()
    expanding: bool = False
    over: bool = False

    @property
    def escalating(self) -> int:
        """How many subjects the escalation takes; others expand the dose it selects."""
        return min(self.wanted, self.study.subjects or self.wanted)

    @property
    def infused(self) -> list[Candidate]:
        """The infused, in the order of infusion."""
        done = [c for c in self.candidates if c.life is not None]
        return sorted(done, key=lambda c: (c.infused or 0, c.index))

    @property
    def coming(self) -> list[Candidate]:
        """Those with a place who are not infused yet."""
        return [
            c for c in self.candidates if c.granted is not None and not c.life and not c.stopped
        ]

    @property
    def waiting(self) -> list[Candidate]:
        """Those who wait for a place."""
        return [
            c for c in self.candidates if c.eligible and c.granted is None and c.stopped is None
        ]


def run_trial(study: Study, scenario: Scenario, seed: int, wanted: int) -> Trial:
    """The trial until as many as wanted are infused, or the committee ends it."""
    assert study.design is not None
    assert study.dlt is not None
    trial = Trial(study, scenario, seed, wanted, study.design, study.dlt)
    arrivals, due = 0, 0.0
    for day in range(LONGEST):
        while due <= day:
            _arrival(trial, arrivals, day)
            arrivals += 1
            due += days_to_next(scenario, seed, arrivals)
        _losses(trial, day)
        if day % MEETING == 0:
            _meet(trial, day)
        _grant(trial, day)
        _infuse(trial, day)
        if trial.over or len(trial.infused) >= wanted:
            break
    _close(trial, day)
    return trial


def status_on(trial: Trial, candidate: Candidate, day: int) -> DltStatus:
    """The DLT status of an infused candidate as documented on a day of the trial."""
    assert candidate.life is not None
    assert candidate.infused is not None
    since = day - candidate.infused
    doses = [level.dose for level in trial.study.doses.levels]
    return dlt_status(trial.dlt, course_on(candidate.life, since), doses=doses, cutoff=since)


def course_on(life: Life, since: int) -> Course:
    """What is known of a life `since` days after its infusion."""
    judged = adjudication(life)
    died = life.died if life.died is not None and life.died.day <= since else None
    gone = life.lost is not None and life.lost <= since
    return Course(
        level=life.level,
        given=life.given,
        events=tuple(
            _toxicity(number, event, since)
            for number, event in enumerate(life.events, start=1)
            if event.onset <= since and event.component_of is None
        ),
        adjudication=judged if judged is not None and judged.decided <= since else None,
        assessed=tuple(v.day for v in life.visits if v.day is not None and 0 <= v.day <= since),
        missed=tuple(v.planned for v in life.visits if v.day is None and v.planned <= since),
        left=life.lost if gone else None,
        new_therapy=life.new_therapy if (life.new_therapy or since + 1) <= since else None,
        death=died.day if died else None,
        death_cause=None if died is None else "disease" if died.cause == "myeloma" else "other",
    )


def adjudication(life: Life) -> Adjudication | None:
    """The committee's verdict on a life: on its DLT, else on what was proposed as one."""
    proposed = [
        (n, e) for n, e in enumerate(life.events, start=1) if e.proposed and e.met is not None
    ]
    if not proposed:
        return None
    number, event = min(proposed, key=lambda p: (not p[1].dose_limiting, p[1].met, p[0]))
    met = event.met or 0
    verdict = "DLT" if event.dose_limiting else "no DLT"
    return Adjudication(
        "DLT" if verdict == "DLT" else "no DLT",
        decided=met + VERDICT,
        number=number,
        met=met if event.dose_limiting else None,
        reason=event.clause,
    )


def _toxicity(number: int, event: Event, since: int) -> ToxicityEvent:
    open_ = event.proposed and event.met is not None and event.met > since
    return ToxicityEvent(
        number=number,
        onset=int(event.onset // 1),
        dlt="open" if open_ else "yes" if event.proposed else "no",
        met=None if open_ else event.met,
    )


def _arrival(trial: Trial, index: int, day: int) -> None:
    """A candidate consents, unless the waiting list is full."""
    if trial.over or len(trial.waiting) >= max(trial.scenario.waiting_list, trial.places):
        return
    if len(trial.infused) + len(trial.coming) >= trial.wanted:
        return
    number = len(trial.candidates) + 1
    candidate = arrive(trial.scenario, trial.seed, index, number=number, day=day)
    if not candidate.eligible:
        candidate.stopped = Stopped(candidate.decided, "other")
    trial.candidates.append(candidate)


def _losses(trial: Trial, day: int) -> None:
    """Those who wait too long, withdraw, or whose product fails; their place is free again."""
    for candidate in trial.waiting:
        if day - candidate.consented > candidate.patience:
            candidate.stopped = Stopped(day, "progression")
    for candidate in trial.coming:
        since = day - (candidate.granted or 0)
        left = candidate.making.withdraws
        if left is not None and since >= left.day:
            candidate.stopped = Stopped(day, left.reason)
        elif candidate.making.failed and since >= candidate.making.made:
            candidate.stopped = Stopped(day, "manufacturing failure")
        if candidate.stopped is not None:
            trial.places += 1


def _grant(trial: Trial, day: int) -> None:
    ready = [c for c in trial.waiting if c.decided <= day]
    for candidate in ready[: trial.places]:
        candidate.granted, candidate.granted_level = day, trial.level
        candidate.level = trial.level
        trial.places -= 1


def _infuse(trial: Trial, day: int) -> None:
    """Infusions of the day; the level is never above the one that the committee allows now."""
    for candidate in trial.coming:
        if day - (candidate.granted or 0) < candidate.making.infusion:
            continue
        level = min(candidate.level or trial.level, trial.level)
        planned = trial.study.doses.levels[level - 1].dose or 0.0
        candidate.infused, candidate.level = day, level
        candidate.life = live(
            trial.study,
            trial.scenario,
            trial.seed,
            candidate.index,
            person=candidate.person,
            level=level,
            given=round(planned * candidate.making.share, 2),
        )


def _meet(trial: Trial, day: int) -> None:
    """A meeting of the committee: mid-cohort it only ever lowers the dose or stops."""
    treated = len(trial.infused) + len(trial.coming)
    if trial.expanding or treated >= trial.wanted:
        return
    state = _state(trial, day)
    if treated >= trial.escalating:
        if not any(tally.open for tally in state.tallies()):
            _expand(trial, state, day)
        return
    rules = trial.study.rules.model_copy(update={"committee": False})  # this is the committee
    found = recommend(trial.design, trial.dlt, state, rules)
    trial.barred = found.eliminated
    lower = found.level is not None and found.level < trial.level
    running = bool(trial.places or trial.coming)
    if found.stop or lower or not (found.wait or running):
        _decide(trial, found, day)


def _expand(trial: Trial, state: State, day: int) -> None:
    """Everybody after the escalation is treated at the dose that it selected."""
    level = select_mtd(trial.design, trial.dlt, state)
    reason = f"escalation completed: dose level {level} selected"
    if level is None:
        reason = "escalation completed: no dose level is left"
    found = Recommendation(level, False, reason, trial.barred, trial.wanted)
    trial.expanding = True
    _decide(trial, found, day)


def _state(trial: Trial, day: int) -> State:
    patients = tuple(status_on(trial, c, day).patient(c.subject) for c in trial.infused)
    levels = len(trial.study.doses.levels)
    return State(levels, patients, trial.barred, trial.level if patients else None)


def _decide(trial: Trial, found: Recommendation, day: int) -> None:
    """Write the decision down, and open the places that it gives."""
    after = found.level or 0
    word = "escalate" if after > trial.level else "stay" if after == trial.level else "de-escalate"
    decision = "stop" if found.stop else word
    trial.decisions.append(Decided(day, trial.level, after, decision, found.reason))
    trial.level, trial.over = after, found.stop
    most = trial.wanted if trial.expanding else trial.escalating
    left = most - len(trial.infused) - len(trial.coming)
    trial.places = max(min(found.places - len(trial.coming), left), 0)


def _close(trial: Trial, day: int) -> None:
    """Those who are not infused when the trial is full or over are not infused at all."""
    for candidate in (*trial.waiting, *trial.coming):
        candidate.stopped = Stopped(day, "physician decision")
