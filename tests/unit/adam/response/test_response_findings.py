"""What keeps response from being sure is said in one line each; subject 001, infused 2024-01-10."""

import polars as pl
import pytest

from cartrial.adam.derive import derive_adam
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.tabulate import tabulate
from tests.unit.adam.trial import INFUSED, STUDY, adam
from tests.unit.forms.tables import filled

BASELINE = "subject  on  kappa  lambda_\n001  2024-01-02  300  10"
ONE = "1 record, first subject BCMA-CD19-MM-001"
ONE_DAY = "1 day, first subject BCMA-CD19-MM-001"


def said(**forms):
    """The warnings on the responses and the myeloma of the subject, one line each."""
    found = adam(**{"infusion": INFUSED, "free_light_chain": BASELINE} | forms)
    return [str(one) for one in found.findings if one.table in ("RS", "LB", "TR")]


def said_of(changes, **forms):
    """The warnings where variables of a domain were changed, `domain.variable` to a value."""
    given = {"demographics": "subject  consented\n001  2023-12-01", "infusion": INFUSED}
    sdtm = tabulate(STUDY, filled(**given, **forms))
    tables = dict(sdtm.tables)
    for name, value in changes.items():
        domain, variable = name.split(".")
        tables[domain] = tables[domain].with_columns(pl.lit(value).alias(variable))
    found = derive_adam(STUDY, Sdtm(tables))
    return [str(one) for one in found.findings if one.table in ("RS", "LB", "TR")]


def test_a_trial_in_order_says_nothing():
    assert (
        said(
            m_protein="""
            subject  on          specimen    m_protein  unit    immunofixation
            001      2024-01-02  serum       30         g/L     positive
            001      2024-02-09  serum       0          g/L     negative
            001      2024-02-09  24 h urine  40         mg/24h  positive
        """,
            response="subject  on  response\n001  2024-02-09  PR\n001  2024-03-09  PR",
        )
        == []
    )


def test_no_baseline():
    late = "subject  on  kappa  lambda_\n001  2024-02-09  300  10"
    seen = "subject  on  response\n001  2024-02-09  SD"
    line = (
        "LB: 1 subject, first subject BCMA-CD19-MM-001: must have M-protein, light chains, marrow "
        "or a plasmacytoma measured before treatment, got none. "
        "No response can be derived by the criteria"
    )
    assert said(free_light_chain=late, response=seen) == [line]
    lesion = "subject  lesion  on  new  long  short\n001  1  2024-01-02  no  30  20"
    assert said(free_light_chain=late, response=seen, plasmacytoma=lesion) == []
    undated = "subject  number  at\n001  1  2024-01"
    assert said(free_light_chain=late, response=seen, infusion=undated) == []


def test_serum_that_was_not_measured_at_baseline_holds_no_response_down():
    serum = "subject  on  specimen  m_protein  unit\n001  {}  serum  {}  g/L"
    assert said(m_protein=serum.format("2024-02-09", 12)) == [
        "LB: 1 subject, first subject BCMA-CD19-MM-001: must have serum M-protein measured before "
        "treatment, got the first one after it. Its fall is not judged"
    ]
    assert said(m_protein=serum.format("2024-02-09", 0)) == []
    assert said(m_protein=serum.format("2024-01-02", 12)) == []


def test_a_trial_that_collected_no_myeloma_laboratory_needs_no_baseline():
    assert said_of({}, response="subject  on  response\n001  2024-02-09  SD") == []


@pytest.mark.parametrize("on", ["2024-01-09", "2024-01-10"])
def test_a_response_dated_before_or_on_the_infusion(on):
    assert said(response=f"subject  on  response\n001  {on}  PD") == [
        f"RS: {ONE}: RSDTC: must be after the infusion, to be a response to it, "
        "got PD on its day or before it. It is not used"
    ]


def test_a_test_of_the_myeloma_under_another_code_is_told():
    seen = "subject  on  specimen  m_protein  unit\n001  2024-01-02  serum  30  g/L"
    assert said_of({"LB.LBTESTCD": "SPEP", "LB.LBTEST": "Serum M-spike"}, m_protein=seen) == [
        f"LB: {ONE}: LBTESTCD: must be a code of CDISC, such as MCPROT, MPIFE, KLCFR, LLCFR or "
        "PLSTCECE, got SPEP. It is not used"
    ]
    assert said_of({"LB.LBTESTCD": "TROPONIN", "LB.LBTEST": "Troponin"}, m_protein=seen) == []


def test_a_response_in_full_words_is_understood():
    seen = "subject  on  response\n001  2024-02-09  VGPR"
    understood = {"RS.RSSTRESC": "Very Good Partial Response"}
    assert said_of(understood, response=seen, free_light_chain=BASELINE) == []
    (line,) = said_of({"RS.RSSTRESC": "nCR"}, response=seen, free_light_chain=BASELINE)
    assert line.startswith(f"RS: {ONE}: RSSTRESC: must be one of sCR, CR, VGPR")


