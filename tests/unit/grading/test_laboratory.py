"""CTCAE laboratory grades: the printed limits of v5.0 and v6.0, and what a value leaves open."""

import re
from decimal import Decimal

import polars as pl
import pytest

from cartrial.errors import DataError
from cartrial.grading.ctcae.calcium import corrected_calcium
from cartrial.grading.ctcae.criteria import (
    Arm,
    Comparison,
    Criteria,
    Grading,
    criteria_of,
    laboratory_criteria,
)
from cartrial.grading.ctcae.laboratory import OUTPUT, grade_laboratory
from cartrial.grading.ctcae.terms import ctcae_terms

# The limits as NCI prints them, each from both sides. `normal` are the limits of normal; `baseline`
# is normal where none is given; a range stands where the printed range itself asks.
PRINTED = """
    term                                   value  unit     normal     baseline  grade
    Anemia                                 120    g/L      120-160    -         0
    Anemia                                 119    g/L      120-160    -         1
    Anemia                                 100    g/L      120-160    -         1
    Anemia                                 99.9   g/L      120-160    -         2
    Anemia                                 80     g/L      120-160    -         2
    Anemia                                 79.9   g/L      120-160    -         3
    Anemia                                 7.9    g/dL     12-16      -         3
    Anemia                                 6.2    mmol/L   7.4-9.9    -         1
    Anemia                                 6.1    mmol/L   7.4-9.9    -         2
    Anemia                                 4.8    mmol/L   7.4-9.9    -         3
    Hemoglobin increased                   180    g/L      120-160    -         1
    Hemoglobin increased                   181    g/L      120-160    -         2
    Hemoglobin increased                   20.1   g/dL     12-16      -         3
    White blood cell decreased             3.0    10^9/L   4-10       -         1
    White blood cell decreased             2.9    10^9/L   4-10       -         2
    White blood cell decreased             1.9    10^9/L   4-10       -         3
    White blood cell decreased             0.9    10^9/L   4-10       -         4
    Leukocytosis                           100    10^9/L   4-10       -         0
    Leukocytosis                           101    10^9/L   4-10       -         3
    Neutrophil count decreased             1.5    10^9/L   2-7        -         1
    Neutrophil count decreased             1.49   10^9/L   2-7        -         2
    Neutrophil count decreased             999    /uL      2000-7000  -         3
    Neutrophil count decreased             500    /uL      2000-7000  -         3
    Neutrophil count decreased             499    /uL      2000-7000  -         4
    Lymphocyte count decreased             0.8    10^9/L   1.1-4      -         1
    Lymphocyte count decreased             0.79   10^9/L   1.1-4      -         2
    Lymphocyte count decreased             0.49   10^9/L   1.1-4      -         3
    Lymphocyte count decreased             0.19   10^9/L   1.1-4      -         4
    Lymphocyte count increased             4.1    10^9/L   1.1-5      -         2
    Lymphocyte count increased             20.1   10^9/L   1.1-5      -         3
    CD4 lymphocytes decreased              0.2    10^9/L   0.6-1.4    -         2
    CD4 lymphocytes decreased              49     /uL      600-1400   -         4
    Platelet count decreased               75     10^9/L   150-400    -         1
    Platelet count decreased               74     10^9/L   150-400    -         2
    Platelet count decreased               49     10^9/L   150-400    -         3
    Platelet count decreased               25     10^3/uL  150-400    -         3
    Platelet count decreased               24     10^3/uL  150-400    -         4
    INR increased                          1.2    -        0.8-1.2    1.2       0
    INR increased                          1.21   -        0.8-1.2    1.21      1
    INR increased                          2.5    -        0.8-1.2    2.4       2
    INR increased                          2.51   -        0.8-1.2    2.4       3
    Fibrinogen decreased                   1.5    g/L      2-4        2         2
    Fibrinogen decreased                   1.6    g/L      2-4        2         1
    Fibrinogen decreased                   0.9    g/L      2-4        2         3
    Fibrinogen decreased                   49     mg/dL    60-400     60        4
    Alanine aminotransferase increased     120    U/L      10-40      -         1
    Alanine aminotransferase increased     121    U/L      10-40      -         2
    Alanine aminotransferase increased     201    U/L      10-40      -         3
    Alanine aminotransferase increased     801    U/L      10-40      -         4
    Alanine aminotransferase increased     149    U/L      10-40      100       0
    Alanine aminotransferase increased     150    U/L      10-40      100       1
    Aspartate aminotransferase increased   301    U/L      10-40      100       2
    Alkaline phosphatase increased         100    U/L      10-40      -         1
    Alkaline phosphatase increased         200    U/L      10-40      100       1
    GGT increased                          199    U/L      10-40      100       0
    GGT increased                          200    U/L      10-40      100       1
    GGT increased                          251    U/L      10-40      100       2
    Blood bilirubin increased              30     umol/L   3-20       -         1
    Blood bilirubin increased              61     umol/L   3-20       -         3
    Blood bilirubin increased              50     umol/L   3-20       50        0
    Blood bilirubin increased              51     umol/L   3-20       50        1
    Creatinine increased                   1.3    mg/dL    0.7-1.2    1.0       1
    Creatinine increased                   1.1    mg/dL    0.7-1.2    0.7       2
    Creatinine increased                   3.7    mg/dL    0.7-1.2    1.2       3
    Creatinine increased                   7.3    mg/dL    0.7-1.2    1.2       4
    CPK increased                          501    U/L      20-200     -         2
    CPK increased                          2001   U/L      20-200     -         4
    Lipase increased                       90     U/L      10-60      -         1
    Lipase increased                       91     U/L      10-60      -         2
    Lipase increased                       121    U/L      10-60      -         2-3
    Lipase increased                       301    U/L      10-60      -         3-4
    Serum amylase increased                300    U/L      10-60      -         2-3
    Blood lactate dehydrogenase increased  251    U/L      120-250    -         1
    Haptoglobin decreased                  0.2    g/L      0.3-2      -         1
    Hypernatremia                          150    mmol/L   135-145    -         1
    Hypernatremia                          151    mmol/L   135-145    -         2
    Hypernatremia                          161    mmol/L   135-145    -         4
    Hyponatremia                           130    mmol/L   135-145    -         1
    Hyponatremia                           119    mmol/L   135-145    -         4
    Hyperkalemia                           5.6    mmol/L   3.5-5.1    -         2
    Hyperkalemia                           7.1    mmol/L   3.5-5.1    -         4
    Hypokalemia                            3.0    mmol/L   3.5-5.1    -         1-2
    Hypokalemia                            2.9    mmol/L   3.5-5.1    -         3
    Hypokalemia                            2.4    mmol/L   3.5-5.1    -         4
    Hypercalcemia                          11.5   mg/dL    8.6-10.2   -         1
    Hypercalcemia                          11.6   mg/dL    8.6-10.2   -         2
    Hypercalcemia                          3.41   mmol/L   2.15-2.55  -         4
    Hypercalcemia (Ionized)                1.61   mmol/L   1.1-1.3    -         3
    Hypocalcemia                           1.74   mmol/L   2.15-2.55  -         3
    Hypocalcemia                           5.9    mg/dL    8.6-10.2   -         4
    Hypocalcemia (Ionized)                 0.79   mmol/L   1.1-1.3    -         4
    Hypermagnesemia                        3.1    mg/dL    1.7-2.6    -         3
    Hypomagnesemia                         0.39   mmol/L   0.7-1.05   -         3
    Hypoalbuminemia                        29     g/L      35-50      -         2
    Hypoglycemia                           54     mg/dL    70-110     -         2
    Hypoglycemia                           1.6    mmol/L   3.9-6.1    -         4
    Hyperuricemia                          500    umol/L   150-420    -         1-3
    Cholesterol high                       7.76   mmol/L   3-5.2      -         2
    Cholesterol high                       300    mg/dL    116-201    -         1
    Hypertriglyceridemia                   1.70   mmol/L   0.4-1.7    -         0
    Hypertriglyceridemia                   1.71   mmol/L   0.4-1.7    -         1
    Hypertriglyceridemia                   1001   mg/dL    35-150     -         4
    Acidosis                               7.3    -        7.35-7.45  -         1
    Acidosis                               7.29   -        7.35-7.45  -         3
    Alkalosis                              7.51   -        7.35-7.45  -         3
"""

