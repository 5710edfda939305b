import pytest

from cartrial.results.interval import LABELS, grade_label, worst_of


@pytest.mark.parametrize(
    ("lowest", "highest", "shown"),
    [
        (3, 3, "Grade 3"),
        (0, 0, "Grade 0"),
        (2, 4, "At least grade 2"),
        (0, 2, "Not assessable"),
    ],
)
def test_an_interval_is_one_number_only_where_both_ends_agree(lowest, highest, shown):
    assert grade_label((lowest, highest)) == shown


def test_every_interval_has_its_label_in_the_list():
    every = {grade_label((low, high)) for low in range(6) for high in range(low, 6)}
    assert every == set(LABELS)


def test_the_worst_is_at_least_the_highest_lower_end():
    assert worst_of([(2, 2), (0, 4), (1, 1)]) == (2, 4)
    assert worst_of([(3, 3), (0, 2)]) == (3, 3)
    assert worst_of([]) is None
