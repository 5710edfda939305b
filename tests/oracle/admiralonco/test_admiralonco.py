"""Confirmed response by the rule table of the R package admiralonco, on the data it is shown on.

After a subject stand its overall responses in the order of time: NE is not evaluable, and of PD it
is told by what it was shown. Then follows what each is once confirmed, worked out by hand from the
rule table, and the best response (- where none counts).
"""

from pathlib import Path

import polars as pl

from cartrial.adam.time.imputation import last_day
from cartrial.response.confirmation import best_responses, judge
from cartrial.response.judged import Overall
from cartrial.response.sample import FollowUp
from cartrial.sdtm.domains.rs import Rs, is_by_imaging
from cartrial.sdtm.file.reading import read_domain
from cartrial.sdtm.file.supplemental import merged

HERE = Path(__file__).parent
THROUGHOUT = {
    "STUDYID": pl.lit("CDISCPILOT01"),
    "DOMAIN": pl.lit("RS"),
    "RSTESTCD": pl.lit("OVRLRESP"),
    "RSTEST": pl.lit("Overall Response"),
    "RSCAT": pl.lit("IMWG"),
    "RSEVAL": pl.lit("INVESTIGATOR"),
    "VISITNUM": pl.lit(None, dtype=pl.String),
}
EXPECTED = """
    01-701-1015  PD(death)                   PD                  PD
    01-701-1028  sCR sCR CR                  sCR sCR sCR         sCR
    01-701-1034  CR CR sCR                   CR CR CR            CR
    01-701-1097  PD                          NE                  -
    01-701-1115  PD(imaging)                 PD                  PD
    01-701-1118  sCR VGPR CR VGPR            VGPR VGPR VGPR VGPR VGPR
    01-701-1130  VGPR sCR VGPR VGPR          VGPR VGPR VGPR VGPR VGPR
    01-701-1133  sCR PR CR PR                PR PR PR PR         PR
    01-701-1146  PD                          NE                  NE
    01-701-1148  VGPR PR PR PR               PR PR PR PR         PR
    01-701-1153  sCR MR SD sCR MR            MR MR MR MR MR      MR
    01-701-1203  CR MR CR SD                 MR MR MR MR         MR
    01-701-1211  VGPR MR                     MR MR               MR
    01-701-1239  PR MR MR VGPR               MR MR MR MR         MR
    01-701-1275  MR PR                       MR MR               MR
    01-701-1287  PR PR PD PD                 PR PR PD PD         PR
    01-701-1294  PR SD                       SD SD               SD
    01-701-1302  PD(imaging) CR              PD PD               PD
    01-701-1345  MR MR PD PR                 MR MR MR MR         MR
    01-701-1363  NE CR                       NE SD               SD
    01-701-1415  PR NE MR MR                 MR MR MR MR         MR
    01-702-1082  PD CR                       NE SD               SD
    01-703-1076  PR NE                       SD SD               SD
"""


def expected():
    """Subject, its responses as assessed, the same once confirmed, and the best of them."""
    for line in EXPECTED.strip().splitlines():
        subject, *words = line.split()
        *visits, best = words
        half = len(visits) // 2
        yield subject, visits[:half], visits[half:], None if best == "-" else best


def recorded():
    """RS of another system with its qualifiers, as cartrial reads it."""
    responses = pl.read_csv(HERE / "rs_onco_imwg.csv", infer_schema=False)
    qualifiers = pl.read_csv(HERE / "supprs_onco_imwg.csv", infer_schema=False)
    known = merged(
        Rs,
        responses.with_columns(**THROUGHOUT, RSORRES="RSSTRESC"),
        qualifiers.with_columns(IDVAR=pl.lit("RSSEQ")),
        "supprs_onco_imwg.csv",
    )
    read = read_domain(Rs, known.parent, place="rs_onco_imwg.csv")
    assert not [*known.findings, *read.findings]
    return read.frame


def responses():
    return recorded().select(
        subject="USUBJID",
        on=last_day(pl.col("RSDTC")),
        number="RSSEQ",
        response="RSSTRESC",
        confirmed=pl.lit(None, dtype=pl.Boolean),
        by_imaging=is_by_imaging(),
        died=(pl.col("DTHPDFL") == "Y").fill_null(False),
        new_therapy=pl.col("NACTDT").str.to_date(),
    )


def judged(method):
    found = responses()
    bounds = found.group_by("subject").agg(
        pl.col("new_therapy").min(),
        died=pl.col("died").any(),
        died_of_disease=pl.col("died").any(),
        **{name: pl.lit(None, dtype=pl.Date) for name in ("infused", "before", "after", "death")},
    )
    return judge(Overall.cast(found), FollowUp.cast(bounds), method=method)


def in_words(rows):
    """The responses of a subject, with what stands behind PD."""
    for row in rows.sort("on").iter_rows(named=True):
        why = "(imaging)" if row["by_imaging"] else "(death)" if row["died"] else ""
        yield row["response"] + why


def test_the_data_are_those_of_the_table():
    found = {subject: list(in_words(rows)) for (subject,), rows in responses().group_by("subject")}
    assert found == {subject: assessed for subject, assessed, _, _ in expected()}
    assert sum(len(rows) for rows in found.values()) == 65


def test_best_so_far_is_the_rule_table():
    found = judged("best so far")
    for subject, _, confirmed, _ in expected():
        assert found.filter(pl.col("subject") == subject)["status"].to_list() == confirmed, subject


def test_the_best_response_is_that_of_the_vignette():
    best = best_responses(judged("best so far"), confirmed=True)
    found = dict(best.select("subject", "response").iter_rows())
    assert found == {subject: best for subject, _, _, best in expected() if best}


def test_our_own_best_so_far_differs_only_where_nothing_is_confirmed_yet():
    found = judged("IMWG")
    for subject, _, confirmed, _ in expected():
        mine = found.filter(pl.col("subject") == subject)["best_so_far"].fill_null("NE")
        assert mine.to_list() == confirmed, subject


def test_our_own_status_may_fall():
    found = judged("IMWG")
    fallen = found.filter(pl.col("status") != pl.col("best_so_far"))
    assert fallen.select("subject", "status", "best_so_far").rows() == [
        ("01-701-1028", "CR", "sCR"),
        ("01-701-1153", "SD", "MR"),
        ("01-701-1203", "SD", "MR"),
    ]
