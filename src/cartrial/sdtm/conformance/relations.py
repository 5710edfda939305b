"""What ties records together: subjects, sequence numbers, visits, elements, arms, qualifiers."""

from collections.abc import Iterator

import polars as pl

from cartrial.cdisc.rule import Breach
from cartrial.cdisc.xpt.write import LONGEST_LABEL
from cartrial.sdtm.conformance.tabulation import Tabulation, number
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.sdtm.file.supplemental import as_compared
from cartrial.sdtm.study_day import calendar_day

LONGEST_ARM = 20
QUALIFIER = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM")
DEATHS = (("DS", "DSDECOD", "DEATH"), ("AE", "AESDTH", "Y"), ("AE", "AEOUT", "FATAL"))


def subjects(data: Tabulation) -> Iterator[Breach]:
    """Subjects that DM does not have."""
    dm = data.frames.get("DM", pl.DataFrame(schema={"USUBJID": pl.String}))
    for name, frame in data.frames.items():
        if name != "DM" and "USUBJID" in frame.columns:
            given = frame.filter(pl.col("USUBJID").is_not_null())
            yield Breach(name, "USUBJID", given.join(dm, on="USUBJID", how="anti"))


def one_demographics(data: Tabulation) -> Iterator[Breach]:
    """Subjects with several records in DM."""
    dm = data.frames.get("DM")
    if dm is None:
        yield Breach("DM", got="no such dataset")
    else:
        yield Breach("DM", "USUBJID", dm.filter(pl.col("USUBJID").is_duplicated()))


def sequence(data: Tabulation) -> Iterator[Breach]:
    """Sequence numbers that stand twice, or are no whole numbers."""
    for name, frame, (seq,) in data.having("SEQ"):
        within = ["USUBJID", seq] if "USUBJID" in frame.columns else ["TSPARMCD", seq]
        if set(within) <= set(frame.columns):
            whole = (number(seq) > 0) & (number(seq) == number(seq).round(0))
            twice = pl.struct(within).is_duplicated()
            yield Breach(name, seq, frame.filter(twice | ~whole.fill_null(False)))


def visits(data: Tabulation) -> Iterator[Breach]:
    """Numbers of visits with several names, and names with several numbers."""
    for name, frame in data.domains.items():
        if {"VISITNUM", "VISIT"} <= set(frame.columns):
            pairs = frame.select("VISITNUM", "VISIT").unique(maintain_order=True).drop_nulls()
            several = pairs.filter(
                pl.col("VISITNUM").is_duplicated() | pl.col("VISIT").is_duplicated()
            )
            if several.height:
                rows = frame.join(several, on=["VISITNUM", "VISIT"], how="semi")
                yield Breach(name, "VISIT", rows)


def known_visits(data: Tabulation) -> Iterator[Breach]:
    """Visits of a subject that SV does not have."""
    sv = data.frames.get("SV", pl.DataFrame())
    if not {"USUBJID", "VISITNUM"} <= set(sv.columns):
        return
    for name, frame in data.domains.items():
        if {"USUBJID", "VISITNUM"} <= set(frame.columns) and name != "SV":
            given = frame.filter(pl.col("VISITNUM").is_not_null())
            rows = given.join(sv, on=["USUBJID", "VISITNUM"], how="anti")
            yield Breach(name, "VISITNUM", rows)


def arms(data: Tabulation) -> Iterator[Breach]:
    """Arms that TA does not have, codes that are too long, and names that differ."""
    dm, ta = (data.frames.get(name, pl.DataFrame()) for name in ("DM", "TA"))
    if {"ARMCD", "ARM"} <= set(dm.columns):
        yield Breach("DM", "ARMCD", dm.filter(pl.col("ARMCD").str.len_chars() > LONGEST_ARM))
        pairs = dm.select("ARMCD", "ARM").unique(maintain_order=True).drop_nulls()
        several = pairs.filter(pl.col("ARMCD").is_duplicated() | pl.col("ARM").is_duplicated())
        yield Breach("DM", "ARM", several, got="several names of one arm")
    if "ARMCD" in dm.columns and "ARMCD" in ta.columns:
        planned = dm.filter(pl.col("ARMCD").is_not_null())
        yield Breach("DM", "ARMCD", planned.join(ta, on="ARMCD", how="anti"))


def why_no_arm(data: Tabulation) -> Iterator[Breach]:
    """Subjects without an arm that do not say why."""
    dm = data.frames.get("DM", pl.DataFrame())
    if {"ARMCD", "ACTARMCD", "ARMNRS"} <= set(dm.columns):
        none = pl.col("ARMCD").is_null() | pl.col("ACTARMCD").is_null()
        yield Breach("DM", "ARMNRS", dm.filter(none & pl.col("ARMNRS").is_null()))