# What v6.0 changed.
VERSION_6 = """
    term                                value  unit    normal   baseline  grade
    Neutrophil count decreased          1.5    10^9/L  2-7      -         0
    Neutrophil count decreased          1.4    10^9/L  2-7      -         1
    Neutrophil count decreased          0.9    10^9/L  2-7      -         2
    Neutrophil count decreased          0.4    10^9/L  2-7      -         3
    Neutrophil count decreased          0.09   10^9/L  2-7      -         4
    Thrombocytopenia                    12     10^9/L  150-400  -         3
    Thrombocytopenia                    9      10^9/L  150-400  -         4
    Alanine aminotransferase increased  100    U/L     10-40    100       1
    Alanine aminotransferase increased  151    U/L     10-40    100       2
    Alanine aminotransferase increased  401    U/L     10-40    100       4
    Alkaline phosphatase increased      900    U/L     10-40    -         1
    Alkaline phosphatase increased      90     U/L     10-40    100       0
    Lipase increased                    170    U/L     10-60    -         2
    Lipase increased                    181    U/L     10-60    -         2-3
    Hyponatremia                        129.5  mmol/L  135-145  -         2-3
    Hyponatremia                        124.5  mmol/L  135-145  -         3
    Hyperglycemia                       14     mmol/L  3.9-6.1  -         3
    Creatinine clearance decreased      26     mL/min  90-140   -         2
    Creatinine clearance decreased      25     mL/min  90-140   -         3
    Creatinine increased                1.1    mg/dL   0.7-1.2  0.7       0
    Creatinine increased                1.1    mg/dL   0.7-1.2  0.5       2
"""

