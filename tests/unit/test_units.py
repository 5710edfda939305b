import subprocess
import sys
from decimal import Decimal
from itertools import pairwise

import pytest

from cartrial.errors import DataError
from cartrial.units import (
    ANALYTES,
    UNITS,
    accepted_units,
    factor,
    is_analyte,
    is_known,
    named,
    ratio,
    spelled,
    standard_unit,
)

# Conventional to SI, to the digits that laboratory handbooks print (AMA Manual of Style, table of
# conventional units; IFCC for hemoglobin). The standard unit stands beside the analyte.
PRINTED = """
    CREAT     mg/dL      88.4      umol/L
    BILI      mg/dL      17.10     umol/L
    CA        mg/dL      0.2495    mmol/L
    MG        mg/dL      0.4114    mmol/L
    PHOS      mg/dL      0.3229    mmol/L
    GLUC      mg/dL      0.05551   mmol/L
    URATE     mg/dL      59.48     umol/L
    UREAN     mg/dL      0.357     mmol/L
    UREA      mg/dL      0.1665    mmol/L
    CHOL      mg/dL      0.0259    mmol/L
    TRIG      mg/dL      0.0113    mmol/L
    LACTICAC  mg/dL      0.111     mmol/L
    AMMONIA   ug/dL      0.587     umol/L
    HGB       mmol/L     16.114    g/L
"""

EXACT = """
    HGB       g/dL       10        g/L
    ALB       g/dL       10        g/L
    MCPROT    g/dL       10        g/L
    IGG       mg/dL      0.01      g/L
    FIBRINO   mg/dL      0.01      g/L
    HCT       %          0.01      L/L
    WBC       10^3/uL    1         10^9/L
    WBC       10^6/L     0.001     10^9/L
    LYM       /uL        0.001     10^9/L
    RBC       10^6/uL    1         10^12/L
    CA        mEq/L      0.5       mmol/L
    SODIUM    mEq/L      1         mmol/L
    ALT       ukat/L     60        U/L
    CRP       mg/dL      10        mg/L
    FERRITIN  ng/mL      1         ug/L
    INTLK6    pg/mL      1         ng/L
    KLCFR     mg/dL      10        mg/L
    B2MICG    ug/mL      1         mg/L
    MPROTEXR  g/24h      1000      mg/day
    TROPONT   ng/mL      1000      ng/L
    DDIMER    ng/mL FEU  0.001     mg/L FEU
    CREATCLR  mL/s       60        mL/min
    INR       RATIO      1         RATIO
"""


def rows(table: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip().split("  ") if cell.strip()]
        for line in table.strip().splitlines()
    ]


@pytest.mark.parametrize(("analyte", "unit", "expected", "standard"), rows(PRINTED))
def test_a_factor_agrees_with_the_printed_one_in_every_printed_digit(
    analyte, unit, expected, standard
):
    digits = Decimal(expected)
    assert standard_unit(analyte) == standard
    assert factor(analyte, unit).quantize(digits) == digits


@pytest.mark.parametrize(("analyte", "unit", "expected", "standard"), rows(EXACT))
def test_a_finite_factor_is_exact(analyte, unit, expected, standard):
    assert standard_unit(analyte) == standard
    assert factor(analyte, unit) == Decimal(expected)


SPELLED = """
    10^9/L    10*9/L; 10**9/L; 10E9/L; 10e+09/L; 10⁹/L; x10^9/L; x10E9/L; X 10^9 / L; ×10⁹/L
    10^9/L    10^9/litre
    10^9/L    GI/L; K/uL; K/µL; k/ul; THOU/uL; 10^3/uL; 10³/µL; 10^3/mm3; 10^3/mm^3; x10*3 cells/mcL
    10^6/L    1/uL; cells/uL; cells/µL; cells/μL; cell/mm3; /uL; /mm³; /cumm; 10^3/mL
    10^12/L   TI/L; T/L; M/uL; MILL/uL; 10^6/uL; 10*12/L
    U/L       U/l; IU/L; iu/l; mU/mL
    mg/dL     mg/dl; MG/DL; mg%; mg/100 mL; mg / dL
    umol/L    µmol/L; μmol/L; UMOL/L; umol/l
    g/dL      gm/dL; G/DL; g%
    ug/L      ng/mL; NG/ML; mcg/L; µg/L
    ng/L      pg/mL
    mg/L      ug/mL; mcg/mL; µg/mL
    mg/day    mg/24h; mg/24 h; mg/24 hr; mg/24 hours; mg/d
    s         sec; seconds; S
    RATIO     ratio; 1; FRACTION
    mg/L FEU  mg/L feu; µg/mL FEU
"""


