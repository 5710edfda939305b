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

import polars as pl

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


def category(first_end: pl.Expr) -> pl.Expr:
    """The category of an event of ADAE; null where it is of none.

    `first_end` is the first day on which the event can have ended.
    """
    syndrome = pl.when(pl.col("AECAT").is_in(SYNDROMES)).then("AECAT")
    prolonged = ((pl.col("ATOXGRN") >= GRADE) & _is_late(first_end)).fill_null(False)
    counted = (_term_category() != PROLONGED) | prolonged
    other = pl.coalesce(pl.when(counted).then(_term_category()), _by_organ_class())
    return pl.coalesce(syndrome, pl.when(pl.col("TABFL") == "Y").then(other))


def may_be_prolonged(first_end: pl.Expr, last_end: pl.Expr) -> pl.Expr:
    """Whether an event may be a prolonged cytopenia, and it cannot be told.

    `last_end` is the last day on which it can have ended; null where there is none.
    """
    listed = (_term_category() == PROLONGED) & (pl.col("TABFL") == "Y")
    severe, late = pl.col("ATOXGRN") >= GRADE, _is_late(first_end)
    possible = severe.fill_null(True) & _is_late(last_end).fill_null(True)
    return (listed & possible & ~(severe & late).fill_null(False)).fill_null(False)


def _is_late(end: pl.Expr) -> pl.Expr:
    return infusion_day(end, pl.col("TRTSDT")) > DAY


def _term_category() -> pl.Expr:
    return pl.coalesce(_by_term("AELLT"), _by_term("AEDECOD"))


def _by_term(variable: str) -> pl.Expr:
    listed = {folded(term): name for name, terms in TERMS.items() for term in terms}
    return _folded(variable).replace_strict(listed, default=None, return_dtype=pl.String)


def _by_organ_class() -> pl.Expr:
    listed = {folded(name): category for name, category in ORGAN_CLASSES.items()}
    found = _folded("AEBODSYS").replace_strict(listed, default=None, return_dtype=pl.String)
    excluded = [folded(term) for term in NO_MALIGNANCY]
    benign = _folded("AEDECOD").is_in(excluded) | _folded("AELLT").is_in(excluded)
    return pl.when((found != MALIGNANCY) | ~benign.fill_null(False)).then(found)


def _folded(variable: str) -> pl.Expr:
    names = pl.col(variable)
    return names.map_elements(folded, return_dtype=pl.String)
