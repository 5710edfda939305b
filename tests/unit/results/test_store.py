from cartrial.results.analyse import analyse_trial
from cartrial.results.store import tables
from tests.unit.results.made import trial
from tests.unit.results.test_syndrome import ADCE, ADSL


def test_every_number_row_figure_and_headline_is_stored():
    made = trial(ADSL=ADSL, ADCE=ADCE)
    found = analyse_trial(made.study, made.adam)
    stored = tables(found)
    assert stored["values"].height == found.values.height
    assert stored["outputs"]["output"].to_list() == [output.id for output in found.outputs]
    assert stored["rows"].height == sum(len(output.rows) for output in found.outputs)
    assert stored["figures"]["figure"].to_list() == [figure.id for figure in found.figures]
    assert stored["headlines"].height == len(found.headlines)
    written = [text for one in found.prose for text in (*one.paragraphs, *one.references)]
    assert stored["prose"]["paragraph"].to_list() == written
    assert "figure_crs_grades" in stored
    assert list(stored) == [*list(stored)[:6], *sorted(list(stored)[6:])]


def test_every_row_and_group_of_the_values_is_declared_by_its_output():
    made = trial(ADSL=ADSL, ADCE=ADCE)
    found = analyse_trial(made.study, made.adam)
    rows = {(o.id, row.number) for o in found.outputs for row in o.rows}
    groups = {(o.id, group.name) for o in found.outputs for group in o.groups}
    assert set(found.values.select("output", "row").iter_rows()) <= rows
    assert set(found.values.select("output", "group").iter_rows()) <= groups


def test_names_of_outputs_and_figures_are_unique_and_every_figure_has_its_data():
    made = trial(ADSL=ADSL, ADCE=ADCE)
    found = analyse_trial(made.study, made.adam)
    ids = [output.id for output in found.outputs]
    assert len(ids) == len(set(ids))
    for figure in found.figures:
        assert bool(figure.data) != bool(figure.empty)
        assert all(name in found.data for name in figure.data)
