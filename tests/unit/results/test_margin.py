from cartrial.results.margin import margins
from tests.unit.results.made import cell, output, trial, why

MARGINS = """
analysis       group  category   subjects  of  scale     source
CRS            low    any grade  2         3   Lee 2014  Raje 2019
CRS            high   any grade  9         10  Lee 2014  Raje 2019
CRS            high   grade 3    1         10  Lee 2014  Raje 2019
neurotoxicity  high   any grade  4         10  CTCAE     Raje 2019
"""
ADSL = "subject  SAFFL\nA  Y"


def test_published_counts_stand_apart_with_scale_and_source():
    tables = margins(trial(ADSL=ADSL, margins=MARGINS))
    table = output(tables, "published_crs")
    assert table.output.title == "Cytokine release syndrome (CRS) as published (group counts)"
    assert cell(table, "any grade", "high") == {"n": 9, "of": 10, "percent": 90}
    assert "Scale: Lee 2014." in table.output.footnotes
    assert len(tables) == 2


def test_what_is_not_printed_is_not_made_up():
    table = output(margins(trial(ADSL=ADSL, margins=MARGINS)), "published_crs")
    assert cell(table, "grade 3", "low")["n"] is None
    assert why(table, "grade 3", "n", "low") == "not published"


def test_without_published_counts_there_is_no_table():
    assert margins(trial(ADSL=ADSL)) == ()
