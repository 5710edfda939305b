"""What the responses leave unsure, as findings: those that are not used, or not as they were."""

import polars as pl

from cartrial.adam.response.courses import Recorded
from cartrial.adam.summed import Tables, rows_of, summed
from cartrial.protocol.response_criteria import BEST_FIRST
from cartrial.schema import Finding

NOT_USED = "It is not used"


def response_findings(recorded: Recorded, tables: Tables) -> tuple[Finding | None, ...]:
    """The warnings on responses and MRD, in a fixed order."""
    about = tables["ADSL"].select("USUBJID", "TRTSDT", "DTHDT")
    responses = recorded.responses.join(about, on="USUBJID", maintain_order="left")
    return (
        _unreadable(responses),
        _undated(responses),
        _before_infusion(responses),
        _two_on_one_day(responses),
        _unconfirmed_progression(tables),
        _after_death(responses),
        *_mrd(recorded.mrd.rename({"subject": "USUBJID"})),
    )


def _unreadable(responses: pl.DataFrame) -> Finding | None:
    rows = responses.filter(pl.col("RESPONSE").is_null(), pl.col("RSSTAT").is_null())
    must = f"be one of {', '.join(BEST_FIRST)}"
    return summed("RS", rows, "RSSTRESC", must, "something else", NOT_USED)


def _undated(responses: pl.DataFrame) -> Finding | None:
    rows = responses.filter(pl.col("RESPONSE").is_not_null(), pl.col("ADT").is_null())
    return summed("RS", rows, "RSDTC", "be a complete date", "a part or nothing", NOT_USED)


def _before_infusion(responses: pl.DataFrame) -> Finding | None:
    rows = responses.filter(
        pl.col("ADT") <= pl.col("TRTSDT"), pl.col("RESPONSE").fill_null("NE") != "NE"
    )
    told = ", ".join(rows["RESPONSE"].unique().sort())
    must = "be after the infusion, to be a response to it"
    return summed("RS", rows, "RSDTC", must, f"{told} on its day or before it", NOT_USED)


def _two_on_one_day(responses: pl.DataFrame) -> Finding | None:
    day = ("USUBJID", "ADT")
    given = responses.select(*day, "RESPONSE").drop_nulls().unique()
    several = given.filter(pl.struct(day).is_duplicated())
    rows = several.group_by(day).agg(pl.col("RESPONSE").sort()).sort(day)
    told = " and ".join(rows["RESPONSE"][0]) if rows.height else ""
    must, remedy = "be one overall response a day", "The lower counts"
    return summed("RS", rows, "RSSTRESC", must, told, remedy, what="day")


def _unconfirmed_progression(tables: Tables) -> Finding | None:
    mine = (pl.col("PARAMCD") == "OVR", pl.col("AVALC") == "PD", pl.col("RSCONF") == "N")
    remedy = "It is no event, and is shown as unconfirmed"
    return summed("RS", rows_of(tables, "ADRS", *mine), "RSCONF", "be confirmed", "PD", remedy)


def _after_death(responses: pl.DataFrame) -> Finding | None:
    rows = responses.filter(pl.col("ADT") > pl.col("DTHDT"), pl.col("RESPONSE").is_not_null())
    return summed("RS", rows, "RSDTC", "be before death", "a later date", NOT_USED)


def _mrd(records: pl.DataFrame) -> tuple[Finding | None, ...]:
    strange = records.filter(pl.col("result").is_null())
    undated = records.filter(pl.col("result").is_not_null(), pl.col("on").is_null())
    must = "be negative, positive or not evaluable as result of MRD"
    part = "a part or nothing"
    return (
        summed("RS", strange, "RSSTRESC", must, "something else", NOT_USED),
        summed("RS", undated, "RSDTC", "be a complete date of MRD", part, NOT_USED),
    )
