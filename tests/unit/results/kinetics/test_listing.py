from cartrial.results.kinetics.listing import car_listing
from tests.unit.results.kinetics.trial import small_trial
from tests.unit.results.made import trial

QPCR, FLOW = "CAR DNA, qPCR (copies/ug)", "CAR cells, flow cytometry (cells/uL)"


def lines() -> list[dict[str, str | None]]:
    [table] = car_listing(small_trial())
    found: dict[int, dict[str, str | None]] = {}
    for one in table.cells:
        found.setdefault(one["row"], {"subject": one["subjects"]})[one["group"]] = one["text"]
    return list(found.values())


def test_what_is_no_value_is_said_in_words():
    said = [(line["subject"], line["Visit"], line[QPCR]) for line in lines()]
    assert said == [
        ("A", "Day 7", "100"),
        ("A", "Day 28", "ND (< 50)"),
        ("B", "Day 7", "200"),
        ("C", "Day 7", "BLQ (< 60)"),
        ("D", "Day 7", "not done: lost"),
    ]


def test_both_methods_of_a_day_stand_on_one_line():
    first = lines()[0]
    assert (first["Planned day"], first["Actual day"], first[FLOW]) == ("7", "6.9", "2")
    assert lines()[1][FLOW] == "-"


def test_nothing_collected_is_no_listing():
    assert car_listing(trial(ADSL="subject  TRT01AN  SAFFL\nA  1  Y")) == ()
