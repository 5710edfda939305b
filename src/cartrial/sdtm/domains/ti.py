"""Trial Inclusion/Exclusion Criteria (TI).

From the study file.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.ie import criterion_code
from cartrial.sdtm.domains.trial import trial_table
from cartrial.sdtm.variable import char


class Ti(s.Table):
    """Trial Inclusion/Exclusion Criteria (TI)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    IETESTCD = s.text("Incl/Excl Criterion Short Name", private=False, primary_key=True, core="Req")
    IETEST = char("Inclusion/Exclusion Criterion", "Req")
    IECAT = char("Inclusion/Exclusion Category", "Req")


def to_ti(study: Study) -> s.DataFrame[Ti]:
    """The criteria of the study file as TI, all as inclusion criteria."""
    rows = [
        {"IETESTCD": str(n), "IETEST": criterion, "IECAT": "INCLUSION"}
        for n, criterion in enumerate(study.eligibility, start=1)
    ]
    table = trial_table(Ti, study, rows)
    return Ti.cast(table.with_columns(criterion_code(pl.col("IETESTCD")).alias("IETESTCD")))