@pytest.mark.parametrize(
    ("unit", "spelling"),
    [(unit, spelling) for unit, listed in rows(SPELLED) for spelling in listed.split("; ")],
)
def test_spellings_of_one_unit_mean_the_same(unit, spelling):
    assert is_known(spelling)
    analyte = next(code for code in ANALYTES if unit in accepted_units(code))
    assert factor(analyte, spelling) == factor(analyte, unit)


@pytest.mark.parametrize(
    ("analyte", "unit", "expected"),
    [
        ("FERRITIN", "ng/mL", "ug/L"),
        ("PLAT", "G/L", "10^9/L"),
        ("PLAT", "G/l", "10^9/L"),
        ("PLAT", "Tsd/µl", "10^9/L"),
        ("ALB", "G/L", "g/L"),
        ("HGB", "g/dL", "g/dL"),
        ("HGB", "10^9/L", "10^9/L"),  # no unit of haemoglobin: as it stands
        ("HGB", "scoops", "scoops"),
    ],
)
def test_a_unit_is_spelt_as_cdisc_spells_it_for_the_analyte(analyte, unit, expected):
    assert spelled(analyte, unit) == expected


def test_a_spelling_names_each_unit_that_it_may_stand_for():
    assert named("G/L") == ("10^9/L", "g/L")
    assert named("pg/mL") == ("ng/L",)
    assert named("scoops") == ()


def test_capital_g_per_litre_is_giga_for_cells_and_gram_for_the_rest():
    assert factor("PLAT", "G/L") == 1
    assert factor("ALB", "G/L") == 1
    with pytest.raises(DataError):
        factor("PLAT", "g/L")


@pytest.mark.parametrize("unit", ["furlong", "", "mg", "K", "10^9", "mmHg"])
def test_what_is_no_laboratory_unit_is_not_known(unit):
    assert not is_known(unit)


def test_a_refused_unit_names_the_most_usual_that_are_accepted():
    with pytest.raises(DataError) as caught:
        factor("MCPROT", "furlong")
    assert str(caught.value) == (
        "unit of MCPROT must be one such as g/L, g/dL, mg/dL, mg/L, ug/dL, got furlong"
    )


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [
        ("DDIMER", "mg/L"),  # neither FEU nor DDU said
        ("DDIMER", "ug/L DDU"),
        ("CRP", "mmol/L"),  # no molar mass
        ("PHOS", "mEq/L"),  # its charge depends on the pH
        ("MCPROT", "mg/24h"),  # excretion is MPROTEXR
        ("WBC", "%"),
        ("INR", "s"),
    ],
)
def test_a_conversion_that_would_be_a_guess_is_refused(analyte, unit):
    assert is_known(unit)
    with pytest.raises(DataError, match=f"^unit of {analyte} must be one such as .*, got {unit}$"):
        factor(analyte, unit)


def test_an_analyte_without_a_standard_unit_is_refused():
    assert not is_analyte("NOSUCH")
    for question in (standard_unit, accepted_units, lambda code: factor(code, "g/L")):
        with pytest.raises(DataError, match=r"^analyte must be one with a standard unit, got NOS"):
            question("NOSUCH")


@pytest.mark.parametrize("analyte", list(ANALYTES.values()), ids=list(ANALYTES))
def test_every_analyte_accepts_its_own_unit_unchanged(analyte):
    assert factor(analyte.code, analyte.unit) == 1
    assert analyte.unit in UNITS


def test_recognising_a_unit_does_not_load_pint():
    program = (
        "import sys; from cartrial.units import is_known; is_known('g/L'); "
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_mass_units_keep_their_order_through_conversion():
    ladder = ["ng/L", "ng/dL", "ug/L", "ug/dL", "mg/L", "mg/dL", "g/L", "g/dL"]
    assert all(factor("CREAT", low) < factor("CREAT", high) for low, high in pairwise(ladder))


@pytest.mark.parametrize(
    ("unit", "other", "expected"),
    [
        ("g/dL", "g/L", "10"),
        ("1/uL", "10^9/L", "0.001"),
        ("MMOL/L", "umol/L", "1000"),
        ("G/L", "mg/dL", "100"),
        ("G/L", "10^6/L", "1000"),
        ("mg/dL", "mmol/L", None),
        ("furlong", "g/L", None),
    ],
)
def test_units_of_one_kind_compare_without_an_analyte(unit, other, expected):
    assert ratio(unit, other) == (None if expected is None else Decimal(expected))