USUAL = {"value": 1.0, "unit": "mmol/L"}


def table(text: str) -> list[dict[str, str]]:
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    return [dict(zip(header, cells, strict=True)) for cells in lines]


def printed(cases: list[dict[str, str]]) -> list[dict[str, object]]:
    """The cases as rows to grade; a baseline that is not given is normal."""
    return [
        {
            "test": case["term"],
            "value": float(case["value"]),
            "unit": None if case["unit"] == "-" else case["unit"],
            "low": float(case["normal"].split("-")[0]),
            "high": float(case["normal"].split("-")[1]),
            "baseline": float(case["normal"].split("-")[1])
            if case.get("baseline", "-") == "-"
            else float(case["baseline"]),
        }
        for case in cases
    ]


def grades(rows: list[dict[str, object]], version: str = "5.0", **policy: str) -> pl.DataFrame:
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return grade_laboratory(frame, laboratory_criteria(version), **policy)


def one(test: str, value: float | None, *, version: str = "5.0", **given: object) -> dict:
    policy = {"unknown": given.pop("unknown")} if "unknown" in given else {}
    row = {"test": test, "value": value} | given
    frame = pl.DataFrame([row], infer_schema_length=None)
    return grade_laboratory(frame, laboratory_criteria(version), **policy).to_dicts()[0]


def shown(row: dict) -> str:
    low, high = row["lowest"], row["highest"]
    return str(low) if low == high else f"{low}-{high}"


# ---------------------------------------------------------------- the printed limits
@pytest.mark.parametrize(("version", "text"), [("5.0", PRINTED), ("6.0", VERSION_6)])
def test_the_printed_limits(version, text):
    found = [shown(row) for row in grades(printed(table(text)), version).to_dicts()]
    told = [
        f"{case['term']} {case['value']} {case['unit']}: {grade}"
        for case, grade in zip(table(text), found, strict=True)
    ]
    assert told == [f"{c['term']} {c['value']} {c['unit']}: {c['grade']}" for c in table(text)]


def test_every_term_has_a_case_at_its_printed_limits():
    rare = {"Activated partial thromboplastin time prolonged", "Blood bicarbonate decreased"}
    terms = {grading.term for grading in laboratory_criteria("5.0").gradings}
    assert terms - {case["term"] for case in table(PRINTED)} == rare


