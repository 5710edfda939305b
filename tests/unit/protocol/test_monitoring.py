"""Monitoring rules as a study file gives them."""

import pytest

from cartrial.errors import StudyError
from cartrial.protocol.read import packaged_text, parse_study
from cartrial.protocol.study import Study

RULES = packaged_text().index("monitoring: !assumed")
AFTER = packaged_text().index("analytes: !assumed")


def study(rules: str) -> Study:
    """The packaged study with these rules in place of its own."""
    text = packaged_text()
    return parse_study(
        f"{text[:RULES]}monitoring: !assumed {rules}\n{text[AFTER:]}", place="study.yaml"
    )


def fault(rules: str) -> str:
    with pytest.raises(StudyError) as raised:
        study(rules)
    return str(raised.value)


def test_a_rule_that_names_no_prior_has_a_uniform_one_and_is_asked_from_the_first_subject() -> None:
    [rule] = study("[{endpoint: response, limit: 0.5, probability: 0.05}]").monitoring
    assert (rule.prior, rule.after, rule.within) == ((1, 1), 1, None)
    assert rule.stops_below


def test_a_rule_on_deaths_stops_for_a_high_rate() -> None:
    rules = "[{endpoint: treatment-related death, limit: 0.1, probability: 0.9, within: 90}]"
    [rule] = study(rules).monitoring
    assert not rule.stops_below


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (
            "[{endpoint: response, limit: 0.5, probability: 0.05, within: 90}]",
            "study.yaml: monitoring.0: within must stand with deaths only, got 90 of response",
        ),
        (
            "[{endpoint: response, limit: 1.5, probability: 0.05}]",
            "study.yaml: monitoring.0.limit: must be less than 1, got 1.5",
        ),
        (
            "[{endpoint: response, limit: 0.5, probability: 0.05, prior: [0, 1]}]",
            "study.yaml: monitoring.0.prior.0: must be more than 0, got 0",
        ),
        (
            "[{endpoint: relapse, limit: 0.5, probability: 0.05}]",
            "study.yaml: monitoring.0.endpoint: must be one of response, treatment-related "
            "death, got relapse",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_told_in_one_line(rules: str, told: str) -> None:
    assert fault(rules) == told
