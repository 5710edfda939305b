"""Laboratory units: what a unit is called, and how a value comes into its analyte's standard unit.

An analyte is named by its LBTESTCD, a standard unit as CDISC spells it. Laboratories spell theirs
in many ways; each spelling stands for one unit below. Between mass and amount of substance the
molar mass of the analyte decides, between equivalents and amount its charge. Factors are decimal:
exact where a finite decimal exists, else good to 24 digits.

Source: CDISC SDTM terminology 2025-03-28, codelists LBTESTCD and UNIT; molar masses by formula from
    the IUPAC standard atomic weights of 2021.
Reading: hemoglobin in mmol/L is of the monomer (one iron); urea nitrogen is two N a mole of urea;
    triglycerides count as triolein; IU is read as U. `G/L` is giga per litre for cells and gram per
    litre for the rest. D-dimer is in FEU or DDU: they have no fixed ratio, plain mg/L is refused.
Oracle: factors as printed in handbooks and by specialist societies (tests/unit/test_units.py)
"""

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from itertools import product
from typing import Any

from cartrial.errors import DataError

# The standard unit is the one in which the study reports; "-" where no such conversion is allowed.
ANALYTE_TABLE = """
    code      name                                          unit      specimen  g/mol    Eq/mol
    HGB       Hemoglobin                                    g/L       BLOOD     16114    -
    HCT       Hematocrit                                    L/L       BLOOD     -        -
    RBC       Erythrocytes                                  10^12/L   BLOOD     -        -
    WBC       Leukocytes                                    10^9/L    BLOOD     -        -
    NEUT      Neutrophils                                   10^9/L    BLOOD     -        -
    LYM       Lymphocytes                                   10^9/L    BLOOD     -        -
    CD4       CD4                                           10^9/L    BLOOD     -        -
    MONO      Monocytes                                     10^9/L    BLOOD     -        -
    EOS       Eosinophils                                   10^9/L    BLOOD     -        -
    BASO      Basophils                                     10^9/L    BLOOD     -        -
    PLAT      Platelets                                     10^9/L    BLOOD     -        -
    RETI      Reticulocytes                                 10^9/L    BLOOD     -        -
    CREAT     Creatinine                                    umol/L    SERUM     113.12   -
    CREATCLR  Creatinine Clearance                          mL/min    SERUM     -        -
    UREA      Urea                                          mmol/L    SERUM     60.056   -
    UREAN     Urea Nitrogen                                 mmol/L    SERUM     28.014   -
    URATE     Urate                                         umol/L    SERUM     168.11   -
    BILI      Bilirubin                                     umol/L    SERUM     584.67   -
    BILDIR    Direct Bilirubin                              umol/L    SERUM     584.67   -
    ALT       Alanine Aminotransferase                      U/L       SERUM     -        -
    AST       Aspartate Aminotransferase                    U/L       SERUM     -        -
    ALP       Alkaline Phosphatase                          U/L       SERUM     -        -
    GGT       Gamma Glutamyl Transferase                    U/L       SERUM     -        -
    LDH       Lactate Dehydrogenase                         U/L       SERUM     -        -
    CK        Creatine Kinase                               U/L       SERUM     -        -
    AMYLASE   Amylase                                       U/L       SERUM     -        -
    LIPASET   Lipase                                        U/L       SERUM     -        -
    ALB       Albumin                                       g/L       SERUM     -        -
    PROT      Protein                                       g/L       SERUM     -        -
    SODIUM    Sodium                                        mmol/L    SERUM     22.990   1
    K         Potassium                                     mmol/L    SERUM     39.098   1
    CL        Chloride                                      mmol/L    SERUM     35.45    1
    BICARB    Bicarbonate                                   mmol/L    SERUM     61.016   1
    CA        Calcium                                       mmol/L    SERUM     40.078   2
    CACR      Calcium Corrected                             mmol/L    SERUM     40.078   2
    CAION     Calcium, Ionized                              mmol/L    SERUM     40.078   2
    MG        Magnesium                                     mmol/L    SERUM     24.305   2
    PHOS      Phosphate                                     mmol/L    SERUM     30.974   -
    GLUC      Glucose                                       mmol/L    SERUM     180.156  -
    LACTICAC  Lactic Acid                                   mmol/L    PLASMA    90.078   -
    AMMONIA   Ammonia                                       umol/L    PLASMA    17.031   -
    CHOL      Cholesterol                                   mmol/L    SERUM     386.66   -
    TRIG      Triglycerides                                 mmol/L    SERUM     885.45   -
    CRP       C Reactive Protein                            mg/L      SERUM     -        -
    HAPTOG    Haptoglobin                                   g/L       SERUM     -        -
    FERRITIN  Ferritin                                      ug/L      SERUM     -        -
    INTLK6    Interleukin 6                                 ng/L      SERUM     -        -
    PCT       Procalcitonin                                 ug/L      SERUM     -        -
    FIBRINO   Fibrinogen                                    g/L       PLASMA    -        -
    DDIMER    D-Dimer                                       mg/L FEU  PLASMA    -        -
    APTT      Activated Partial Thromboplastin Time         s         PLASMA    -        -
    PT        Prothrombin Time                              s         PLASMA    -        -
    INR       Prothrombin Intl. Normalized Ratio            RATIO     PLASMA    -        -
    TROPONI   Troponin I                                    ng/L      SERUM     -        -
    TROPONT   Troponin T                                    ng/L      SERUM     -        -
    BNP       Brain Natriuretic Peptide                     ng/L      PLASMA    -        -
    BNPPRONT  N-Terminal ProB-type Natriuretic Peptide      ng/L      SERUM     -        -
    B2MICG    Beta-2 Microglobulin                          mg/L      SERUM     -        -
    IGG       Immunoglobulin G                              g/L       SERUM     -        -
    IGA       Immunoglobulin A                              g/L       SERUM     -        -
    IGM       Immunoglobulin M                              g/L       SERUM     -        -
    MCPROT    Monoclonal Protein                            g/L       SERUM     -        -
    MPROTEXR  Monoclonal Protein Excretion Rate             mg/day    URINE     -        -
    KLCFR     Kappa Light Chain, Free                       mg/L      SERUM     -        -
    LLCFR     Lambda Light Chain, Free                      mg/L      SERUM     -        -
    KLCLLCFR  Kappa Lt Chain,Free/Lambda Lt Chain,Free      RATIO     SERUM     -        -
    PLSTCE    Total Plasma Cells                            10^6/L    BLOOD     -        -
"""

