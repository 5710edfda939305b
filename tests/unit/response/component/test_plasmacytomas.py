"""Plasmacytomas, diameters in mm; the numbers are those of IMWG 2016."""

import pytest

from tests.unit.response.assessing import derived, responses

PLASMACYTOMAS = "plasmacytomas"


def judged(lesions, *, changes=None, samples="", **bounds):
    tables = derived(samples or "day  serum\n-6  0", lesions, changes=changes, **bounds)
    shown = tables.components.filter(component=PLASMACYTOMAS)
    return shown["level"].to_list(), shown["explanation"].to_list()


def test_the_sum_of_products_sets_the_level():
    # at baseline 30 x 20 + 20 x 10 = 800
    text = """
        day  lesion  long  short
        -6   1       30    20
        -6   2       20    10
        30   1       20    20
        30   2       20    10
        60   1       15    20
        60   2       10    10
        90   1       16    25
        90   2       0     0
        120  1       20    10.1
        120  2       20    10
        150  1       0     0
        150  2       0     -
        """
    levels, _ = judged(text)  # 600, 400, 400, seen again, gone
    assert levels == ["SD", "PR", "PR", "PD", "CR"]
    levels, _ = judged(text, changes={"plasmacytoma": {"fall": {"MR": 25}}})
    assert levels == ["MR", "PR", "PR", "PD", "CR"]


def test_the_sum_of_several_progresses_by_half_above_its_lowest():
    text = """
        day  lesion  long  short
        -6   1       20    20
        -6   2       20    10
        30   1       10    10
        30   2       10    10
        60   1       14.9  10
        60   2       14.9  10
        90   1       14.9  10
        90   2       15.1  10
        """
    # 600; 200; 298 is 49 % above; 300 is 50 % above, and no lesion was above 10 mm in short axis
    levels, said = judged(text)
    assert levels == ["PR", "PR", "PD"]
    assert said[-1] == (
        "Sum of plasmacytomas 300 mm2, up 100 mm2 (+50 %) from the lowest value of 200 mm2 "
        "(PD from 50 %)."
    )


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [("11", "30", "PD"), ("11", "29.9", "SD"), ("10", "30", "SD"), ("10.1", "30", "PD")],
)
def test_a_large_lesion_progresses_by_half_of_its_longest_diameter(short, long, expected):
    levels, _ = judged(
        f"""
        day  lesion  long    short
        -6   1       20      {short}
        60   1       {long}  {short}
        """
    )
    assert levels == [expected]


def test_a_lesion_that_is_new_or_seen_again_is_progression():
    levels, said = judged(
        """
        day  lesion  long  short  new
        -6   1       30    20     no
        30   1       0     0      no
        45   1       9.9   5      no
        60   1       10    5      no
        90   1       0     0      no
        90   2       8     -      yes
        """
    )
    assert levels == ["CR", "PR", "PD", "PD"]
    assert said[:1] + said[2:] == [
        "Plasmacytomas gone (2024-01-31).",
        "Plasmacytoma 1 was gone and is seen again.",
        "New plasmacytoma 2.",
    ]


def test_a_new_lesion_is_progression_without_one_at_baseline():
    tables = derived(
        """
        day  serum  serum_fixation
        -6   30     positive
        30   3      positive
        60   0      negative
        """,
        """
        day  lesion  long  short
        28   1       10    10
        """,
    )
    assert responses(tables) == [(28, "PD"), (60, "PR")]
    assert tables.assessed["by_imaging"].to_list() == [True, False]
    assert tables.assessed["explanation"].to_list()[0] == "PD. New plasmacytoma 1."


def test_one_without_a_diameter_is_neither_seen_again_nor_new():
    levels, said = judged(
        """
        day  lesion  long  short  new
        -6   1       30    20     no
        30   1       0     0      no
        60   1       -     -      no
        90   1       0     0      no
        90   2       -     -      no
        120  2       -     -      yes
        """
    )
    assert levels == ["CR", "NE", "NE", "PD"]
    not_measured = "Imaging of {}: a plasmacytoma is not measured."
    assert said[1:] == [
        not_measured.format("2024-03-01"),
        not_measured.format("2024-03-31"),
        "New plasmacytoma 2.",
    ]


def test_what_imaging_does_not_show_is_not_gone():
    levels, said = judged(
        """
        day  lesion  long  short
        -6   1       30    20
        -6   2       20    10
        30   1       0     0
        60   1       10    10
        60   2       10    -
        """
    )
    assert levels == ["NE", "PD"]
    assert said[0] == "Imaging of 2024-01-31: a plasmacytoma is not measured."


def test_imaging_holds_until_the_next_but_not_for_ever():
    tables = derived(
        """
        day  serum  serum_fixation
        -6   30     positive
        28   3      positive
        60   3      positive
        250  3      positive
        251  3      positive
        257  3      positive
        """,
        """
        day  lesion  long  short
        -6   1       30    20
        61   1       0     0
        """,
        together=0,
    )
    assert responses(tables) == [
        (28, "NE"),
        (60, "NE"),
        (61, "NE"),
        (250, "PR"),
        (251, "PR"),
        (257, "NE"),
    ]
    shown = tables.components.filter(component=PLASMACYTOMAS)
    assert shown["explanation"].to_list()[-1] == "Imaging of 2024-03-02 more than 190 days ago."


def test_until_the_next_imaging_after_progression_the_response_is_stable_at_best():
    tables = derived(
        """
        day  serum  serum_fixation
        -6   30     positive
        60   3      positive
        90   3      positive
        """,
        """
        day  lesion  long  short
        -6   1       30    20
        60   1       0     0
        60   2       10    10
        """,
    )
    assert responses(tables) == [(60, "PD"), (90, "SD")]


def test_plasmacytomas_alone_may_measure_the_disease():
    tables = derived(
        """
        day  serum  serum_fixation  urine  urine_fixation  marrow
        -6   0      negative        0      negative        3
        60   0      negative        0      negative        -
        90   0      negative        0      negative        3
        """,
        """
        day  lesion  long  short
        -6   1       30    20
        60   1       0     0
        """,
    )
    assert tables.baseline["measured_by"].to_list() == ["plasmacytoma"]
    assert responses(tables) == [(60, "PR"), (90, "CR")]
    assert tables.assessed["capped"].to_list()[0] == "plasma cells in marrow"
