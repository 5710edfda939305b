"""Adverse events of special interest after a CAR-T: which event belongs to which category.

    CRS, ICANS               the syndrome of the event, graded by ASTCT
    organ class, else term   as listed below; the CTCAE term and the dictionary term are both held
                             against the list, American and British spelling alike
    prolonged cytopenia      a listed term of grade 3 or more that was not over by day 30

Source: what labels and class reviews of CAR-T products single out; a choice of this project, which
    a protocol may narrow.
Reading: an event belongs to one category, the first of the list. A sign of a CRS or ICANS episode
    is of no category: its episode is. A cytopenia is prolonged where that is certain, whatever its
    dates leave open; one that had not ended is known to last to the data cut or death. Where it
    cannot be told, the event is flagged and not counted. Lymphopenia is meant by the treatment and
    is not listed. Bleeding, pain and benign papilloma of the organ class
    of neoplasms, and the myeloma itself, are no second malignancy.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.adam.subject.record import yes_where
from cartrial.adam.time.day import infusion_day
from cartrial.dosing.toxicity.concern import folded
from cartrial.forms.adverse import SYNDROMES

GRADE, DAY = 3, 30  # of a prolonged cytopenia: worst grade, and the day on which it is not over
PROLONGED = "Prolonged cytopenia"
INFECTION = "Infection"
MALIGNANCY = "Second malignancy"

ORGAN_CLASSES = {
    "infections and infestations": INFECTION,
    "neoplasms benign, malignant and unspecified (incl cysts and polyps)": MALIGNANCY,
}
NO_MALIGNANCY = (
    "skin papilloma",
    "tumour haemorrhage",
    "tumour pain",
    "plasma cell myeloma",
    "multiple myeloma",
    "plasmacytoma",
)
TERMS = {
    "IEC-HS": (
        "immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome",
        "haemophagocytic lymphohistiocytosis",
        "macrophage activation syndrome",
    ),
    "Delayed neurotoxicity": (
        "parkinsonism",
        "parkinson's disease",
        "extrapyramidal disorder",
        "movements involuntary",
        "movement disorder",
        "akathisia",
        "facial paralysis",
        "facial nerve disorder",
        "facial muscle weakness",
        "abducens nerve disorder",
        "oculomotor nerve disorder",
        "trochlear nerve disorder",
        "trigeminal nerve disorder",
        "cranial nerve paralysis",
        "cranial nerve disorder",
        "guillain-barre syndrome",
        "peripheral motor neuropathy",
        "radiculitis",
    ),
    "Tumour lysis syndrome": ("tumour lysis syndrome",),
    "Hypogammaglobulinaemia": (
        "hypogammaglobulinaemia",
        "blood immunoglobulin g decreased",
        "b-cell aplasia",
    ),
    MALIGNANCY: (
        "leukaemia secondary to oncology chemotherapy",
        "myelodysplastic syndrome",
        "acute myeloid leukaemia",
        "treatment related secondary malignancy",
        "second primary malignancy",
    ),
    PROLONGED: (
        "neutrophil count decreased",
        "neutropenia",
        "platelet count decreased",
        "thrombocytopenia",
        "anaemia",
        "pancytopenia",
        "cytopenia",
        "aplastic anaemia",
        "bone marrow hypocellular",
        "bone marrow failure",
    ),
}
CATEGORIES = (*SYNDROMES, *TERMS, INFECTION)


def with_special_interest(
    events: pl.DataFrame, first_end: pl.Expr, last_end: pl.Expr
) -> pl.DataFrame:
    """The events of ADAE with their category, and whether it cannot be told.

    `first_end` and `last_end` are the first and the last day on which an event can have ended;
    without a last one it is null.
    """
    listed = events.with_columns(
        LISTED=pl.coalesce(_by_term("AELLT"), _by_term("AEDECOD")), OFCLASS=_by_organ_class()
    )
    told = listed.with_columns(
        AESICAT=_category(first_end), AESIUFL=yes_where(_may_be_prolonged(first_end, last_end))
    )
    known = told.with_columns(AESIFL=yes_where(pl.col("AESICAT").is_not_null()))
    return known.drop("LISTED", "OFCLASS")


def _category(first_end: pl.Expr) -> pl.Expr:
    """The category of an event; null where it is of none."""
    syndrome = pl.when(pl.col("AECAT").is_in(SYNDROMES)).then("AECAT")
    prolonged = ((pl.col("ATOXGRN") >= GRADE) & _is_late(first_end)).fill_null(False)
    counted = (pl.col("LISTED") != PROLONGED) | prolonged
    other = pl.coalesce(pl.when(counted).then("LISTED"), "OFCLASS")
    return pl.coalesce(syndrome, pl.when(pl.col("TABFL") == "Y").then(other))


def _may_be_prolonged(first_end: pl.Expr, last_end: pl.Expr) -> pl.Expr:
    """Whether an event may be a prolonged cytopenia, and it cannot be told."""
    listed = (pl.col("LISTED") == PROLONGED) & (pl.col("TABFL") == "Y")
    severe, late = pl.col("ATOXGRN") >= GRADE, _is_late(first_end)
    possible = severe.fill_null(True) & _is_late(last_end).fill_null(True)
    return listed & possible & ~(severe & late).fill_null(False)


def _is_late(end: pl.Expr) -> pl.Expr:
    return infusion_day(end, pl.col("TRTSDT")) > DAY


def _by_term(variable: str) -> pl.Expr:
    return _found(variable, {term: name for name, terms in TERMS.items() for term in terms})


def _by_organ_class() -> pl.Expr:
    found = _found("AEBODSYS", ORGAN_CLASSES)
    excluded = dict.fromkeys(NO_MALIGNANCY, MALIGNANCY)
    benign = pl.coalesce(_found("AEDECOD", excluded), _found("AELLT", excluded)).is_not_null()
    return pl.when((found != MALIGNANCY) | ~benign).then(found)


def _found(variable: str, listed: Mapping[str, str]) -> pl.Expr:
    """What is listed beside each name, however it is spelled; each name is looked up once."""
    by_name = {folded(name): what for name, what in listed.items()}

    def look_up(names: pl.Series) -> pl.Series:
        distinct = names.unique()
        what = [None if name is None else by_name.get(folded(name)) for name in distinct]
        return names.replace_strict(distinct, what, return_dtype=pl.String)

    return pl.col(variable).map_batches(look_up, return_dtype=pl.String)
