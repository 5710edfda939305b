"""Confirmation of response and of progression, from the overall responses of each subject.

    sCR to MR    confirmed when the investigator says so at the assessment, or by the next one (NE
                 skipped) when that is as good or better; when it is a lower response, the lower
                 one is confirmed; else it counts as SD
    SD           needs no confirmation
    PD           shown by imaging needs none; else it is confirmed when the investigator says so, or
                 the next assessment is PD too, or when nothing better was assessed before death of
                 the disease; an unconfirmed PD changes nothing
    NE           counts as nothing

An assessment after new therapy cannot confirm a response, but may confirm PD. Both are dated at the
first assessment of the uninterrupted run (NE skipped) that shows them.

The status at an assessment is what it counts as, or the status before it as far as this assessment
shows it too: the last of several CR is still a confirmed CR. NE and an unconfirmed PD keep the
status before; a confirmed PD stays. The best so far is the best status up to here; a confirmed PD
ends it.

The method `best so far` is that of the IMWG vignette of the R package admiralonco, for comparison:
the investigator's statements are not asked, the status at an assessment is the best so far, NE and
an unconfirmed PD before any status are the status NE, and what counts lies before the day of new
therapy.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the investigator's statement is about the assessment at which it is made. `No` at the one
that shows a response or PD first says nothing against the next one, which may confirm it; `no` at
the next one says that it does not. Where it says nothing, the criteria decide. A run of response
is one of PR or better. No largest interval between two assessments. An assessment of the day on
which new therapy started was made before it. Progression by clinical signs is confirmed as
laboratory progression is. Responses count up to the first confirmed PD and up to new therapy.
Oracle: R package admiralonco, method `best so far` (tests/oracle/admiralonco)
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.endpoints import Confirmation
from cartrial.response.judged import Judged, Overall, Shown
from cartrial.response.sample import FollowUp
from cartrial.response.scale import OBJECTIVE, RANK, RESPONSES
from cartrial.running import highest_so_far

NE, PD, SD, LEAST_CONFIRMABLE = RANK["NE"], RANK["PD"], RANK["SD"], RANK["MR"]
PD_IS_LAST = len(RESPONSES)  # above all, so that the best so far ends with it


def judge(
    overall: s.DataFrame[Overall],
    follow_up: s.DataFrame[FollowUp],
    *,
    method: Confirmation = "IMWG",
) -> s.DataFrame[Judged]:
    """The assessments after the infusion, by subject in the order of time, each judged."""
    about = follow_up.select("subject", "new_therapy", "died_of_disease")
    given = overall.join(about, on="subject", how="left", maintain_order="left").with_columns(
        _rank("response").alias("rank"),
        said=pl.col("confirmed") if method == "IMWG" else pl.lit(None, dtype=pl.Boolean),
    )
    ordered = given.sort("subject", "on").with_row_index("row")
    level = pl.when(pl.col("rank") == PD).then(_progression()).otherwise(_confirmed_response())
    evaluated = ordered.filter(pl.col("rank") != NE).select("row", level=level)
    whole = ordered.join(evaluated, on="row", how="left", maintain_order="left")
    counted = whole.with_columns(_counts(method).alias("counts"))
    stated = counted.with_columns(_status().alias("status"))
    named = stated.with_columns(_best_so_far(method).alias("best_so_far"))
    return Judged.cast(_named(named, method))


def progressions(judged: s.DataFrame[Judged]) -> s.DataFrame[Shown]:
    """The first assessment that shows confirmed PD, new therapy or not, of each who has one."""
    shown = judged.filter(pl.col("confirmed_as") == "PD")
    return Shown.cast(_first(shown).select(list(Shown.columns())))


def first_responses(judged: s.DataFrame[Judged], *, confirmed: bool) -> s.DataFrame[Shown]:
    """The first assessment that shows PR or better, confirmed or as assessed."""
    ranked = _ranked(judged, confirmed).with_columns(least=pl.lit(OBJECTIVE, dtype=pl.Int8))
    return Shown.cast(_start_of_run(ranked).select(list(Shown.columns())))


def best_responses(judged: s.DataFrame[Judged], *, confirmed: bool) -> s.DataFrame[Shown]:
    """The best response, confirmed or as assessed, of each with an assessment that counts."""
    ranked = _ranked(judged, confirmed)
    best = ranked.with_columns(least=pl.col("level").max().over("subject"))
    dated = _start_of_run(best).with_columns(_word("least").alias("response"))
    return Shown.cast(dated.select(list(Shown.columns())))


# ---------------------------------------------------------------- one assessment and the next
def _confirmed_response() -> pl.Expr:
    """What a response other than PD counts as, as a rank."""
    rank, after = pl.col("rank"), _next("rank")
    in_time = (_next("on") <= pl.col("new_therapy")).fill_null(True)
    confirms = (after >= LEAST_CONFIRMABLE) & in_time & _next("said").ne_missing(False)
    return (
        pl.when((rank < LEAST_CONFIRMABLE) | pl.col("said").fill_null(False))
        .then(rank)
        .when(confirms)
        .then(pl.min_horizontal(rank, after))
        .otherwise(pl.lit(SD, dtype=pl.Int8))
    )


def _progression() -> pl.Expr:
    """PD where it is confirmed, else null.

    A PD that is said not to be confirmed confirms the one before it where it is confirmed itself,
    so it passes on the answer of the next one; after the last stands death of the disease.
    """
    shown = pl.col("by_imaging") | pl.col("said").fill_null(False)
    answer = (
        pl.when(pl.col("rank") != PD).then(False).when(shown | pl.col("said").is_null()).then(True)
    )
    died = pl.col("died_of_disease").fill_null(False)
    in_the_end = pl.when(~_goes_on()).then(died)
    later = pl.coalesce(answer, in_the_end).backward_fill().shift(-1)
    confirmed = pl.when(_goes_on()).then(later).otherwise(died)
    return pl.when(shown | confirmed).then(pl.lit(PD, dtype=pl.Int8))


def _next(column: str) -> pl.Expr:
    """The column at the next assessment of the subject."""
    return pl.when(_goes_on()).then(pl.col(column).shift(-1))


def _goes_on() -> pl.Expr:
    """Whether the subject has a next assessment."""
    return (pl.col("subject") == pl.col("subject").shift(-1)).fill_null(False)


# ---------------------------------------------------------------- the course
def _counts(method: Confirmation) -> pl.Expr:
    """Whether the assessment lies in the time in which responses count."""
    progressed = pl.when(pl.col("level") == PD).then("on").min().over("subject")
    on, therapy = pl.col("on"), pl.col("new_therapy")
    before = on < therapy if method == "best so far" else on <= therapy
    return before.fill_null(True) & (on <= progressed).fill_null(True)


def _status() -> pl.Expr:
    """The rank of the confirmed status: how many levels, from PD on, are held.

    A level is held where the assessment counts as that much, and lost where it shows less.
    """
    level, kept = pl.col("level"), pl.col("level").is_null()
    held = [
        pl.when(kept)
        .then(None)
        .when(level >= least)
        .then(True)
        .when(pl.col("rank") < least)
        .then(False)
        for least in range(PD, len(RESPONSES))
    ]
    at_first = pl.when(pl.col("subject").is_first_distinct()).then(False)
    lasting = (pl.coalesce(now, at_first).forward_fill() for now in held)
    progressed = pl.col("row") >= pl.when(level == PD).then("row").min().over("subject")
    return pl.when(progressed).then(PD).otherwise(pl.sum_horizontal(lasting)).cast(pl.Int8)


def _best_so_far(method: Confirmation) -> pl.Expr:
    """The rank of the best status so far; that of PD is above all."""
    status = pl.col("level").fill_null(NE) if method == "best so far" else pl.col("status")
    counted = pl.lit(True) if method == "best so far" else pl.col("counts")
    taken = pl.when(pl.col("level") == PD).then(PD_IS_LAST).when(counted).then(status)
    return highest_so_far(taken.fill_null(NE), pl.col("subject"))


def _named(judged: pl.DataFrame, method: Confirmation) -> pl.DataFrame:
    """The ranks as words; rank 0 is no status yet."""
    best = pl.when(pl.col("best_so_far") == PD_IS_LAST).then(PD).otherwise("best_so_far")
    by_name = judged.with_columns(
        confirmed_as=_word("level"),
        is_confirmed=(pl.col("level") == pl.col("rank")).fill_null(False),
        status=_word("status"),
        best_so_far=best,
    ).with_columns(best_so_far=_word("best_so_far"))
    if method == "best so far":
        return by_name.with_columns(status="best_so_far")
    unknown = [pl.col(name).replace("NE", None) for name in ("status", "best_so_far")]
    return by_name.with_columns(unknown)


# ---------------------------------------------------------------- the first that shows it
def _ranked(judged: pl.DataFrame, confirmed: bool) -> pl.DataFrame:
    level = _rank("confirmed_as").fill_null(NE) if confirmed else _rank("response")
    counted = judged.filter("counts")
    return counted.with_columns(_rank("response").alias("rank"), level.alias("level"))


def _start_of_run(ranked: pl.DataFrame) -> pl.DataFrame:
    """The first assessment of the run of `least` or better, NE skipped, that leads to it."""
    reached = pl.when(pl.col("level") >= pl.col("least")).then("on").min().over("subject")
    until = ranked.with_columns(reached=reached).filter(pl.col("on") <= pl.col("reached"))
    lower = (pl.col("rank") != NE) & (pl.col("rank") < pl.col("least"))
    broken = pl.when(lower).then("on").max().over("subject")
    shows = (pl.col("rank") != NE) | (pl.col("least") == NE)
    run = until.with_columns(broken=broken).filter(
        shows & (pl.col("on") > pl.col("broken")).fill_null(True)
    )
    return _first(run)


def _first(ordered: pl.DataFrame) -> pl.DataFrame:
    return ordered.unique("subject", keep="first", maintain_order=True)


def _rank(column: str) -> pl.Expr:
    return pl.col(column).replace_strict(RANK, default=None, return_dtype=pl.Int8)


def _word(column: str) -> pl.Expr:
    names = dict(enumerate(RESPONSES))
    return pl.col(column).replace_strict(names, default=None, return_dtype=pl.String)