@pytest.mark.parametrize("ulnx", ["1.1", "0.3", "1.7", "33.3"])
def test_a_multiple_of_a_limit_is_decimal(ulnx):
    uln = float(ulnx)
    for times, grade in ((1.5, 1), (3, 2), (6, 3)):
        limit = float(f"{uln * times:.15g}")
        above = float(f"{limit * (1 + 1e-9):.12g}")
        assert one("CREAT", limit, high=uln, baseline=uln)["lowest"] == grade
        assert one("CREAT", above, high=uln, baseline=uln)["lowest"] == grade + 1


# ---------------------------------------------------------------- gaps between printed limits
GAPS = """
    sodium  grade
    130     1
    129.5   1
    129     2-3
    125     2-3
    124.5   2-3
    124     3
    120     3
    119.9   4
"""


def test_a_value_between_two_printed_limits_has_the_milder_grade():
    cases = table(GAPS)
    rows = [
        {"test": "Hyponatremia", "value": float(case["sodium"]), "unit": "mmol/L", "low": 135.0}
        for case in cases
    ]
    assert [shown(row) for row in grades(rows).to_dicts()] == [case["grade"] for case in cases]


# ---------------------------------------------------------------- what only an answer tells
ANSWERS = """
    term                         value  unit    normal   range  worst  asks
    Hypokalemia                  3.2    mmol/L  3.5-5.1  1-2    2      symptomatic or treated 2
    Hyponatremia                 127    mmol/L  135-145  2-3    3      symptomatic 3
    Hyponatremia                 122    mmol/L  135-145  3      3      -
    Hyperkalemia                 4.8    mmol/L  3.5-5.1  0      0      -
    Blood bicarbonate decreased  18     mmol/L  22-29    0-1    1      left untreated 1
    Hyperuricemia                500    umol/L  150-420  1-3    3      it has consequences 3
    Lipase increased             301    U/L     10-60    3-4    4      symptomatic 4
"""


def test_a_grade_that_needs_an_answer_is_a_range_with_its_question():
    for case in table(ANSWERS):
        low, high = map(float, case["normal"].split("-"))
        given = {"unit": case["unit"], "low": low, "high": high}
        asked = one(case["term"], float(case["value"]), **given)
        worst = one(case["term"], float(case["value"]), **given, unknown="worst")
        question = (asked["question"] or "-").replace("? grade", "")
        assert (shown(asked), worst["grade"], question) == (
            case["range"],
            int(case["worst"]),
            case["asks"],
        )
        assert (asked["grade"] is None) == (asked["lowest"] < asked["highest"])
        assert (worst["lowest"], worst["highest"]) == (asked["lowest"], asked["highest"])


# What a clinical finding has beside the number stands apart and moves no grade.
CLINICAL = """
    term                        value  unit    normal   grade  findings of grade
    Anemia                      130    g/L     120-160  0      -
    Anemia                      90     g/L     120-160  2      3, 4
    Anemia                      79     g/L     120-160  3      4
    Hyperkalemia                5.2    mmol/L  3.5-5.1  1      2, 3, 4
    Hyperkalemia                6.1    mmol/L  3.5-5.1  3      4
    Hyperkalemia                7.1    mmol/L  3.5-5.1  4      -
    Hypokalemia                 3.2    mmol/L  3.5-5.1  1-2    3, 4
    Hyponatremia                127    mmol/L  135-145  2-3    4
    Hyperuricemia               500    umol/L  150-420  1-3    4
    INR increased               1.3    -       0.8-1.3  1      2
    Neutrophil count decreased  0.9    10^9/L  2-7      3      -
"""


@pytest.mark.parametrize("unknown", ["ask", "worst"])
def test_a_clinical_finding_stands_apart_and_moves_no_grade(unknown):
    cases = table(CLINICAL)
    found = grades(printed(cases), unknown=unknown).to_dicts()
    told = [(shown(row), re.findall(r"grade (\d)", row["clinical"] or "")) for row in found]
    assert [(grade, ", ".join(beside) or "-") for grade, beside in told] == [
        (case["grade"], case["findings of grade"]) for case in cases
    ]


