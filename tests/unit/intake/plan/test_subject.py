"""What the ids of subjects look like."""

import pytest

from cartrial.intake.plan.subject import is_like, pattern_of


@pytest.mark.parametrize(
    ("ids", "pattern", "others"),
    [
        (["001-001", "001-002"], "999-999", ()),
        (["P01", "P02", "P03", "P04", "P 05"], "A99", ("P 05",)),
        (["P01", "P02", "P 03", "Mean"], "", ("P 03", "Mean")),
        (["1", "2", "9", "10", "11"], "9", ()),
        ([*map(str, range(1, 14)), "Mean"], "9", ("Mean",)),
        (["101", "102"], "999", ()),
        ([], "", ()),
    ],
)
def test_most_ids_make_the_pattern(ids, pattern, others):
    assert pattern_of(ids) == (pattern, others)


@pytest.mark.parametrize(
    ("subject", "pattern", "expected"),
    [
        ("001-004", "999-999", True),
        ("001-004", "001-001", True),
        ("1-004", "999-999", False),
        ("12", "9", True),
        ("012", "9", False),
        ("1011", "999", False),
        ("Mean", "any", True),
    ],
)
def test_an_id_looks_like_the_pattern(subject, pattern, expected):
    assert is_like(subject, pattern) == expected
