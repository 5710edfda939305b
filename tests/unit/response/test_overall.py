"""The response of an assessment from all its components, and its explanation."""

import pytest

from tests.unit.response.assessing import derived, responses

HEADER = "day  serum  serum_fixation  urine  urine_fixation  kappa  lambda_  marrow  clonal"
BEFORE = "-6   30     positive        500    positive        120    10       40      found"


def response(*rows, **more):
    """The last response, what is missing for a better one, and its explanation."""
    tables = derived("\n".join([HEADER, BEFORE, *rows]), **more)
    return tables.assessed.select("response", "capped", "explanation").row(-1)


@pytest.mark.parametrize(
    ("row", "expected", "capped"),
    [
        ("28  0    negative  0   negative  10  10  4    not found", "sCR", None),
        ("28  0    negative  0   negative  10  10  4    found", "CR", None),
        ("28  0    negative  0   negative  20  10  4    not found", "CR", None),
        ("28  0    negative  0   negative  -   -   4    not found", "CR", "ratio"),
        ("28  0    negative  0   negative  10  10  4    -", "CR", "clonal"),
        ("28  0    negative  0   negative  -   -   4    not done", "CR", "ratio, clonal"),
        ("28  0    negative  0   negative  20  10  4    -", "CR", None),
        ("28  0    negative  0   negative  10  10  5    not found", "VGPR", None),
        ("28  0    negative  0   negative  10  10  -    -", "VGPR", "marrow"),
        ("28  0    -         0   negative  10  10  4    not found", "VGPR", "serum"),
        ("28  0    -         0   -         10  10  -    -", "VGPR", "serum, urine, marrow"),
        ("28  0    positive  0   -         10  10  -    -", "VGPR", None),
        ("28  3    positive  99  positive  10  10  4    not found", "VGPR", None),
        ("28  0    negative  99  positive  10  10  4    not found", "VGPR", None),
        ("28  0    negative  100  positive  10  10  4    not found", "PR", None),
        ("28  0    negative  400  positive  10  10  4    not found", "SD", None),
        ("28  16   positive  0   negative  10  10  4    not found", "MR", None),
        ("28  0    negative  -   positive  10  10  4    not found", "NE", None),
        ("28  -    -         0   negative  10  10  4    not found", "NE", None),
        ("28  -    -         800  positive  10  10  4    not found", "PD", None),
        ("28  38   positive  -   -         -   -   -    -", "PD", None),
        ("28  38   positive  0   negative  10  10  4    not found", "PD", None),
    ],
)
def test_the_lowest_component_sets_the_response(row, expected, capped):
    words = {
        "serum": "immunofixation of serum",
        "urine": "immunofixation of urine",
        "marrow": "plasma cells in marrow",
        "ratio": "ratio of free light chains",
        "clonal": "test for clonal plasma cells in marrow",
    }
    missing = None if capped is None else "; ".join(words[part] for part in capped.split(", "))
    found, said, _ = response(row)
    assert (found, said) == (expected, missing)


def test_the_last_marrow_after_the_infusion_counts_until_the_next():
    rows = [
        "28  0  negative  0  negative  10  10  4  not found",
        "400  0  negative  0  negative  10  10  -  -",
        "430  0  negative  0  negative  10  10  6  not found",
        "460  0  negative  0  negative  10  10  -  -",
    ]
    tables = derived("\n".join([HEADER, BEFORE, *rows]))
    assert [said for _, said in responses(tables)] == ["sCR", "sCR", "VGPR", "VGPR"]
    limited = derived("\n".join([HEADER, BEFORE, *rows]), changes={"marrow": {"holds": 371}})
    assert [said for _, said in responses(limited)] == ["sCR", "VGPR", "VGPR", "VGPR"]
    assert limited.assessed["capped"].to_list()[1] == "plasma cells in marrow"


