"""What must be the same in two places: with ADSL, with SDTM, and between a code and its number."""

import re
from collections.abc import Iterator

import polars as pl

from cartrial.adam.conformance.analysis import (
    KEY,
    POPULATIONS,
    SUBJECTS,
    AnalysisData,
    pairs_with_several,
)
from cartrial.cdisc.rule import Breach

YES_ONLY = r"^(ANL\d\dFL|ABLFL|AOCC.*FL|DTHFL)$"
DATED = {"ASTDT": "STDTC", "AENDT": "ENDTC", "ADT": "DTC"}
DAY = 10  # characters of a complete date
ALIKE = 1e-9  # how far two numbers may lie apart that a file has rounded, as a fraction
OWN = ("ASEQ", "SRCDOM", "SRCVAR", "SRCSEQ", "WHYMISS")
PARENTS = {"AETERM": "AE", "CMTRT": "CM", "EXTRT": "EX", "MHTERM": "MH", "CETERM": "CE"}


def known_subjects(data: AnalysisData) -> Iterator[Breach]:
    """Subjects that ADSL does not have."""
    if KEY not in data.subjects.columns:
        return
    for name, frame in data.having(KEY):
        if name != SUBJECTS:
            yield Breach(name, KEY, frame.join(data.subjects, on=KEY, how="anti"))


def same_subjects(data: AnalysisData) -> Iterator[Breach]:
    """Subjects of ADSL that DM does not have."""
    dm = data.sdtm.get("DM")
    if dm is not None and KEY in data.subjects.columns:
        yield Breach(SUBJECTS, KEY, data.subjects.join(dm, on=KEY, how="anti"))


def variables_of_subjects(data: AnalysisData) -> Iterator[Breach]:
    """Variables of ADSL that have another value elsewhere."""
    if KEY not in data.subjects.columns:
        return
    about = data.subjects.unique(KEY)
    for name, frame in data.having(KEY):
        shared = [c for c in frame.columns if c in about.columns and c not in (KEY, *OWN)]
        if name == SUBJECTS or not shared:
            continue
        theirs = frame.select(KEY).join(
            about.select(KEY, *shared), on=KEY, how="left", maintain_order="left"
        )
        for column in shared:
            mine, other = _comparable(frame[column]), _comparable(theirs[column])
            if mine.dtype == other.dtype:
                yield Breach(name, column, frame.filter(mine.ne_missing(other)))
            else:
                yield Breach(name, column, got="another type")


def treatments(data: AnalysisData) -> Iterator[Breach]:
    """Treatments of records that their subject does not have in ADSL."""
    subjects = data.subjects.unique(KEY) if KEY in data.subjects.columns else data.subjects
    for column in ("TRTP", "TRTA"):
        of_periods = [c for c in subjects.columns if re.fullmatch(rf"TRT\d\d{column[-1]}", c)]
        for name, frame in data.having(KEY, column) if of_periods else ():
            known = subjects.select(KEY, pl.concat_list(of_periods).alias("\x00known"))
            beside = frame.join(known, on=KEY, maintain_order="left")
            other = ~pl.col(column).is_in(pl.col("\x00known"))
            yield Breach(name, column, beside.filter(other).drop("\x00known"))


def _comparable(values: pl.Series) -> pl.Series:
    """Values of which numbers are of one type."""
    return values.cast(pl.Float64) if values.dtype.is_numeric() else values


