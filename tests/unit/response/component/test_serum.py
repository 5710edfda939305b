"""M-protein of serum, g/L; the numbers are those of IMWG 2016."""

from tests.unit.response.assessing import derived, levels

SERUM = "serum M-protein"


def test_the_fall_from_baseline_sets_the_level():
    found, expected = levels(
        """
        baseline  now    expected
        30        3.0    VGPR
        30        3.01   PR
        30        15     PR
        30        15.1   MR
        30        22.5   MR
        30        22.6   SD
        30        30     SD
        30        34     SD
        33.3      3.33   VGPR
        48.7      12.175  PR
        10        7.5    MR
        9.9       0.5    not applicable
        -         0.5    not applicable
        30        -      NE
        """,
        SERUM,
        "serum",
    )
    assert found == expected


def test_fixation_decides_between_complete_and_very_good():
    found, expected = levels(
        """
        baseline  now  serum_fixation  serum_band            expected
        30        0    negative        -                     CR
        30        -    negative        -                     CR
        30        0    positive        of the myeloma        VGPR
        30        0    positive        not stated            VGPR
        30        0    positive        -                     VGPR
        30        0    not done        -                     VGPR
        30        0    -               -                     VGPR
        30        2    negative        -                     VGPR
        30        20   negative        -                     MR
        30        2    positive        oligoclonal           CR
        30        20   positive        therapeutic antibody  CR
        30        -    positive        oligoclonal           CR
        30        -    positive        of the myeloma        NE
        30        -    not done        -                     NE
        """,
        SERUM,
        "serum",
    )
    assert found == expected


def test_progression_is_a_quarter_and_5_g_above_the_lowest_confirmed_value():
    found, expected = levels(
        """
        baseline  before     now    expected
        30        3 3        8      PD
        30        3 3        7.9    PR
        30        3          8      PR
        30        24 24      29.9   SD
        30        24 24      30     PD
        30        20 20      25     PD
        30        20.1 20.1  25.1   SD
        30.1      0.1 0.1    5.1    PD
        30        0 0        5      PD
        30        0 0        4.9    PR
        30        3 9 3      14     PD
        30        3 9 3      13.9   PR
        30        3 9 9 3    14     PD
        30        -          35     SD
        30        -          37.5   PD
        -         3 3        8      PD
        -         3          8      not applicable
        5         5          10     PD
        5         5          9.9    not applicable
        """,
        SERUM,
        "serum",
    )
    assert found == expected


def test_from_50_g_a_rise_by_10_g_is_enough():
    text = """
        baseline  now    expected
        80        90     PD
        80        89.9   SD
        50        60     PD
        50        59.9   SD
        49.9      60     SD
        49.9      62.4   PD
        """
    found, expected = levels(text, SERUM, "serum")
    assert found == expected
    both = {"serum": {"rise_from_high": {"percent": 25}}}
    found, _ = levels(text, SERUM, "serum", changes=both)
    assert found == ["SD", "SD", "SD", "SD", "SD", "PD"]


def test_a_study_may_ask_for_more_than_5_g():
    text = """
        baseline  before  now   expected
        30        3 3     8     PR
        30        3 3     8.1   PD
        """
    found, expected = levels(text, SERUM, "serum", changes={"serum": {"rise": {"at_limit": False}}})
    assert found == expected


def test_a_study_may_count_a_rise_from_any_lowest_value():
    text = """
        baseline  before  now   expected
        30        3 9     8.0   PD
        30        3 9     7.9   PR
        """
    found, expected = levels(text, SERUM, "serum", changes={"lowest": "any"})
    assert found == expected


def test_a_study_may_accept_less_as_measurable():
    text = """
        baseline  now   expected
        5         0.5   VGPR
        4.9       0.4   not applicable
        """
    found, expected = levels(text, SERUM, "serum", changes={"serum": {"measurable": 5}})
    assert found == expected


def test_each_level_is_said_in_a_sentence():
    tables = derived(
        """
        day  serum  serum_fixation  serum_band
        -6   30.1   positive        of the myeloma
        30   32     positive        of the myeloma
        60   30.1   positive        of the myeloma
        90   20     positive        of the myeloma
        120  1.2    positive        of the myeloma
        150  1.2    positive        of the myeloma
        180  0      positive        of the myeloma
        210  0      negative        -
        240  7.2    positive        oligoclonal
        270  6.2    positive        of the myeloma
        300  -      positive        of the myeloma
        """
    )
    serum = tables.components.filter(component=SERUM)
    assert serum.select("level", "explanation").rows() == [
        ("SD", "Serum M-protein 32.0 g/L, 6 % above the baseline of 30.1 g/L (MR from 25 %)."),
        ("SD", "Serum M-protein 30.1 g/L, as at baseline (MR from 25 %)."),
        ("MR", "Serum M-protein 20.0 g/L, 33 % below the baseline of 30.1 g/L (MR from 25 %)."),
        ("VGPR", "Serum M-protein 1.2 g/L, 96 % below the baseline of 30.1 g/L (VGPR from 90 %)."),
        ("VGPR", "Serum M-protein 1.2 g/L, 96 % below the baseline of 30.1 g/L (VGPR from 90 %)."),
        ("VGPR", "Serum M-protein not measurable by electrophoresis."),
        ("CR", "No M-protein in serum, immunofixation negative."),
        ("CR", "Serum M-protein 7.2 g/L not of the myeloma: oligoclonal bands."),
        (
            "PD",
            "Serum M-protein 6.2 g/L, up 6.2 g/L from the lowest confirmed value of 0.0 g/L "
            "(PD from 25 % and 5 g/L).",
        ),
        ("NE", "Serum M-protein missing."),
    ]
    numbers = serum.filter(number=3).select("value", "baseline", "lowest", "rise", "unit")
    assert numbers.rows() == [(20.0, 30.1, 30.1, -10.1, "g/L")]