# A unit as CDISC spells it: what it is, then its other spellings (VARIANTS has the usual ones).
UNITS = {
    "10^12/L": ("1e12/liter", "10^6/uL M/uL MIL/uL MILL/uL MILLION/uL T/L TI/L"),
    "10^9/L": ("1e9/liter", "10^3/uL 10^6/mL K/uL THOU/uL THOUSAND/uL Tsd/uL Tsd./uL G/L GI/L /nL"),
    "10^6/L": ("1e6/liter", "10^3/mL /uL"),
    "10^3/L": ("1e3/liter", "/mL"),
    "g/L": ("gram/liter", "mg/mL"),
    "g/dL": ("gram/deciliter", "g/100mL g%"),
    "mg/dL": ("milligram/deciliter", "mg/100mL mg%"),
    "mg/L": ("milligram/liter", "ug/mL"),
    "ug/dL": ("microgram/deciliter", "ug/100mL"),
    "ug/L": ("microgram/liter", "ng/mL"),
    "ng/dL": ("nanogram/deciliter", ""),
    "ng/L": ("nanogram/liter", "pg/mL"),
    "mol/L": ("mole/liter", ""),
    "mmol/L": ("millimole/liter", ""),
    "umol/L": ("micromole/liter", "nmol/mL"),
    "nmol/L": ("nanomole/liter", ""),
    "pmol/L": ("picomole/liter", ""),
    "mEq/L": ("milliequivalent/liter", ""),
    "U/L": ("enzyme_unit/liter", "mU/mL"),
    "U/mL": ("enzyme_unit/milliliter", "kU/L"),
    "ukat/L": ("microkatal/liter", ""),
    "nkat/L": ("nanokatal/liter", ""),
    "g/day": ("gram/day", "g/24h g/d"),
    "mg/day": ("milligram/day", "mg/24h mg/d"),
    "mL/min": ("milliliter/minute", ""),
    "mL/s": ("milliliter/second", ""),
    "s": ("second", "sec secs second seconds"),
    "%": ("percent", "percent"),
    "L/L": ("1", ""),
    "RATIO": ("1", "FRACTION 1"),
    "mg/L FEU": ("milligram_feu/liter", "ug/mLFEU"),
    "ug/L FEU": ("microgram_feu/liter", "ng/mLFEU"),
    "ug/L DDU": ("microgram_ddu/liter", "ng/mLDDU"),
}

CELL_COUNT = ("10^9/L", "10^6/L", "10^3/uL", "/uL")  # as cell counts are usually given
WRITTEN_ALIKE = dict.fromkeys(("G/L", "G/l"), ("10^9/L", "g/L"))

VARIANTS = (
    (r"\s+", ""),
    ("[µμ]", "u"),  # the micro sign, the Greek letter
    (r"^[x×]?10(\*\*?|\^|e\+?)0?(\d+)", r"10^\2"),
    (r"cells?(?=/)", ""),
    ("^1(?=/)", ""),
    (r"(mm\^?3|cumm|mcl)$", "ul"),
    ("^mcg", "ug"),
    ("^gm", "g"),
    ("lit(er|re)$", "l"),
    ("/24(hours|hrs?)$", "/24h"),
    ("iu", "u"),
)
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True)
class Analyte:
    """What is measured, and the unit it is reported in."""

    code: str
    name: str
    unit: str
    specimen: str
    molar_mass: Decimal | None  # g/mol
    charge: Decimal | None  # Eq/mol