def test_clinical_findings_are_named_with_their_grade():
    assert one("Hyperkalemia", 5.2, unit="mmol/L", high=5.1)["clinical"] == (
        "treated for it: grade 2; hospital care needed: grade 3; life in danger: grade 4"
    )


def test_a_value_that_could_be_abnormal_tells_of_the_findings():
    assert one("Acidosis", 7.33)["clinical"] == "life in danger: grade 4"
    assert one("Acidosis", 7.36, low=7.35)["clinical"] is None


def test_the_rule_names_the_limit_that_decided():
    assert one("NEUT", 0.9, unit="10^9/L")["rule"] == "< 1 x 10^9/L: grade 3"
    assert one("ALT", 50.0, high=40.0, baseline=30.0)["rule"] == "> ULN: grade 1"
    assert one("ALT", 500.0, high=40.0, baseline=100.0)["rule"] == (
        "> 3 x baseline with a high baseline: grade 2"
    )
    potassium = {"unit": "mmol/L", "low": 3.5}
    assert one("K", 3.2, direction="L", **potassium)["rule"] == (
        "< LLN: grade 1, or 2 if symptomatic or treated"
    )
    assert one("K", 3.2, direction="L", unknown="worst", **potassium)["rule"] == (
        "< LLN, taken as symptomatic or treated: grade 2"
    )
    assert one("K", 4.0, direction="L", **potassium)["rule"] == "no limit passed: grade 0"


def test_the_rule_of_a_range_names_both_ends():
    sodium = one("SODIUM", 127.0, direction="L", unit="mmol/L", low=135.0)
    assert sodium["rule"] == "<= 129 mmol/L: grade 2, or 3 if symptomatic"
    lipase = one("LIPASET", 121.0, high=60.0)
    assert lipase["rule"] == "> 1.5 x ULN: grade 2; could be > 2 x ULN if symptomatic: grade 3"
    enzyme = one("ALT", 900.0, high=40.0, low=10.0)
    assert enzyme["rule"] == "could be > 20 x ULN: grade 4"


# ---------------------------------------------------------------- values hardly possible
DOUBTFUL = """
    test     value  unit    grade  asked
    NEUT     450    10^9/L  0      yes
    NEUT     450    /uL     4      no
    NEUT     100    10^9/L  0      no
    NEUT     0      10^9/L  4      no
    PLAT     90000  10^9/L  0      yes
    HGB      9      g/L     3      yes
    HGB      9      g/dL    2      no
    ALB      4      g/L     3      yes
    CREAT    1.2    umol/L  0      yes
    CREAT    1.2    mg/dL   0      no
    CREAT    1.2    -       0      no
    ALT      9000   U/L     4      no
    CACR     9.5    mmol/L  0      yes
"""


@pytest.mark.parametrize("case", table(DOUBTFUL), ids=lambda c: f"{c['test']} {c['value']}")
def test_a_value_that_is_hardly_possible_keeps_its_grade_and_asks_for_its_unit(case):
    given = {
        "direction": "H" if case["test"] in ("CREAT", "ALT") else "L",
        "unit": None if case["unit"] == "-" else case["unit"],
        "low": 0.0,
        "high": 200.0,
        "baseline": 150.0,
    }
    found = one(case["test"], float(case["value"]), **given)
    assert shown(found) == case["grade"]
    assert found["question"] == ("is the unit right?" if case["asked"] == "yes" else None)


def test_the_unit_is_asked_beside_what_the_range_asks():
    found = one("URATE", 9000.0, unit="umol/L", high=420.0)
    assert found["question"] == "it has consequences? grade 3; is the unit right?"


# ---------------------------------------------------------------- baseline and limits
BASELINES = """
    test   value  high  baseline  was     record  grade  why
    ALT    100    40    30        -       no      1      -
    ALT    100    40    90        -       no      0      -
    ALT    100    40    -         NORMAL  no      1      -
    ALT    100    40    -         LOW     no      1      -
    ALT    100    40    -         HIGH    no      0-1    missing: baseline
    ALT    100    40    -         -       no      0-1    missing: baseline
    ALT    50     40    -         -       no      0-1    missing: baseline
    ALT    900    40    -         -       no      0-4    missing: baseline
    ALT    39     40    -         -       no      0      -
    ALT    100    -     30        -       no      0-3    missing: upper limit of normal
    ALT    100    40    100       HIGH    no      0      -
    ALT    100    40    100       HIGH    yes     1      -
    ALT    900    40    900       HIGH    yes     4      -
    CREAT  200    110   80        -       no      2      -
    CREAT  200    110   -         -       no      2-3    missing: baseline
    CREAT  200    -     80        -       no      2-4    missing: upper limit of normal
    CREAT  700    110   -         -       no      4      -
"""