def flags(data: AnalysisData) -> Iterator[Breach]:
    """Flags that are something else than Y, N or empty."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            if column.endswith("FL") and frame[column].dtype == pl.String:
                yield Breach(name, column, frame.filter(~pl.col(column).is_in(("Y", "N"))))


def yes_flags(data: AnalysisData) -> Iterator[Breach]:
    """Flags of records that are something else than Y or empty."""
    for name, frame in data.tables.items():
        for column in frame.select(pl.col(YES_ONLY)).columns:
            yield Breach(name, column, frame.filter(pl.col(column) != "Y"))


def populations(data: AnalysisData) -> Iterator[Breach]:
    """Population flags of subjects that are empty."""
    for column in POPULATIONS:
        if column in data.subjects.columns:
            yield Breach(SUBJECTS, column, data.subjects.filter(pl.col(column).is_null()))


def numbers_of_codes(data: AnalysisData) -> Iterator[Breach]:
    """Variables whose number (N) or text (C) is not one to one with them."""
    for name, frame in data.tables.items():
        for column in frame.columns:
            number = f"{column}N"
            if number in frame.columns and frame[column].dtype == pl.String:
                yield Breach(name, number, pairs_with_several(frame, column, number))


def deaths(data: AnalysisData) -> Iterator[Breach]:
    """Dates of death of subjects that are not flagged as dead."""
    if {"DTHFL", "DTHDT"} <= set(data.subjects.columns):
        unsaid = pl.col("DTHDT").is_not_null() & pl.col("DTHFL").ne_missing("Y")
        yield Breach(SUBJECTS, "DTHFL", data.subjects.filter(unsaid))


def treated(data: AnalysisData) -> Iterator[Breach]:
    """Subjects with a first treatment that are not in the safety population."""
    if {"SAFFL", "TRTSDT"} <= set(data.subjects.columns):
        outside = pl.col("TRTSDT").is_not_null() & (pl.col("SAFFL") == "N")
        yield Breach(SUBJECTS, "SAFFL", data.subjects.filter(outside))


def sources(data: AnalysisData) -> Iterator[Breach]:
    """Sources that are no dataset, or no variable of it."""
    known = {**data.sdtm, **data.tables}
    for name, frame in data.having("SRCDOM"):
        pairs = [c for c in ("SRCDOM", "SRCVAR") if c in frame.columns]
        for told in frame.select(pairs).unique(maintain_order=True).drop_nulls("SRCDOM").to_dicts():
            domain, variable = told["SRCDOM"], told.get("SRCVAR")
            mine = pl.col("SRCDOM") == domain
            if domain not in known and (data.sdtm or domain.startswith("AD")):
                yield Breach(name, "SRCDOM", frame.filter(mine), got=f"no {domain}")
            elif domain in known and variable and variable not in known[domain].columns:
                rows = frame.filter(mine, pl.col("SRCVAR") == variable)
                yield Breach(name, "SRCVAR", rows, got=f"no {variable} in {domain}")


def source_records(data: AnalysisData) -> Iterator[Breach]:
    """Source records that are not there."""
    for name, frame in data.having(KEY, "SRCDOM", "SRCSEQ"):
        for domain in frame["SRCDOM"].drop_nulls().unique().sort().to_list():
            mine = frame.filter(pl.col("SRCDOM") == domain, pl.col("SRCSEQ").is_not_null())
            yield from _without_record(data, name, mine, domain, "SRCSEQ")


def source_values(data: AnalysisData) -> Iterator[Breach]:
    """Analysis values that are not the standard result of their source, in the same unit."""
    for name, frame in data.having(KEY, "AVAL", "AVALU", "SRCDOM", "SRCVAR", "SRCSEQ"):
        made = pl.col("DTYPE") if "DTYPE" in frame.columns else pl.lit(None)
        for domain in frame["SRCDOM"].drop_nulls().unique().sort().to_list():
            value, unit, seq = (f"{domain}{end}" for end in ("STRESN", "STRESU", "SEQ"))
            source = data.sdtm.get(domain, pl.DataFrame())
            if not {KEY, value, unit, seq} <= set(source.columns):
                continue
            mine = frame.filter(
                pl.col("SRCDOM") == domain, pl.col("SRCVAR") == value, made.is_null()
            ).with_columns(pl.col("SRCSEQ").cast(pl.Int64, strict=False).alias("\x00seq"))
            told = source.select(
                KEY,
                pl.col(seq).cast(pl.Int64, strict=False).alias("\x00seq"),
                pl.col(value).cast(pl.Float64, strict=False).alias("\x00told"),
                pl.col(unit).alias("AVALU"),
            )
            both = mine.join(told, on=[KEY, "\x00seq", "AVALU"], maintain_order="left")
            apart = (pl.col("AVAL") - pl.col("\x00told")).abs()
            wrong = apart > ALIKE * pl.col("\x00told").abs().clip(lower_bound=1.0)
            yield Breach(name, "AVAL", both.filter(wrong).drop("\x00seq", "\x00told"))


def parent_records(data: AnalysisData) -> Iterator[Breach]:
    """Sequence numbers of SDTM whose record is not there; records without theirs."""
    for name, frame in data.having(KEY):
        for word, domain in PARENTS.items():
            seq = f"{domain}SEQ"
            if word in frame.columns and seq not in frame.columns:
                yield Breach(name, seq, got="no such variable")
        for column in frame.columns:
            domain = column.removesuffix("SEQ")
            if len(domain) == 2 and column.endswith("SEQ") and domain in data.sdtm:
                given = frame.filter(pl.col(column).is_not_null())
                yield from _without_record(data, name, given, domain, column)


def imputed_dates(data: AnalysisData) -> Iterator[Breach]:
    """Dates that SDTM knows in part and that carry no flag, or carry one and are known."""
    for name, frame in data.having(KEY):
        for domain, seq in _parents(frame):
            parent = data.sdtm.get(domain, pl.DataFrame())
            for date, suffix in DATED.items():
                source, flag = f"{domain}{suffix}", f"{date}F"
                wanted = {date, seq} <= set(frame.columns)
                if wanted and {KEY, f"{domain}SEQ", source} <= set(parent.columns):
                    told = parent.select(KEY, **{seq: f"{domain}SEQ", "\x00told": source})
                    mine = frame if seq != "SRCSEQ" else frame.filter(pl.col("SRCDOM") == domain)
                    yield Breach(name, flag, _badly_flagged(mine, told, seq, date, flag))


def _parents(frame: pl.DataFrame) -> Iterator[tuple[str, str]]:
    """The domains whose records a dataset repeats, and the variable with their number."""
    for word, domain in PARENTS.items():
        if word in frame.columns:
            yield domain, f"{domain}SEQ"
    if {"SRCDOM", "SRCSEQ", "ADT"} <= set(frame.columns) and "CNSR" not in frame.columns:
        for domain in frame["SRCDOM"].drop_nulls().unique().sort().to_list():
            yield domain, "SRCSEQ"


def _badly_flagged(
    frame: pl.DataFrame, told: pl.DataFrame, seq: str, date: str, flag: str
) -> pl.DataFrame:
    whole = pl.col(seq).cast(pl.Int64, strict=False)
    both = frame.with_columns(whole).join(
        told.with_columns(whole), on=[KEY, seq], maintain_order="left"
    )
    part = pl.col("\x00told").cast(pl.String).str.len_chars() < DAY
    flagged = pl.col(flag).is_not_null() if flag in frame.columns else pl.lit(False)
    wrong = pl.col(date).is_not_null() & pl.col("\x00told").is_not_null() & (part != flagged)
    return both.filter(wrong).drop("\x00told")


def _without_record(
    data: AnalysisData, name: str, rows: pl.DataFrame, domain: str, column: str
) -> Iterator[Breach]:
    known = data.sdtm.get(domain, data.tables.get(domain))
    seq = "ASEQ" if domain.startswith("AD") else f"{domain}SEQ"
    if known is None or rows.is_empty() or seq not in known.columns:
        return
    there = known.select(KEY, pl.col(seq).cast(pl.Int64, strict=False).alias("\x00seq"))
    pointed = rows.with_columns(pl.col(column).cast(pl.Int64, strict=False).alias("\x00seq"))
    yield Breach(name, column, pointed.join(there, on=[KEY, "\x00seq"], how="anti").drop("\x00seq"))