def _read_analytes() -> dict[str, Analyte]:
    rows = [re.split(r"\s{2,}", line.strip()) for line in ANALYTE_TABLE.strip().splitlines()[1:]]
    return {
        code: Analyte(code, name, unit, specimen, _number(molar_mass), _number(charge))
        for code, name, unit, specimen, molar_mass, charge in rows
    }


def _number(cell: str) -> Decimal | None:
    return None if cell == "-" else Decimal(cell)


def _plain(spelling: str) -> str:
    text = re.sub("[⁰¹²³⁴-⁹]+", lambda raised: "^" + raised[0].translate(RAISED), spelling)
    text = text.casefold()
    for variant, usual in VARIANTS:
        text = re.sub(variant, usual, text)
    return text


ANALYTES = _read_analytes()
SPELLINGS = {
    _plain(spelling): unit
    for unit, (_, others) in UNITS.items()
    for spelling in (*others.split(), unit)
}


def named(unit: str) -> tuple[str, ...]:
    """The units that a spelling may stand for, as CDISC spells them; none where it is not known."""
    alike = WRITTEN_ALIKE.get(unit.strip())
    if alike:
        return alike
    named = SPELLINGS.get(_plain(unit))
    return (named,) if named else ()


def is_known(unit: str) -> bool:
    """Whether the spelling stands for a unit, of whatever analyte."""
    return bool(named(unit))


def is_analyte(code: str) -> bool:
    """Whether the analyte has a standard unit here."""
    return code in ANALYTES


def standard_unit(analyte: str) -> str:
    """The unit in which the analyte is reported."""
    return _find(analyte).unit


def accepted_units(analyte: str) -> tuple[str, ...]:
    """The units that can be converted into the standard unit of the analyte."""
    return tuple(unit for unit in UNITS if _factor(_find(analyte), unit) is not None)


def usual_units(analyte: str) -> tuple[str, ...]:
    """The accepted units nearest in size to the standard one, which comes first; five at most."""
    standard = standard_unit(analyte)
    if standard == CELL_COUNT[0]:
        return CELL_COUNT
    others = [unit for unit in accepted_units(analyte) if unit != standard]
    others.sort(key=lambda unit: abs(factor(analyte, unit).log10()))
    return (standard, *others[:4])


def factor(analyte: str, unit: str) -> Decimal:
    """What a value in `unit` is multiplied by to stand in the standard unit of the analyte."""
    found = _find(analyte)
    for known in named(unit):
        converted = _factor(found, known)
        if converted is not None:
            return converted
    usual = ", ".join(usual_units(analyte))
    raise DataError(f"unit of {analyte} must be one such as {usual}, got {unit or 'none'}")


def spelled(analyte: str, unit: str) -> str:
    """The unit as CDISC spells it; as it stands where the analyte is not measured in it."""
    found = _find(analyte)
    fitting = (known for known in named(unit) if _factor(found, known) is not None)
    return next(fitting, unit)


def ratio(unit: str, other: str) -> Decimal | None:
    """What a value in `unit` is multiplied by to stand in `other`; null where they do not compare.

    No analyte is named, so nothing but the size of the unit differs.
    """
    pairs = product(named(unit), named(other))
    return next((size for pair in pairs if (size := _ratio(*pair)) is not None), None)


def _find(analyte: str) -> Analyte:
    if analyte not in ANALYTES:
        raise DataError(f"analyte must be one with a standard unit, got {analyte}")
    return ANALYTES[analyte]


@cache
def _factor(analyte: Analyte, unit: str) -> Decimal | None:
    if unit == analyte.unit:
        return Decimal(1)
    units = _registry()
    with localcontext(prec=28):
        bridges = [units("1")]
        if analyte.molar_mass:
            mass = analyte.molar_mass * units("gram/mole")
            bridges += [1 / mass, mass]
        if analyte.charge:
            bridges += [1 / (analyte.charge * units("equivalent/mole"))]
        ratio = units(UNITS[unit][0]) / units(UNITS[analyte.unit][0])
        for bridge in bridges:
            if (ratio * bridge).dimensionless:
                return Decimal((ratio * bridge).to_base_units().magnitude)
    return None


@cache
def _ratio(unit: str, other: str) -> Decimal | None:
    units = _registry()
    compared = units(UNITS[unit][0]) / units(UNITS[other][0])
    if not compared.dimensionless:
        return None
    return Decimal(compared.to_base_units().magnitude)


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # takes a third of a second

    registry: Any = UnitRegistry(non_int_type=Decimal)
    registry.define("equivalent = [equivalents]")
    registry.define("gram_feu = [fibrinogen_equivalents]")
    registry.define("gram_ddu = [d_dimer]")
    return registry