def test_what_is_not_known_of_baseline_and_limits_makes_a_range():
    for case in table(BASELINES):
        given = {
            "high": None if case["high"] == "-" else float(case["high"]),
            "low": 10.0,
            "baseline": None if case["baseline"] == "-" else float(case["baseline"]),
            "baseline_indicator": None if case["was"] == "-" else case["was"],
            "is_baseline": case["record"] == "yes",
        }
        found = one(case["test"], float(case["value"]), **given)
        assert (shown(found), found["why"] or "-") == (case["grade"], case["why"]), case


def test_a_limit_that_matters_only_after_a_no_is_missing_too():
    over_limit = Arm(1, None, (Comparison(True, False, Decimal(1), "ULN", Decimal(0)),), "-", None)
    over_five = Comparison(True, False, Decimal(0), None, Decimal(5))
    asking = Arm(3, "mmol/L", (over_five,), "-", "symptomatic")
    made = Criteria("5.0", (Grading("Made up", "K", "H", (over_limit, asking), ()),), ())
    row = pl.DataFrame({"test": ["Made up"], "value": [6.0], "unit": ["mmol/L"]})
    found = grade_laboratory(row, made).to_dicts()[0]
    assert (shown(found), found["question"]) == ("0-3", "symptomatic? grade 3")
    assert found["why"] == "missing: upper limit of normal"


def test_the_worst_case_takes_an_unknown_baseline_for_normal():
    known = {"low": 10.0, "high": 40.0, "unknown": "worst"}
    assert one("ALT", 900.0, **known)["grade"] == 4
    assert one("ALT", 900.0, low=10.0, unknown="worst")["grade"] is None
    assert one("CREAT", 30.0, **known)["grade"] == 0
    assert one("INR", 1.1, **known)["grade"] is None
    assert one("INR", 1.3, **known)["grade"] == 1


def test_fibrinogen_that_fell_counts_once_it_is_below_normal():
    given = {"unit": "g/L", "low": 2.0}
    assert one("FIBRINO", 1.9, baseline=6.0, **given)["grade"] == 3
    assert one("FIBRINO", 1.5, baseline=6.0, **given)["grade"] == 4
    assert one("FIBRINO", 2.0, baseline=9.0, **given)["grade"] == 0
    assert shown(one("FIBRINO", 1.9, **given)) == "1-4"


def test_an_upper_limit_or_a_baseline_of_zero_is_unknown():
    assert one("CREAT", 90.0, high=0.0)["why"] == "missing: upper limit of normal, baseline"
    assert one("CREAT", 90.0, high=100.0, baseline=0.0)["why"] == "missing: baseline"


# ---------------------------------------------------------------- what cannot be graded
NONE_5 = "test must have laboratory criteria in CTCAE 5.0, got"
CELLS = "must be one such as 10^9/L, 10^6/L, 10^3/uL, /uL, got"
TEST = "test must be a CTCAE term or the code of an analyte, such as NEUT, got"
REFUSED = [
    ("Anemia", "L", None, "g/L", "no value"),
    ("Anemia", "L", -3.0, "g/L", "value must be 0 or more, got a negative one"),
    ("Anemia", "H", 90.0, "g/L", "direction of Anemia must be L, got H"),
    ("SODIUM", None, 120.0, "mmol/L", "direction of SODIUM must be H or L, got none"),
    ("Leukocytosis", "H", 120.0, "WRONG/UNIT", f"unit of WBC {CELLS} WRONG/UNIT"),
    ("PLAT", "L", 20.0, None, f"unit of PLAT {CELLS} none"),
    (
        "Anmia",
        None,
        90.0,
        "g/L",
        f"{TEST} Anmia. Nearest: Anemia",
    ),
    ("Headache", None, 90.0, "g/L", f"{TEST} Headache"),
    (
        "Hyperglycemia",
        None,
        25.0,
        "mmol/L",
        f"{NONE_5} Hyperglycemia: v5.0 grades it by treatment and hospital care, not by a limit",
    ),
    (
        "CA",
        "L",
        1.9,
        "mmol/L",
        f"{NONE_5} CA: Hypocalcemia: calcium must be corrected for albumin first (CACR)",
    ),
    (
        "Acute kidney injury",
        None,
        300.0,
        "umol/L",
        f"{NONE_5} Acute kidney injury: v5.0 grades it by hospital care and dialysis, not by a "
        "limit",
    ),
]