def test_a_revision_without_scr_and_mr_gives_the_next_lower_ones():
    revised = {"responses": ["CR", "VGPR", "PR", "SD", "PD", "NE"]}
    strict = "28  0  negative  0  negative  10  10  4  not found"
    assert response(strict, changes=revised)[:2] == ("CR", None)
    assert response(strict.replace("not found", "-"), changes=revised)[:2] == ("CR", None)
    minor = "28  20  positive  100  negative  10  10  4  not found"
    assert response(minor)[0] == "MR"
    assert response(minor, changes=revised) == (
        "SD",
        None,
        "SD. Serum M-protein 20.0 g/L, 33 % below the baseline of 30.0 g/L (PR from 50 %). "
        "Urine M-protein 100 mg/24h, below 200.",
    )


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["28  1.2  positive  40  negative  10  10  -  -"],
            "VGPR. Serum M-protein 1.2 g/L, 96 % below the baseline of 30.0 g/L (VGPR from 90 %). "
            "Urine M-protein 40 mg/24h, below 100. Not CR: immunofixation of serum positive; "
            "M-protein in urine; plasma cells in marrow missing.",
        ),
        (
            ["28  0  negative  0  negative  10  10  4  not found"],
            "sCR. No M-protein in serum, immunofixation negative. No M-protein in urine, "
            "immunofixation negative. Ratio of free light chains normal (kappa 10 mg/L, lambda 10 "
            "mg/L; 0.26 to 1.65). Plasma cells in marrow 4 % (2024-01-29), below 5, none clonal.",
        ),
        (
            ["28  0  negative  0  negative  -  -  4  found"],
            "CR. No M-protein in serum, immunofixation negative. No M-protein in urine, "
            "immunofixation negative. Plasma cells in marrow 4 % (2024-01-29), below 5. "
            "Not sCR: clonal plasma cells in marrow; ratio of free light chains missing.",
        ),
        (
            ["28  0  -  0  negative  -  -  4  found"],
            "VGPR. Serum M-protein not measurable by electrophoresis. No M-protein in urine, "
            "immunofixation negative. CR not shown: immunofixation of serum missing.",
        ),
        (
            [
                "28  3  positive  60   positive  -  -  -  -",
                "61  3  positive  60   positive  -  -  -  -",
                "91  9  positive  260  positive  -  -  -  -",
            ],
            "PD. Serum M-protein 9.0 g/L, up 6.0 g/L (+200 %) from the lowest confirmed value of "
            "3.0 g/L (PD from 25 % and 5 g/L). Urine M-protein 260 mg/24h, up 200 mg/24h (+333 %) "
            "from the lowest confirmed value of 60 mg/24h (PD from 25 % and 200 mg/24h).",
        ),
        (
            ["28  0  positive  99.96  positive  -  -  -  -"],
            "VGPR. Serum M-protein not measurable by electrophoresis. Urine M-protein 99.96 "
            "mg/24h, below 100. Not CR: immunofixation of serum positive; immunofixation of urine "
            "positive; plasma cells in marrow missing.",
        ),
        (
            ["28  -  positive  -  -  10  10  4  found"],
            "NE. Serum M-protein missing. Urine M-protein missing.",
        ),
    ],
)
def test_a_response_is_explained_as_a_haematologist_would(rows, expected):
    assert response(*rows)[2] == expected


def test_urine_that_was_not_measurable_is_said_to_hold_the_response_down():
    tables = derived(
        """
        day  serum  serum_fixation  urine
        -6   30     positive        50
        30   3      positive        150
        60   3      positive        200
        """
    )
    held = [said.split("). ")[1] for said in tables.assessed["explanation"]]
    assert held == [
        "Urine M-protein 150 mg/24h: at most PR.",
        "Urine M-protein 200 mg/24h: at most SD.",
    ]


@pytest.mark.parametrize(
    ("baseline", "expected"),
    [
        ("5  50  10  10  3", "NE. Disease was not measurable at baseline."),
        (
            "5  50  -  -  3",
            "NE. By what the disease is measurable is not known: baseline missing.",
        ),
    ],
)
def test_disease_that_cannot_be_measured_is_not_evaluable_unless_it_progresses(baseline, expected):
    tables = derived(
        f"""
        day  serum  urine  kappa  lambda_  marrow
        -6   {baseline}
        28   4      40     10     10       3
        61   10     40     10     10       3
        """
    )
    assert responses(tables) == [(28, "NE"), (61, "PD")]
    assert tables.assessed["explanation"].to_list()[0] == expected


def test_a_subject_without_samples_has_a_baseline_that_is_not_known():
    tables = derived("day  serum")
    assert tables.baseline["measured_by"].to_list() == ["not known"]
    assert tables.assessed.is_empty()
    assert tables.components.is_empty()
