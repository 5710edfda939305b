"""Subject Elements (SE): which part of the trial a subject was in, and from when to when.

From the forms: demographics, leukapheresis, lymphodepletion, infusion; participation ends by DM.

    SCRN  from consent          CART  from the first infusion
    APH   from leukapheresis    FU    from the day after an infusion
    LD    from the first dose   a retreatment is an unplanned element, UNPLAN

Source: SDTM Implementation Guide 3.4, section 5.3.
Reading: an element ends where the next starts, the last with the subject's participation. An
    element whose start is not known to the day has no record; the element before an infusion
    without a date has no end, nor has any after it.
"""

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics
from cartrial.forms.product import Infusion, Leukapheresis, Lymphodepletion
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.element import elements
from cartrial.sdtm.mapping import unique_subject
from cartrial.sdtm.records import finished
from cartrial.sdtm.study_day import calendar_day
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid, whole


class Se(s.Table):
    """Subject Elements (SE): which part of the trial a subject was in, and from when to when."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SESEQ = seq()
    ETCD = char("Element Code", "Req")
    ELEMENT = char("Description of Element")
    TAETORD = whole("Planned Order of Element within Arm", "number")
    EPOCH = epoch()
    SESTDTC = dtc("Start Date/Time of Element", "Req")
    SEENDTC = dtc("End Date/Time of Element", "Exp")
    SESTDY = dy("Study Day of Start of Element")
    SEENDY = dy("Study Day of End of Element")
    SEUPDES = char("Description of Unplanned Element")


UNPLANNED = "UNPLAN"
RETREATED = "Retreatment with the CAR-T product"


def to_se(study: Study, forms: Forms, subjects: pl.DataFrame) -> s.DataFrame[Se]:
    """The elements that each subject of DM passed through as SE."""
    planned = {
        element.code: (n, element.name, element.epoch)
        for n, element in enumerate(elements(study), start=1)
    }
    treated = planned["CART"][2]
    known = pl.DataFrame(
        [(code, *about, None) for code, about in planned.items()]
        + [(UNPLANNED, None, None, treated, RETREATED)],
        schema=("ETCD", "TAETORD", "ELEMENT", "EPOCH", "SEUPDES"),
        orient="row",
    )
    starts = _starts(study, forms).join(known, on="ETCD").filter(is_to_the_day("SESTDTC"))
    ordered = starts.sort("USUBJID", pl.col("SESTDTC").str.slice(0, 10), "TAETORD", "SESTDTC")
    ends = subjects.select("USUBJID", last="RFPENDTC")
    undated = _undated(study, forms)
    within = ordered.join(ends, on="USUBJID", how="left", maintain_order="left").join(
        undated, on="USUBJID", how="left", maintain_order="left"
    )
    following = pl.col("SESTDTC").shift(-1).over("USUBJID")
    last = pl.when(pl.col("undated").is_null()).then("last")
    ended = within.with_columns(SEENDTC=pl.coalesce(following, last))
    return finished(Se, study, forms, ended.drop("last", "undated"), ("SESTDTC", "TAETORD"))


def is_to_the_day(name: str) -> pl.Expr:
    """Whether a date is known to the day."""
    return pl.col(name).str.len_chars() >= 10


def _starts(study: Study, forms: Forms) -> pl.DataFrame:
    """When each subject's elements start."""
    who = unique_subject(study)
    first = pl.col("on").min().dt.strftime("%Y-%m-%d")
    infusions = forms.of(Infusion).select(who, "number", SESTDTC="at")
    after = calendar_day(pl.col("SESTDTC")) + pl.duration(days=1)
    parts = {
        "SCRN": forms.of(Demographics).select(who, SESTDTC="consented"),
        "APH": forms.of(Leukapheresis).group_by(who).agg(SESTDTC=first),
        "LD": forms.of(Lymphodepletion).group_by(who).agg(SESTDTC=first),
        "CART": infusions.filter(pl.col("number") == 1).drop("number"),
        UNPLANNED: infusions.filter(pl.col("number") > 1).drop("number"),
        "FU": infusions.select("USUBJID", SESTDTC=after.dt.strftime("%Y-%m-%d")),
    }
    return pl.concat(part.with_columns(ETCD=pl.lit(code)) for code, part in parts.items())


def _undated(study: Study, forms: Forms) -> pl.DataFrame:
    """The subjects of whom an infusion is not known to the day."""
    rows = forms.of(Infusion).filter(~is_to_the_day("at").fill_null(False))
    return rows.select(unique_subject(study), undated=True).unique("USUBJID")
