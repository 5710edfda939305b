"""Which records an analysis is of: the words of a result's source as a where clause of CDISC's.

    ADSL where SAFFL = Y                          SAFFL EQ Y
    ADAE where SAFFL, TRTEMFL and AESER = Y       three conditions, all of them
    ADTTE where PARAMCD in OS, OSITT              PARAMCD IN
    ADRS where PARAMCD = OVR or DOVR              PARAMCD IN
    ADDL where DLTSTAT is not DLT or complete     DLTSTAT NOTIN

Source: CDISC Analysis Results Standard 1.0, DataSubset and WhereClause
Reading: words of any other kind stay words, in the label of the subset.
"""

import re
from typing import Any

DATASET = re.compile(r"[A-Z][A-Z0-9]{1,7}")
WHERE = re.compile(r"(?P<dataset>[A-Z][A-Z0-9]{1,7}) where (?P<clause>.+)")
NAME, LIST = r"[A-Z][A-Z0-9]*", r"[A-Za-z][A-Za-z0-9, ]*"
CLAUSES = {
    re.compile(rf"(?P<names>{NAME}(?:(?:, | and ){NAME})*) = (?P<values>(?!.* or )[^=,]+)"): "EQ",
    re.compile(rf"(?P<names>{NAME}) in (?P<values>{LIST})"): "IN",
    re.compile(rf"(?P<names>{NAME}) = (?P<values>{LIST} or {LIST})"): "IN",
    re.compile(rf"(?P<names>{NAME}) is not (?P<values>{LIST})"): "NOTIN",
}
BETWEEN = re.compile(r", | or | and ")


def dataset_of(source: str) -> str | None:
    """The dataset that a source names first."""
    found = DATASET.match(source)
    return found[0] if found else None


def where(source: str) -> dict[str, Any]:
    """The condition, or the conditions, of a source; nothing where it says them in other words."""
    said = WHERE.fullmatch(source)
    if said is None:
        return {}
    matched = ((clause.fullmatch(said["clause"]), how) for clause, how in CLAUSES.items())
    found, comparator = next(((match, how) for match, how in matched if match), (None, ""))
    if found is None:
        return {}
    values = BETWEEN.split(found["values"])
    conditions = [
        {"dataset": said["dataset"], "variable": name, "comparator": comparator, "value": values}
        for name in BETWEEN.split(found["names"])
    ]
    if len(conditions) == 1:
        return {"condition": conditions[0]}
    clauses = [
        {"level": 2, "order": order, "condition": condition}
        for order, condition in enumerate(conditions, start=1)
    ]
    return {"compoundExpression": {"logicalOperator": "AND", "whereClauses": clauses}}
