from hypothesis import given
from hypothesis import strategies as st

from cartrial.protocol.new import draft_study_file
from cartrial.protocol.registry_record import RegisteredOutcome, RegistryRecord

words = st.text(max_size=300).map(lambda text: " ".join(text.split())).filter(bool)


@given(title=words, measure=words, name=words, criterion=words)
def test_any_words_of_a_record_come_through_the_file_unchanged(
    title: str, measure: str, name: str, criterion: str
) -> None:
    record = RegistryRecord(
        number="NCT1",
        title=title,
        summary="",
        condition="",
        phase="",
        subjects=None,
        centres=None,
        interventions=(("BIOLOGICAL", name),),
        outcomes=(RegisteredOutcome("primary", measure, title, criterion),),
        eligibility=(criterion,),
    )
    study = draft_study_file("A", record).study
    outcome = study.outcomes[0]
    assert study.title == title
    assert (outcome.measure, outcome.description, outcome.time_frame) == (measure, title, criterion)
    assert study.interventions[0].name == study.product.name == name
    assert study.eligibility == (criterion,)
