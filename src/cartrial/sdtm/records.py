"""From the records of several forms to one finished domain: order, sequence, study days.

Reading: where a form has no reason for what is missing, --REASND says NOT RECORDED; read back, that
    is no reason.
"""

from collections.abc import Sequence
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import (
    NOT_DONE,
    Findings,
    Record,
    as_domain,
    code_of,
    from_findings,
    from_records,
    to_findings,
    to_records,
)
from cartrial.sdtm.study_day import reference_starts, with_study_days

T = TypeVar("T", bound=s.Table)

NOT_RECORDED = "NOT RECORDED"


def made(study: Study, forms: Forms, mappings: Sequence[Record | Findings]) -> pl.DataFrame:
    """The records of each mapping, one below the other; a form may have several mappings."""
    parts = [
        to_records(mapping, study, forms.of(mapping.form))
        if isinstance(mapping, Record)
        else to_findings(mapping, study, forms.of(mapping.form))
        for mapping in mappings
    ]
    return pl.concat(parts)


def read_back(
    study: Study, records: pl.DataFrame, mappings: Sequence[Record | Findings]
) -> dict[type[s.Table], pl.DataFrame]:
    """The rows of each mapping's form; those of one form are put together."""
    found: dict[type[s.Table], pl.DataFrame] = {}
    given = pl.selectors.ends_with("REASND")
    records = records.with_columns(given.replace(NOT_RECORDED, None))
    for mapping in mappings:
        rows = (
            from_records(mapping, study, records)
            if isinstance(mapping, Record)
            else from_findings(mapping, study, records)
        )
        form = mapping.form
        found[form] = pl.concat([found[form], rows]) if form in found else rows
    return {form: rows.sort(s.key(form), nulls_last=True) for form, rows in found.items()}


def finished(
    domain: type[T], study: Study, forms: Forms, records: pl.DataFrame, order: Sequence[str]
) -> s.DataFrame[T]:
    """The domain: identified, with study days, numbered by subject in a fixed order.

    The order is by subject and `order`, then by all else, so that the order of the rows of the
    forms does not matter.
    """
    known = records.with_columns(
        pl.lit(study.id).alias("STUDYID"), pl.lit(code_of(domain)).alias("DOMAIN")
    )
    told = _with_reasons(code_of(domain), as_domain(domain, known))
    dated = with_study_days(domain, told, reference_starts(study, forms))
    first = ["USUBJID", *order]
    rest = [name for name in dated.columns if name not in first]
    sorted_ = dated.sort(first + rest, nulls_last=True)
    seq = f"{code_of(domain)}SEQ"
    if seq in sorted_.columns:
        sorted_ = sorted_.with_columns(
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("USUBJID").alias(seq)
        )
    return domain.cast(sorted_)


def _with_reasons(code: str, records: pl.DataFrame) -> pl.DataFrame:
    """The records with a reason wherever something was not done."""
    status, reason = f"{code}STAT", f"{code}REASND"
    if status not in records.columns or reason not in records.columns:
        return records
    lacking = (pl.col(status) == NOT_DONE) & pl.col(reason).is_null()
    return records.with_columns(
        pl.when(lacking).then(pl.lit(NOT_RECORDED)).otherwise(reason).alias(reason)
    )
