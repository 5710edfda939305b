import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.report.rtf.text import to_rtf
from tests.unit.report.rtf.reader import read_rtf


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 (16.7%)", "3 (16.7%)"),
        ("a\\b {c}", "a\\\\b \\{c\\}"),
        ("≥ 5", "\\uc1\\u8805? 5"),
        ("−2", "\\uc1\\u8722?2"),
        ("1 × 10⁶/kg", "1 \\uc1\\u215? 10{\\super 6}/kg"),
        ("10⁻⁵", "10{\\super -5}"),
        ("two\nlines", "two\\line lines"),
        ("🙂", "\\uc1\\u-10179?\\uc1\\u-8638?"),
    ],
)
def test_text_is_escaped(text: str, expected: str):
    assert to_rtf(text) == expected


RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
LETTERS = st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters=RAISED)


@given(st.text(LETTERS))
def test_any_text_is_read_back(text: str):
    assert read_rtf(f"{{{to_rtf(text)}}}").text == text