def reference_start(data: Tabulation) -> Iterator[Breach]:
    """First exposures in DM that are not those of EX."""
    dm, ex = (data.frames.get(name, pl.DataFrame()) for name in ("DM", "EX"))
    if not ({"USUBJID", "RFXSTDTC"} <= set(dm.columns) and "EXSTDTC" in ex.columns):
        return
    first = (
        ex.select("USUBJID", first=calendar_day(pl.col("EXSTDTC")))
        .drop_nulls()
        .group_by("USUBJID", maintain_order=True)
        .agg(pl.col("first").min())
    )
    both = dm.join(first, on="USUBJID", maintain_order="left")
    rows = both.filter(calendar_day(pl.col("RFXSTDTC")).ne_missing(pl.col("first")))
    yield Breach("DM", "RFXSTDTC", rows.drop("first"))


def start_of_the_treated(data: Tabulation) -> Iterator[Breach]:
    """Subjects with an actual arm and no reference start."""
    dm = data.frames.get("DM", pl.DataFrame())
    if {"ACTARMCD", "RFSTDTC", "RFXSTDTC"} <= set(dm.columns):
        treated = pl.col("ACTARMCD").is_not_null() & pl.col("RFXSTDTC").is_not_null()
        yield Breach("DM", "RFSTDTC", dm.filter(treated & pl.col("RFSTDTC").is_null()))


def epochs(data: Tabulation) -> Iterator[Breach]:
    """Epochs that no element of the subject has."""
    se = data.frames.get("SE", pl.DataFrame())
    if not {"USUBJID", "EPOCH"} <= set(se.columns):
        return
    for name, frame in data.domains.items():
        if {"USUBJID", "EPOCH"} <= set(frame.columns) and name != "SE":
            given = frame.filter(pl.col("EPOCH").is_not_null())
            yield Breach(name, "EPOCH", given.join(se, on=["USUBJID", "EPOCH"], how="anti"))


def dated_epochs(data: Tabulation) -> Iterator[Breach]:
    """Epochs whose elements do not hold the day on which the record starts."""
    se = data.frames.get("SE", pl.DataFrame())
    if not {"USUBJID", "EPOCH", "SESTDTC", "SEENDTC"} <= set(se.columns):
        return
    begins, ends = calendar_day(pl.col("SESTDTC")), calendar_day(pl.col("SEENDTC"))
    is_last = begins == begins.max().over("USUBJID")
    spans = se.select("USUBJID", "EPOCH", begins=begins, ends=pl.when(~is_last).then(ends))
    for name, frame in data.domains.items():
        date = next((d for d in (f"{name}STDTC", f"{name}DTC") if d in frame.columns), None)
        if name == "SE" or date is None or not {"USUBJID", "EPOCH"} <= set(frame.columns):
            continue
        dated = frame.with_row_index("\x00row").with_columns(
            calendar_day(pl.col(date)).alias("\x00day")
        )
        given = dated.filter(pl.col("EPOCH").is_not_null(), pl.col("\x00day").is_not_null())
        placed = given.select("\x00row", "\x00day", "USUBJID", "EPOCH").join(
            spans, on=["USUBJID", "EPOCH"]
        )
        day = pl.col("\x00day")
        within = (day >= pl.col("begins")) & (day <= pl.col("ends")).fill_null(True)
        apart = placed.group_by("\x00row").agg(within.any().alias("held")).filter(~pl.col("held"))
        rows = given.join(apart, on="\x00row", how="semi", maintain_order="left")
        yield Breach(name, "EPOCH", rows.drop("\x00row", "\x00day"))


def deaths(data: Tabulation) -> Iterator[Breach]:
    """Flags of death without a death, and deaths without the flag."""
    dm = data.frames.get("DM", pl.DataFrame())
    if not {"USUBJID", "DTHFL", "DTHDTC"} <= set(dm.columns):
        return
    told = [
        data.frames[name].filter(pl.col(column) == word)["USUBJID"]
        for name, column, word in DEATHS
        if {"USUBJID", column} <= set(data.frames.get(name, pl.DataFrame()).columns)
    ]
    dead = pl.col("DTHDTC").is_not_null()
    for subjects_told in told:
        dead |= pl.col("USUBJID").is_in(subjects_told.unique().implode())
    flagged = (pl.col("DTHFL") == "Y").fill_null(False)
    yield Breach("DM", "DTHFL", dm.filter(flagged != dead))