def test_two_different_responses_on_one_day():
    seen = "subject  on  response\n001  2024-02-09  PR\n001  2024-02-12  CR"
    assert said_of({"RS.RSDTC": "2024-02-09"}, response=seen, free_light_chain=BASELINE) == [
        f"RS: {ONE_DAY}: RSSTRESC: must be one overall response a day, got CR and PR. "
        "The lower counts"
    ]


def test_a_urine_in_a_unit_that_is_not_of_24_hours():
    urine = "subject  on  specimen  m_protein  unit\n001  2024-02-09  24 h urine  300  mg/24h"
    assert said_of({"LB.LBSTRESU": "mg/L", "LB.LBORRESU": "mg/L"}, m_protein=urine) == [
        f"LB: {ONE}: LBSTRESU: must be a unit of urine M-protein, such as mg/day, g/day, "
        "got mg/L. It is not used",
    ]


@pytest.mark.parametrize(
    ("kappa", "lambda_", "ratio", "told"),
    [
        (300, 10, 30, None),
        (300, 10, 31.5, None),  # 5 %
        (300, 10, 31.6, "31.6 where they give 30"),
        (10, 300, 0.03, None),  # 0.0333, rounded to two decimals
        (10, 300, 30, "30 where they give 0.0333"),
    ],
)
def test_a_ratio_of_light_chains_that_is_not_theirs(kappa, lambda_, ratio, told):
    chains = f"subject  on  kappa  lambda_  ratio\n001  2024-01-02  {kappa}  {lambda_}  {ratio}"
    line = (
        f"LB: {ONE}: LBSTRESN: must be kappa divided by lambda of the sample, as ratio of free "
        f"light chains, got {told}. Kappa and lambda count"
    )
    assert said(free_light_chain=chains) == ([line] if told else [])


def test_a_negative_immunofixation_beside_an_m_protein():
    seen = """
        subject  on          specimen  m_protein  unit  immunofixation
        001      2024-01-02  serum     30         g/L   positive
        001      2024-02-09  serum     4          g/L   negative
    """
    assert said(m_protein=seen) == [
        f"LB: {ONE}: LBSTRESC: must not be negative beside an M-protein above 0 in serum, "
        "got negative by immunofixation. The M-protein counts: it is no CR"
    ]


def test_different_results_of_one_day():
    two = """
        subject  on          specimen  m_protein  unit
        001      2024-02-09  serum     4          g/L
        001      2024-02-12  serum     5          g/L
    """
    assert said_of({"LB.LBDTC": "2024-01-09"}, m_protein=two) == [
        f"LB: {ONE_DAY}: LBSTRESC: must be one result of serum M-protein a day, "
        "got different ones. What says more disease counts"
    ]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"LB.LBSTRESC": "COMMENT", "LB.LBSTRESN": None, "LB.LBORRES": "COMMENT"},
            "LBSTRESC: must be a number, or words that say that there was none to measure, for "
            "serum M-protein, got other words. It is not used",
        ),
        (
            {"LB.LBSTRESN": -1.0, "LB.LBORRES": "-1", "LB.LBSTRESC": "-1"},
            "LBSTRESN: must be 0 or more for serum M-protein, got another number. It is not used",
        ),
        (
            {"LB.LBDTC": "2024-01"},
            "LBDTC: must be a complete date, got a part or nothing. It is not used",
        ),
        (
            {"LB.LBDTC": "2024-05-02", "DM.DTHDTC": "2024-05-01", "DM.DTHFL": "Y"},
            "LBDTC: must not be after death, got a later date. It is not used",
        ),
    ],
)
def test_results_that_are_not_used(changes, line):
    serum = "subject  on  specimen  m_protein  unit\n001  2024-01-02  serum  4  g/L"
    assert f"LB: {ONE}: {line}" in said_of(changes, m_protein=serum)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"TR.TRLNKID": None}, "TRLNKID: must name the lesion, got nothing"),
        (
            {"TR.TRSTRESU": "in"},
            "TRSTRESU: must be a diameter from 0 in mm or cm, got another unit or number",
        ),
        ({"TR.TRDTC": "2024"}, "TRDTC: must be a complete date, got a part or nothing"),
        (
            {"DM.DTHDTC": "2024-01-01", "DM.DTHFL": "Y"},
            "TRDTC: must not be after death, got a later date",
        ),
    ],
)
def test_diameters_that_are_not_used(changes, line):
    lesion = "subject  lesion  on  new  long\n001  1  2024-01-02  no  30"
    found = said_of(changes, plasmacytoma=lesion)
    assert f"TR: {ONE}: {line}. It is not used" in found


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"RS.RSSTRESC": "LOW"},
            "RSSTRESC: must be negative, positive or not evaluable as result of MRD, "
            "got something else",
        ),
        ({"RS.RSDTC": "2024"}, "RSDTC: must be a complete date of MRD, got a part or nothing"),
    ],
)
def test_mrd_that_is_not_used(changes, line):
    given = "subject  on  method  result\n001  2024-02-09  flow  negative"
    assert said_of(changes, mrd=given) == [f"RS: {ONE}: {line}. It is not used"]
