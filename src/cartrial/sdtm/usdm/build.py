"""How the objects of a study definition are made: an id each, its class, and codes for its terms.

Ids are counted by class in the order in which objects are made, so the same study has the same ids.
What the study does not tell has no field.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from cartrial.cdisc.terminology import Term, packaged
from cartrial.protocol.study import Study

Node = dict[str, Any]
CDISC = "http://www.cdisc.org"


class Build:
    """The definition of one study under construction."""

    def __init__(self, study: Study) -> None:
        """Start with nothing made."""
        self.study = study
        self.made: Counter[str] = Counter()

    def new(self, kind: str, **fields: Any) -> Node:
        """An object of a class; a field that is null or an empty list is left out."""
        self.made[kind] += 1
        told = {name: value for name, value in fields.items() if value is not None and value != []}
        return {"id": f"{kind}_{self.made[kind]}", **told, "instanceType": kind}

    def code(self, term: Term) -> Node:
        """A term of a codelist of CDISC."""
        return self.new(
            "Code",
            code=term.code,
            codeSystem=CDISC,
            codeSystemVersion=packaged().version,
            decode=term.name,
        )

    def published(self, codelist: str, value: str) -> Node:
        """The code of a term of SDTM terminology; one that it does not have is the study's own."""
        term = packaged().codelists[codelist].terms.get(value)
        return self.code(term) if term else self.own(value)

    def own(self, value: str) -> Node:
        """A term of this study, added to an extensible codelist."""
        version = self.study.versions[-1].version if self.study.versions else ""
        return self.new(
            "Code",
            code=value,
            codeSystem=f"Study {self.study.id}",
            codeSystemVersion=version,
            decode=value,
        )

    def alias(self, code: Node) -> Node:
        """A code where the model wants one that may have aliases."""
        return self.new("AliasCode", standardCode=code)

    def quantity(self, value: float, unit: str = "") -> Node:
        """A number with its unit, a term of SDTM's units or the study's own."""
        named = self.alias(self.published("C71620", unit)) if unit else None
        return self.new("Quantity", value=value, unit=named)


def linked(nodes: Sequence[Node]) -> list[Node]:
    """The same objects, each with the one before and the one after it."""
    for first, second in pairwise(nodes):
        first["nextId"] = second["id"]
        second["previousId"] = first["id"]
    return list(nodes)


def ids(nodes: Sequence[Node]) -> list[str]:
    """The ids of some objects."""
    return [node["id"] for node in nodes]
