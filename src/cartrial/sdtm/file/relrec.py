"""Related Records (RELREC): which domains belong together, by the identifiers that they share.

    AE  FA   the grades of an event              TU  TR   a lesion and its measurements
    AE  CM   the treatment of an event           EX  EC   a dose as given and as planned
    PC  PP   concentrations and parameters

A relation is between datasets: each record on one side belongs to the records on the other whose
identifier is the same. RELREC is made from the domains when they are written; relations of other
systems are kept aside.

Source: SDTM Implementation Guide 3.4, section 8.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.cdisc.dataset import Dataset
from cartrial.sdtm.file.supplemental import in_full, keyed
from cartrial.sdtm.guide import LABELS

NAME = "RELREC"
COLUMNS = {
    "STUDYID": "Study Identifier",
    "RDOMAIN": "Related Domain Abbreviation",
    "USUBJID": "Unique Subject Identifier",
    "IDVAR": "Identifying Variable",
    "IDVARVAL": "Identifying Variable Value",
    "RELTYPE": "Relationship Type",
    "RELID": "Relationship Identifier",
}
KEY = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID")


@dataclass(frozen=True)
class Relation:
    """Two datasets and, for each, the identifier that they share, and ONE or MANY records of it."""

    left: tuple[str, str, str]
    right: tuple[str, str, str]

    @property
    def name(self) -> str:
        """The RELID."""
        return self.left[0] + self.right[0]


RELATIONS = (
    Relation(("AE", "AELNKID", "ONE"), ("CM", "CMLNKID", "MANY")),
    Relation(("AE", "AELNKID", "ONE"), ("FA", "FALNKID", "MANY")),
    Relation(("EX", "EXLNKID", "ONE"), ("EC", "ECLNKID", "MANY")),
    Relation(("PC", "PCGRPID", "MANY"), ("PP", "PPGRPID", "MANY")),
    Relation(("TU", "TULNKID", "ONE"), ("TR", "TRLNKID", "MANY")),
)


def related(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The relations that there are records for."""
    rows = [
        (study, domain, None, variable, None, kind, relation.name)
        for relation in RELATIONS
        for study in _studies(tables, relation)
        for domain, variable, kind in (relation.left, relation.right)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def related_records(tables: Mapping[str, pl.DataFrame], aside: pl.DataFrame | None) -> Dataset:
    """RELREC as the dataset that travels, with the relations of other systems."""
    own = related(tables)
    kept = own.clear() if aside is None else aside.select(own.columns)
    return Dataset(NAME, LABELS[NAME], keyed(COLUMNS, KEY), pl.concat([own, kept]))


def not_ours(tables: Mapping[str, pl.DataFrame], raw: pl.DataFrame) -> pl.DataFrame:
    """The relations of a file that the domains do not say themselves."""
    own = related(tables)
    return in_full(raw, COLUMNS).join(own, on=own.columns, how="anti", nulls_equal=True)


def _studies(tables: Mapping[str, pl.DataFrame], relation: Relation) -> list[str]:
    """The studies in which both sides have the same identifier of one subject."""
    sides = []
    for domain, variable, _ in (relation.left, relation.right):
        if domain not in tables:
            return []
        named = tables[domain].select("STUDYID", "USUBJID", id=variable)
        sides.append(named.drop_nulls().unique())
    shared = sides[0].join(sides[1], on=("STUDYID", "USUBJID", "id"), how="semi")
    return shared["STUDYID"].unique().sort().to_list()