def elements(data: Tabulation) -> Iterator[Breach]:
    """Elements that do not begin where the one before ends."""
    se = data.frames.get("SE", pl.DataFrame())
    if {"USUBJID", "SESEQ", "SESTDTC", "SEENDTC"} <= set(se.columns):
        ordered = se.sort("USUBJID", number("SESEQ"))
        before = calendar_day(pl.col("SEENDTC")).shift().over("USUBJID")
        gap = calendar_day(pl.col("SESTDTC")) != before
        yield Breach("SE", "SESTDTC", ordered.filter(gap.fill_null(False)))


def qualifiers_of_records(data: Tabulation) -> Iterator[Breach]:
    """Supplemental qualifiers of a record that is not there."""
    for name, code, frame in data.qualifiers():
        parent = data.frames.get(code)
        if parent is None:
            yield Breach(name, "RDOMAIN", frame, got=f"no {code}")
            continue
        for idvar in frame["IDVAR"].unique().sort().to_list():
            mine = frame.filter(pl.col("IDVAR").eq_missing(idvar))
            if idvar is not None and idvar not in parent.columns:
                yield Breach(name, "IDVAR", mine, got="no such variable of the parent")
                continue
            key = ["USUBJID"] if idvar is None else ["USUBJID", "\x00value"]
            value = pl.lit(None) if idvar is None else as_compared(pl.col(idvar))
            known = parent.with_columns(value.alias("\x00value")).select(key)
            pointed = mine.with_columns(as_compared(pl.col("IDVARVAL")).alias("\x00value"))
            yield Breach(
                name, "IDVARVAL", pointed.join(known, on=key, how="anti").drop("\x00value")
            )


def one_qualifier(data: Tabulation) -> Iterator[Breach]:
    """Supplemental qualifiers that stand twice for a record."""
    for name, _, frame in data.qualifiers():
        yield Breach(name, "QNAM", frame.filter(pl.struct(QUALIFIER).is_duplicated()))


def qualifier_values(data: Tabulation) -> Iterator[Breach]:
    """Supplemental qualifiers without a value."""
    for name, _, frame in data.qualifiers():
        yield Breach(name, "QVAL", frame.filter(pl.col("QVAL").is_null()))


def qualifier_labels(data: Tabulation) -> Iterator[Breach]:
    """Labels of qualifiers that are too long, or several of one qualifier."""
    for name, _, frame in data.qualifiers():
        if "QLABEL" in frame.columns:
            pairs = frame.select("QNAM", "QLABEL").unique()
            several = pairs.filter(pl.col("QNAM").is_duplicated())["QNAM"].to_list()
            length = pl.col("QLABEL").str.len_chars()
            bad = pl.col("QNAM").is_in(several) | ~length.is_between(1, LONGEST_LABEL).fill_null(
                False
            )
            yield Breach(name, "QLABEL", frame.filter(bad))


def related_records(data: Tabulation) -> Iterator[Breach]:
    """Relations to a record that is not there."""
    relations = data.frames.get(RELREC, pl.DataFrame())
    if not {"RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID"} <= set(relations.columns):
        return
    pairs = relations.select("RDOMAIN", "IDVAR").unique(maintain_order=True)
    for code, idvar in pairs.iter_rows():
        mine = relations.filter(
            pl.col("RDOMAIN").eq_missing(code), pl.col("IDVAR").eq_missing(idvar)
        )
        parent = data.frames.get(code)
        if parent is None or idvar not in parent.columns:
            yield Breach(RELREC, "IDVAR", mine, got=f"no {idvar} in {code}")
            continue
        known = parent.select("USUBJID", as_compared(pl.col(idvar)).alias("\x00value"))
        given = mine.filter(pl.col("IDVARVAL").is_not_null())  # else it relates whole datasets
        pointed = given.with_columns(as_compared(pl.col("IDVARVAL")).alias("\x00value"))
        rows = pointed.join(known, on=["USUBJID", "\x00value"], how="anti")
        yield Breach(RELREC, "IDVARVAL", rows.drop("\x00value"))


def lone_relations(data: Tabulation) -> Iterator[Breach]:
    """Relations of one record alone."""
    relations = data.frames.get(RELREC, pl.DataFrame())
    if {"USUBJID", "RELID"} <= set(relations.columns):
        alone = ~pl.struct("USUBJID", "RELID").is_duplicated()
        yield Breach(RELREC, "RELID", relations.filter(alone))
