"""The episodes that the assessments show, matched with the adverse events of CRS and ICANS.

Reading: an event and an episode of the same subject and syndrome may be the same where their days
overlap, a day being allowed on either side; an event without a start or an end is open on that
side. The pair with the nearest onsets is matched first, and each is matched once: of a course with
two peaks that was recorded as one event, the other episode has no event. Of the grades that the
investigator wrote at the bedside the worst below 5 counts: a death is adjudicated.
"""

import datetime as dt

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import Adae
from cartrial.adam.adverse.grade import FATAL
from cartrial.forms.adverse import SYNDROMES
from cartrial.grading.episodes import derive_episodes

ALLOWED = dt.timedelta(days=1)  # between an event and its episode
EPISODE = ("USUBJID", "AECAT", "EPNO")


def matched_episodes(graded: pl.DataFrame, adae: s.DataFrame[Adae]) -> pl.DataFrame:
    """One record per episode of the graded assessments, with AESEQ and AENO of its event if any.

    ONSET, OVER and PEAK are moments; BEDSIDE is the worst grade at the bedside, SEEN when it was
    first given; GOESON says that the subject's last assessment has a sign, null where that is not
    settled.
    """
    columns = {"syndrome": "AECAT", "episode": "EPNO"}
    seen = graded.rename(columns).filter(pl.col("EPNO").is_not_null())
    found = derive_episodes(graded.rename({"USUBJID": "subject"}))
    episodes = found.rename(columns).select(
        "AECAT",
        "EPNO",
        USUBJID="subject",
        ONSET="onset",
        OVER="end",
        PEAK="peak",
        GOESON="ongoing",
        DTOXGRL="lowest",
        DTOXGRH="highest",
        DTOXGR="words",
    )
    at_peak = (*EPISODE, "PEAK")
    rules = seen.select(*EPISODE, PEAK="at", DTOXRULE="rule").unique(at_peak, keep="first")
    known = episodes.join(rules, on=at_peak, how="left").join(
        _at_the_bedside(seen), on=EPISODE, how="left"
    )
    return known.join(_pairs(adae, known), on=EPISODE, how="left").sort(EPISODE)


def _at_the_bedside(seen: pl.DataFrame) -> pl.DataFrame:
    graded = seen.filter(pl.col("grade") < FATAL).sort("at")
    worst = pl.col("grade") == pl.col("grade").max()
    return graded.group_by(EPISODE, maintain_order=True).agg(
        BEDSIDE=pl.col("grade").max(), SEEN=pl.col("at").filter(worst).first()
    )


def _pairs(adae: s.DataFrame[Adae], episodes: pl.DataFrame) -> pl.DataFrame:
    """Which event is which episode."""
    events = adae.filter(pl.col("AECAT").is_in(SYNDROMES))
    pairs = events.select("USUBJID", "AECAT", "AESEQ", "AENO", "ASTDT", "AENDT").join(
        episodes.select(*EPISODE, onset=pl.col("ONSET").dt.date(), over=pl.col("OVER").dt.date()),
        on=("USUBJID", "AECAT"),
    )
    begun = (pl.col("ASTDT") - ALLOWED <= pl.col("over")).fill_null(True)
    lasted = (pl.col("AENDT") + ALLOWED >= pl.col("onset")).fill_null(True)
    apart = (pl.col("ASTDT") - pl.col("onset")).abs()
    near = pairs.filter(begun, lasted).sort(apart, "USUBJID", "AESEQ", "EPNO", nulls_last=True)
    stands = pl.Series(_first_of_each(near), dtype=pl.Boolean)
    return near.filter(stands).select(*EPISODE, "AESEQ", "AENO")


def _first_of_each(pairs: pl.DataFrame) -> list[bool]:
    """Which pairs stand, in their order, when each event and each episode is taken once."""
    taken: set[tuple[str, str, str, int]] = set()
    stands = []
    keys = pairs.select("USUBJID", "AECAT", "AESEQ", "EPNO").iter_rows()
    for subject, syndrome, event, episode in keys:
        both = {(subject, syndrome, "event", event), (subject, syndrome, "episode", episode)}
        stands.append(not both & taken)
        taken |= both if stands[-1] else set()
    return stands
