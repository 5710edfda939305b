import datetime as dt

import polars as pl
import pytest

from cartrial import schema as s

WHEN = dt.datetime(2024, 3, 1, 8)


class Sample(s.Table):
    """A sample with one column of each kind.  Key: subject, number."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    volume = s.number("Volume", "mL", min=0, max=50, nullable=True)
    why_missing = s.why_missing("Why the volume is missing", of=["volume"])
    kind = s.code("Kind", ("blood", "marrow"), nullable=True)
    fasting = s.flag("Fasting", nullable=True)
    drawn = s.date("Drawn on", nullable=True)
    received = s.moment("Received at", nullable=True)
    ordered = s.partial_date("Ordered", nullable=True)
    remark = s.text("Remark", nullable=True)
    batch = s.text("Batch", nullable=True, private=False, most=6)
    measured = s.number("Measured", unit_in="batch", min=0, nullable=True)

    @s.rule()
    def received_after_the_draw(cls) -> pl.Expr:
        return cls.received.col.dt.date() >= cls.drawn.col


def given(**cells: str) -> pl.DataFrame:
    row = {"subject": "001-001", "number": "1", "volume": "5"} | cells
    return pl.DataFrame({name: [cell] for name, cell in row.items()})


def told(raw: pl.DataFrame) -> list[str]:
    return [str(finding) for finding in s.parse(Sample, raw, place="sample.csv").findings]


def test_every_kind_is_read_from_text() -> None:
    raw = given(
        kind=" blood ",
        fasting="Yes",
        drawn="2024-03-01",
        received="2024-03-01T08:00",
        ordered="2024-02",
    )
    parsed = s.parse(Sample, raw, place="sample.csv")
    assert parsed.findings == []
    assert parsed.frame.row(0, named=True) == {
        "subject": "001-001",
        "number": 1,
        "volume": 5.0,
        "why_missing": None,
        "kind": "blood",
        "fasting": True,
        "drawn": dt.date(2024, 3, 1),
        "received": WHEN,
        "ordered": "2024-02",
        "remark": None,
        "batch": None,
        "measured": None,
    }


PLACE = "sample.csv: line 2, subject 001-001, number 1: "


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("drawn", "2024-02-30", "drawn: must be a date as YYYY-MM-DD, got 2024-02-30"),
        ("drawn", "1.3.2024", "drawn: must be a date as YYYY-MM-DD, got 1.3.2024"),
        ("volume", "five", "volume: must be a number, got five"),
        ("volume", "3,5", "volume: must be a number with a decimal point, not a comma, got 3,5"),
        ("volume", "60", "volume: must be at most 50 mL, got 60.0"),
        ("volume", "-1", "volume: must be at least 0 mL, got -1.0"),
        ("volume", "nan", "volume: must be a finite number, got nan"),
        ("volume", "-Inf", "volume: must be a finite number, got -Inf"),
        ("measured", "-1", "measured: must be at least 0, got -1.0"),
        ("measured", "NaN", "measured: must be a finite number, got NaN"),
        ("kind", "urine", "kind: must be one of blood, marrow, got urine"),
        ("fasting", "perhaps", "fasting: must be yes or no, got perhaps"),
        ("ordered", "2024-13", "ordered: must be a date as far as known, YYYY[-MM[-DD[THH:MM]]]"),
        ("ordered", "2023-02-29", "ordered: must be a date as far as known"),
        ("received", "2024-03-01 25:00", "received: must be a date and time as YYYY-MM-DDTHH:MM"),
        ("batch", "ABCDEFG", "batch: must be at most 6 characters long, got ABCDEFG"),
    ],
)
def test_a_bad_cell_is_told_with_its_place_rule_and_value(
    column: str, cell: str, message: str
) -> None:
    (line,) = told(given(**{column: cell}))
    assert line.startswith(PLACE + message)


def test_a_count_is_whole() -> None:
    assert told(given(number="1.5")) == [
        "sample.csv: line 2, subject 001-001, number 1.5: number: must be a whole number, got 1.5"
    ]


def test_a_rule_over_columns_is_told_in_its_words() -> None:
    raw = given(drawn="2024-03-02", received="2024-03-01T08:00")
    assert told(raw) == [PLACE.rstrip(": ") + ": must keep the rule 'received after the draw'"]


def test_a_bad_row_is_held_back_and_the_others_stay() -> None:
    raw = pl.concat([given(), given(number="2", volume="five"), given(number="3")])
    parsed = s.parse(Sample, raw, place="sample.csv")
    assert parsed.frame["number"].to_list() == [1, 3]
    assert [finding.line for finding in parsed.findings] == [3]


def test_a_key_that_stands_several_times_is_told_once_with_its_lines() -> None:
    raw = pl.concat([given(), given(volume="6"), given(number="2"), given()])
    parsed = s.parse(Sample, raw, place="sample.csv")
    assert parsed.frame["number"].to_list() == [2]
    assert [str(finding) for finding in parsed.findings] == [
        "sample.csv: line 2, subject 001-001, number 1: must be the only row with its "
        "subject, number, got the same key in lines 3, 5"
    ]


def test_free_text_is_never_repeated() -> None:
    class Note(s.Table):
        """A note."""

        subject = s.subject()
        what = s.text("What", most=5)

    raw = pl.DataFrame({"subject": ["001-001"], "what": ["a long secret"]})
    (finding,) = s.parse(Note, raw, place="note.csv").findings
    assert "secret" not in str(finding)
    assert finding.got == "a value that is not shown here"


def test_a_missing_column_stops_the_table_where_it_may_not_be_null() -> None:
    parsed = s.parse(Sample, given().drop("number"), place="sample.csv")
    assert parsed.frame.is_empty()
    assert [str(finding) for finding in parsed.findings] == [
        "sample.csv: number: must be there, got no such column. Add the column number"
    ]


def test_an_unknown_column_is_told_with_the_nearest_name() -> None:
    (finding,) = s.parse(Sample, given(drwan="2024-03-01"), place="sample.csv").findings
    assert str(finding) == (
        "sample.csv: drwan: must be a declared column, got an unknown column. Did you mean drawn?"
    )


def test_a_value_without_a_reason_is_a_warning() -> None:
    raw = given(volume="")
    parsed = s.parse(Sample, raw, place="sample.csv")
    (finding,) = parsed.findings
    assert parsed.frame.height == 1
    assert finding.severity == "warning"
    assert str(finding).startswith(
        "sample.csv: subject 001-001, number 1: why_missing: must be given where volume is "
        "missing, got nothing. One of not done, "
    )
    assert s.parse(Sample, given(volume="", why_missing="not done"), place="").findings == []


def test_a_header_alone_is_an_empty_table() -> None:
    parsed = s.parse(Sample, given().clear(), place="sample.csv")
    assert parsed.frame.is_empty()
    assert parsed.findings == []


def test_text_is_what_parse_reads_back() -> None:
    raw = given(
        fasting="no",
        drawn="2024-03-01",
        received="2024-03-01T08:00:30",
        ordered="2024",
        volume="0.1",
    )
    first = s.parse(Sample, raw, place="").frame
    again = s.parse(Sample, s.to_text(Sample, first), place="").frame
    assert first.equals(again)
    assert s.to_text(Sample, first)["received"].to_list() == ["2024-03-01T08:00:30"]


def test_the_summary_names_the_first_and_counts_the_rest() -> None:
    raw = pl.concat([given(volume="five"), given(number="2", volume="six")])
    findings = s.parse(Sample, raw, place="sample.csv").findings
    assert s.summary(findings[:1]) == str(findings[0])
    assert s.summary(findings) == (f"{findings[0]} (and 1 more; `cartrial check` lists all)")
    told = s.summary(findings, listed="csdrg.pdf lists all")
    assert told == f"{findings[0]} (and 1 more; csdrg.pdf lists all)"


def test_what_was_written_as_text_is_had_back() -> None:
    raw = given(kind="blood", fasting="no", drawn="2024-03-01", ordered="2024-02", measured="0.50")
    frame = s.parse(Sample, raw, place="sample.csv").frame
    assert s.from_text(Sample, s.to_text(Sample, frame)).equals(frame)


def test_a_frame_is_made_to_conform_and_none_is_empty() -> None:
    frame = s.parse(Sample, given(), place="sample.csv").frame
    other = frame.with_columns(pl.col("number").cast(pl.Int8), more=pl.lit("x"))
    assert s.conform(Sample, other).equals(frame)
    assert s.conform(Sample, frame) is frame
    assert s.conform(Sample, None).schema == frame.schema
