"""A trial design domain from plain rows: identified, in the order of its key."""

from collections.abc import Sequence
from typing import Any, TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import code_of, dtypes, in_key_order

T = TypeVar("T", bound=s.Table)


def trial_table(domain: type[T], study: Study, rows: Sequence[dict[str, Any]]) -> s.DataFrame[T]:
    """The domain of rows that name only the variables they fill."""
    known = [{"STUDYID": study.id, "DOMAIN": code_of(domain), **row} for row in rows]
    frame = pl.DataFrame(known, schema=dtypes(domain), orient="row")
    return domain.cast(in_key_order(domain, frame))
