from cartrial.cdisc.define.reading import reading

DOC = """Laboratory analysis (ADLB): one record per result.

From: LB, CM (bridging),
ADSL.

    baseline              the last result before lymphodepletion; without it,
                          before the infusion
    quantified, below quantification

Source: a guide 1.3, section 4
Reading: a result of the day counts as before;
    a date known in part is no baseline.
"""


def test_a_docstring_is_a_comment_of_one_line_for_each_passage():
    assert reading(DOC).splitlines() == [
        "From: LB, CM (bridging), ADSL.",
        "baseline: the last result before lymphodepletion; without it, before the infusion",
        "quantified, below quantification",
        "Source: a guide 1.3, section 4",
        "Reading: a result of the day counts as before; a date known in part is no baseline.",
    ]


def test_one_line_alone_says_nothing_more():
    assert reading("Trial Summary (TS).") == ""
    assert reading(None) == ""