@pytest.mark.parametrize(("test", "direction", "value", "unit", "why"), REFUSED)
def test_a_row_that_cannot_be_graded_says_why_and_has_no_grade(test, direction, value, unit, why):
    found = one(test, value, direction=direction, unit=unit)
    assert found["why"] == why
    blank = ("grade", "lowest", "highest", "rule", "question", "clinical")
    assert [found[name] for name in blank] == [None] * len(blank)


def test_limits_of_normal_that_do_not_rise_are_refused():
    found = one("ALT", 50.0, low=40.0, high=10.0)
    assert found["why"] == "limits of normal must rise, got a lower limit above the upper"
    assert found["grade"] is None


def test_no_rows_give_no_rows():
    empty = pl.DataFrame(schema={"test": pl.String, "value": pl.Float64})
    assert grade_laboratory(empty, laboratory_criteria("5.0")).schema == OUTPUT


# ---------------------------------------------------------------- criteria and calcium
def test_the_study_chooses_the_criteria():
    assert criteria_of("CTCAE-5.0").scale == "CTCAE 5.0"
    assert criteria_of("CTCAE-6.0").scale == "CTCAE 6.0"
    assert criteria_of("CTCAE-4.03") is None
    assert criteria_of("other") is None
    with pytest.raises(DataError) as caught:
        laboratory_criteria("4.0")
    assert str(caught.value) == "CTCAE laboratory criteria must be one of 5.0, 6.0, got 4.0"


def test_every_grade_of_the_criteria_exists_for_its_term():
    terms = ctcae_terms()
    for grading in laboratory_criteria("5.0").gradings:
        term = terms[grading.term.removesuffix(" (Ionized)").lower()]
        ways = {arm.grade for arm in grading.arms} | {way.grade for way in grading.beside}
        assert ways <= set(term.grades), term.term
        assert {1, 2, 3, 4} & set(term.grades) == ways, term.term


def test_a_refused_term_is_a_term():
    assert {r.term.lower() for r in laboratory_criteria("5.0").refusals} <= set(ctcae_terms())


def test_an_analyte_names_the_term_of_each_direction():
    criteria = laboratory_criteria("5.0")
    assert criteria.terms_of("K") == {"H": "Hyperkalemia", "L": "Hypokalemia"}
    assert criteria.terms_of("neut") == {"L": "Neutrophil count decreased"}
    assert criteria.terms_of("CA") == {}
    assert [refusal.term for refusal in criteria.refusals_of("GLUC")] == ["Hyperglycemia"]


@pytest.mark.parametrize(
    ("calcium", "albumin", "expected"), [(2.0, 40, 2.0), (1.9, 25, 2.2), (2.2, 45, 2.1)]
)
def test_calcium_is_corrected_for_albumin(calcium, albumin, expected):
    row = pl.DataFrame({"calcium": [calcium], "albumin": [albumin]})
    found = row.select(corrected_calcium(pl.col("calcium"), pl.col("albumin"))).item()
    assert found == pytest.approx(expected)


def test_calcium_without_albumin_is_not_corrected():
    row = pl.DataFrame(
        {"calcium": [1.9], "albumin": [None]}, schema_overrides={"albumin": pl.Float64}
    )
    assert row.select(corrected_calcium(pl.col("calcium"), pl.col("albumin"))).item() is None
