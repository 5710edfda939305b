"""What a plan guesses, and what it asks."""

import re

import polars as pl
import pytest

from cartrial.intake.plan.draft import draft_plan
from cartrial.intake.plan.model import Fill, questions
from cartrial.intake.source import Source, SourceColumn, SourceTable
from tests.unit.intake.text_tables import rows


def source(text, name="sheet", **described):
    """A source with one table, of the cells in a text."""
    header, lines = rows(text)
    cells = pl.DataFrame(lines, schema=dict.fromkeys(header, pl.String), orient="row")
    columns = tuple(SourceColumn(one, **described.get(one, {})) for one in header)
    numbered = cells.with_row_index("line", offset=2)
    return Source((SourceTable(name, numbered, columns, f"{name}.csv"),))


def drafted(text, name="sheet", **described):
    """The filling of the one table."""
    return draft_plan(source(text, name, **described)).tables[0].fillings[0]


def asked(text, name="sheet", **described):
    """The questions, without their place."""
    return [question.text for question in questions(draft_plan(source(text, name, **described)))]


def test_labels_and_synonyms_are_known():
    filling = drafted(
        """
        Pat-ID   DOB         Gender
        001-001  1961-04-03  F
        001-002  1958-01-31  M
        """
    )
    assert filling.form == "demographics"
    assert {name: fill.column for name, fill in filling.fields.items()} == {
        "subject": "Pat-ID",
        "born": "DOB",
        "sex": "Gender",
    }
    assert filling.fields["sex"].words == {"F": "female", "M": "male"}


def test_each_guess_says_how_sure_it_is_and_why():
    fields = drafted(
        """
        subject  Centre  Gender  Country code
        001-001  MUC     F       DEU
        """,
        name="demographics",
    ).fields
    assert [(fill.sure, fill.why) for fill in fields.values()] == [
        ("sure", "the name of the field; all 1 look like 999-999"),
        ("sure", "the label of the field"),
        ("likely", "another name of the field"),
        ("unsure", "has a name of the field in it"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "order"),
    [
        ("03/04/2024", "13/04/2024", "day/month/year"),
        ("03/04/2024", "04/13/2024", "month/day/year"),
        ("2024-04-03", "2024-04-13", ""),
    ],
)
def test_a_column_of_dates_decides_its_order(first, second, order):
    table = f"subject  Given on  Dose\n001-001  {first}  20\n001-002  {second}  20"
    assert drafted(table, "immunoglobulin").fields["on"].dates == order


def test_an_order_that_nothing_decides_is_asked():
    table = """
        subject  Given on    Dose
        001-001  03/04/2024  20
        001-002  05/06/2024  20
        """
    assert asked(table, "immunoglobulin") == [
        "day/month/year or month/day/year? 2 dates fit both, such as 03/04/2024"
    ]


def test_a_date_of_birth_does_not_stand_in_a_question():
    table = """
        subject  born        sex
        001-001  03/04/1961  f
        """
    assert asked(table) == ["day/month/year or month/day/year? 1 date fits both"]


def test_real_dates_among_text_may_have_been_swapped():
    table = """
        subject  Given on    Dose
        001-001  2024-03-04  20
        001-002  13/04/2024  20
        """
    (question,) = asked(table, "immunoglobulin", **{"Given on": {"kind": "date"}})
    assert question == (
        "text that is a date: 1, such as 13/04/2024; real dates: 1, whose day and month a "
        "spreadsheet may have swapped. Check them: day/month/year or month/day/year?"
    )


def test_a_number_with_one_mark_before_three_digits_is_asked():
    table = """
        subject  on          b_cells
        001-001  2024-03-04  1,234
        """
    assert asked(table) == ["1,234: which mark stands before decimals, . or ,?"]


def test_the_rest_of_a_table_tells_the_decimal_mark():
    table = """
        subject  on          b_cells  igg
        001-001  2024-03-04  1,234    6,4
        """
    fields = drafted(table).fields
    assert (fields["b_cells"].decimal, fields["igg"].decimal) == (",", ",")


def test_an_unknown_word_is_asked():
    table = """
        subject  Visit  On          safety
        001-001  Day 7  2024-03-04  partly
        001-002  Day 7  2024-03-05  yes
        """
    assert asked(table, "visit") == ['Safety was assessed: what is "partly": yes, no; or empty?']


def test_a_unit_that_is_not_written_is_asked():
    table = """
        Patient  Date        Hb   CRP
        001-001  2024-03-04  9.4  12
        """
    assert asked(table) == [
        "unit of HGB, such as g/L, g/dL, mmol/L, umol/L, mg/dL?",
        "unit of CRP, such as mg/L, mg/dL, ug/dL, g/L, ug/L?",
    ]


def test_a_unit_in_the_head_of_a_column_fills_the_field_of_the_unit():
    table = """
        Patient  Date        M-spike ({})  IFE       Specimen
        001-001  2024-03-04  2.4           positive  serum
        """
    fields = drafted(table.replace("{}", "g/dl"), "SPEP").fields
    assert fields["unit"] == Fill(always="g/dL")
    assert asked(table.replace(" ({})", "     "), "SPEP") == [
        "unit of M-protein: one of g/L, g/dL, mg/24h, g/24h?"
    ]


def test_a_field_of_the_right_name_with_words_that_are_not_known_is_asked():
    table = """
        Patient  Date of death  Cause of death
        001-001  2024-08-01     Embolism
        """
    assert asked(table, "deaths") == [
        'Cause: what is "Embolism": myeloma, toxicity, infection, other, unknown; or empty?',
        "Cause adjudicated: yes or no?",
    ]


def test_a_unit_that_cannot_be_converted_is_asked():
    table = """
        subject  on          b_cells  IgG (mL/min)
        001-001  2024-03-04  12       6
        """
    assert asked(table, "b_cell") == [
        "mL/min cannot be converted into g/L: which unit are the cells in?"
    ]


def test_two_columns_for_one_field_are_asked():
    table = """
        Patient  Sample date  Collection date  b_cells
        001-001  2024-03-04   2024-03-05       12
        """
    assert asked(table) == ["which column is Sampled on: Sample date or Collection date?"]
    left = draft_plan(source(table)).tables[0].left_out
    assert left == {"Sample date": "may be on", "Collection date": "may be on"}


def test_ids_that_do_not_look_like_the_others_are_asked():
    lines = "".join(f"001-00{i}  2024-03-04  12\n" for i in range(1, 8))
    assert asked(f"subject  on  b_cells\n{lines}PT-7  2024-03-04  12") == [
        "ids not like 999-999: 1 of 8, such as PT-7: write 999-999 to hold them, or any to "
        "take them as they are"
    ]


def test_times_with_a_zone_ask_for_the_centre_s():
    table = """
        subject  Measured at        Heart rate
        001-001  2024-03-04T10:00Z  88
        """
    assert asked(table) == [
        "the times name a zone: which is the centre's own, such as Europe/Berlin?"
    ]


def test_a_zero_of_a_qpcr_is_asked():
    table = """
        subject  at          analyte  specimen  copies
        001-001  2024-03-04  CAR      blood     0
        """
    assert asked(table) == [
        'what is "0": value, below quantification, not detected, not done; or leave out?'
    ]


def test_a_table_that_is_like_no_form_is_asked():
    table = """
        Freezer  Shelf
        A        3
        """
    assert asked(table) == ["which form does it fill? the name of a form, or leave out"]


def test_choices_of_the_source_give_the_words():
    choices = {"1": "Female", "2": "Male", "9": "Refused to say"}
    table = """
        subject  sex
        001-001  1
        """
    words = drafted(table, "demographics", sex={"choices": choices}).fields["sex"].words
    question = 'ask: Sex: what is "Refused to say": female, male, unknown; or empty?'
    assert words == {
        "1": "female",
        "Female": "female",
        "2": "male",
        "Male": "male",
        "9": question,
    }


def test_a_code_for_no_value_is_empty_and_gives_the_reason():
    table = """
        subject  on          plasma_cells
        001-001  2024-03-04  -99
        """
    fields = drafted(table, "marrow", plasma_cells={"missing": {"-99": "Not done"}}).fields
    assert fields["plasma_cells"].words == {"-99": "empty"}
    assert fields["why_missing"].words == {"-99": "not done"}
    assert fields["why_missing"].take == "reason"


def test_what_no_column_fills_is_asked():
    table = """
        subject  drug         Start
        001-001  tocilizumab  2024-03-04
        """
    filling = drafted(table, "conmeds")
    assert filling.fields["number"] == Fill(counted="per subject")
    assert [text for text in asked(table, "conmeds") if not re.match("unit", text)] == [
        "Kind: one of tocilizumab, steroid, anakinra, antipyretic, vasopressor, anti-infective, "
        "anti-epileptic, new anti-myeloma therapy, other?"
    ]


def test_dates_that_may_begin_with_a_year_of_two_figures_are_asked():
    table = """
        subject  Given on  Dose
        001-001  25-03-04  20
        001-002  25-03-05  20
        """
    assert asked(table, "immunoglobulin") == [
        "year/month/day or day/month/year? 2 dates, such as 25-03-04, may begin with their year"
    ]


def test_dates_of_both_orders_in_one_column_are_asked():
    table = """
        subject  Given on    Dose
        001-001  13/04/2024  20
        001-002  14/04/2024  20
        001-003  04/15/2024  20
        001-004  03/04/2024  20
        """
    assert asked(table, "immunoglobulin") == [
        "day/month/year or month/day/year? of 4 dates 2 fit only the first, 1 only the other"
    ]


def test_ids_of_several_looks_are_asked():
    table = """
        subject  on          b_cells
        P01      2024-03-04  12
        P02      2024-03-04  12
        P 03     2024-03-04  12
        Mean     2024-03-04  12
        """
    assert asked(table) == [
        "ids look in several ways, such as P01 and P 03: write one to hold the others, or any to "
        "take all"
    ]


def test_pt_is_the_patient_of_an_event_list_and_the_preferred_term_where_terms_stand_in_it():
    events = """
        Pt       AE     Onset       Grade
        001-001  Fever  2024-03-04  2
        """
    assert {n: f.column for n, f in drafted(events, "AE").fields.items() if f.column == "Pt"} == {
        "subject": "Pt"
    }
    coded = """
        Patient  AE    PT       Onset       Grade
        001-001  hot   Pyrexia  2024-03-04  2
        """
    assert drafted(coded, "AE").fields["preferred"].column == "PT"


def test_a_syndrome_with_its_grade_is_the_syndrome_and_one_in_other_words_is_asked():
    table = """
        Patient  AE             Onset       CTCAE grade
        001-001  CRS G2         2024-03-04  2
        001-001  ICANS grade 1  2024-03-05  1
        001-002  Fever of CRS   2024-03-05  1
        001-002  Nausea         2024-03-05  1
        """
    syndrome, scale = (drafted(table, "AE").fields[name] for name in ("syndrome", "scale"))
    question = 'is "Fever of CRS" the syndrome itself: CRS, ICANS; or empty?'
    assert syndrome.words == {
        "CRS G2": "CRS",
        "ICANS grade 1": "ICANS",
        "Fever of CRS": f"ask: {question}",
    }
    assert scale.words == {
        "CRS G2": "ASTCT",
        "ICANS grade 1": "ASTCT",
        "Fever of CRS": 'ask: by which scale is "Fever of CRS" graded: CTCAE, ASTCT or other?',
    }


def test_the_grade_of_an_event_is_no_ctcae_term():
    table = """
        Patient  ae_term  ae_start    ae_gr
        001-001  Fever    2024-03-04  1
        """
    choices = {"1": "Mild", "2": "Moderate"}
    described = {"ae_gr": {"label": "CTCAE grade", "choices": choices}}
    events, grades = draft_plan(source(table, "AE", **described)).tables[0].fillings
    assert "ctcae_term" not in events.fields
    assert grades.fields["grade"] == Fill("ae_gr", words={"Mild": "1", "Moderate": "2"})


def test_a_code_whose_words_say_another_number_is_asked():
    table = """
        Patient  Infusion date  dl
        001-001  2024-03-04     3
        """
    choices = {"1": "DL1 (1.0)", "3": "DL-1 (0.5)"}
    described = {"dl": {"label": "Dose level", "choices": choices}}
    question = 'ask: Dose level: which number is "DL-1 (0.5)"; or empty?'
    assert drafted(table, "infusion", **described).fields["level"].words == {
        "DL1 (1.0)": "1",
        "3": question,
    }


def test_a_grade_in_free_words_is_asked():
    table = """
        Patient  AE      Onset       CTCAE grade
        001-001  Fever   2024-03-04  2
        001-001  Nausea  2024-03-04  severe
        """
    assert asked(table, "AE") == ['Grade: which number is "severe"; or empty?']


def test_a_weight_without_a_unit_is_asked():
    table = """
        Patient  Measured at       Weight
        001-001  2024-03-04T08:00  176
        """
    assert asked(table, "vitals") == ["unit of Body weight: kg or lb?"]
    assert asked(table.replace("Weight", "Weight (kg)"), "vitals") == []


def test_numbers_outside_the_range_of_the_field_ask_for_their_unit():
    table = """
        Patient  Measured at       Temp
        001-001  2024-03-04T08:00  98.6
        001-001  2024-03-04T16:00  101.2
        """
    assert asked(table, "vitals") == ["unit of Temperature: 2 of 2 are outside 30 to 45 °C"]


def test_percentages_that_may_be_fractions_are_asked():
    table = """
        Patient  Lot  Released  Viability
        001-001  A1   yes       0.95
        """
    assert asked(table, "product release") == ["unit of Viability: % or fraction?"]


def test_analytes_are_known_by_the_label_of_their_column():
    table = """
        Patient  Collected   ferr  HGB_LBORRES
        001-001  2024-03-04  350   9.8
        """
    described = {
        "ferr": {"label": "Ferritin", "unit": "ug/L"},
        "HGB_LBORRES": {"label": "Hemoglobin", "unit": "g/dL"},
    }
    each = drafted(table, "labs", **described).each
    assert [part["analyte"].always for part in each] == ["FERRITIN", "HGB"]


def test_the_specimen_in_the_head_of_an_analyte_is_passed_over():
    table = """
        Patient  Collected   Serum Na (mmol/L)  S-Crea (mg/dL)  CRP serum (mg/L)  U-Crea (mg/dL)
        001-001  2024-03-04  138                1.1             4                 80
        """
    each = drafted(table, "labs").each
    assert [part["analyte"].always for part in each] == ["SODIUM", "CREAT", "CRP"]


def test_the_reason_says_where_the_decimal_mark_comes_from():
    table = """
        subject  on          b_cells  igg
        001-001  2024-03-04  1,234    6,4
        """
    fields = drafted(table, "b_cell").fields
    assert fields["b_cells"].why.split("; ")[1] == "the rest of its table has a decimal comma"
    assert fields["igg"].why.split("; ")[1] == "its cells have a decimal comma"


def test_numbers_that_the_source_holds_as_numbers_have_a_point():
    table = """
        subject  on          b_cells  igg
        001-001  2024-03-04  1.234    6,4
        """
    assert drafted(table, "b_cell", b_cells={"kind": "number"}).fields["b_cells"].decimal == ""


def test_a_choice_that_is_a_number_is_its_label():
    table = """
        subject  heavy_chain  ecog
        001-001  IgG          1
        """
    choices = {"1": "0", "2": "1", "3": "2"}
    fields = drafted(table, "disease_history", ecog={"choices": choices}).fields
    assert {code: fields["ecog"].words[code] for code in choices} == choices


@pytest.mark.parametrize(
    ("instances", "expected"),
    [
        (("1", "2", "1"), Fill("redcap_repeat_instance")),
        (("1", "1", "1"), Fill(counted="per subject")),
        (("1", "-", "1"), Fill(counted="per subject")),
    ],
)
def test_the_instance_of_a_row_is_its_number_where_each_subject_has_it_once(instances, expected):
    first, second, third = instances
    table = f"""
        record_id  redcap_repeat_instance  AE      Onset
        1          {first}                 Fever   2024-03-04
        1          {second}                Nausea  2024-03-05
        2          {third}                 Fever   2024-03-05
        """
    assert drafted(table, "AE").fields["number"] == expected


def test_an_analyte_with_a_unit_is_read_though_its_numbers_carry_marks():
    table = """
        Patient  Collected   WBC (/nL)  PLT (/nL)
        001-001  2024-03-04  2.1        40 L
        001-002  2024-03-04  2.4        55
        001-003  2024-03-04  2.4        30 LL
        """
    assert [part["analyte"].always for part in drafted(table, "labs").each] == ["WBC", "PLAT"]


BASELINE = """
    record_id  dob         gender  isotype  prior lines  seen
    1          1961-04-03  F       IgG      4            2024-03-04
    2          1958-01-31  M       IgA      3            2024-03-04
    """


def test_a_table_with_a_row_a_subject_fills_each_form_that_has_one():
    first, second = draft_plan(source(BASELINE, "baseline")).tables[0].fillings
    columns = [{n: f.column for n, f in one.fields.items()} for one in (first, second)]
    assert (first.form, second.form) == ("disease_history", "demographics")
    assert columns == [
        {"subject": "record_id", "heavy_chain": "isotype", "prior_lines": "prior lines"},
        {"subject": "record_id", "born": "dob", "sex": "gender"},
    ]


def test_it_does_not_fill_a_form_that_another_table_is_of():
    patients = source(
        """
        Patient  Geburtsdatum  Geschlecht
        1        1961-04-03    w
        """,
        "stammdaten",
    )
    both = Source((*source(BASELINE, "baseline").tables, *patients.tables))
    forms = [[one.form for one in table.fillings] for table in draft_plan(both).tables]
    assert forms == [["disease_history"], ["demographics"]]


def test_the_unit_of_an_analyte_may_stand_beside_each_value():
    table = """
        Patient  Collected   HGB  HGB unit  PLT (/nL)
        001-001  2024-03-04  9.1  g/dL      55
        001-002  2024-03-04  91   g/L       60
        """
    assert drafted(table, "labs").each[0]["unit"] == Fill("HGB unit")


def test_the_state_of_a_redcap_form_is_no_number():
    table = """
        record_id  inf_dt      infusion_complete
        1          2024-03-04  2
        2          2024-03-05  2
        """
    choices = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
    fields = drafted(table, "infusion", infusion_complete={"choices": choices}).fields
    assert fields["number"] == Fill(counted="per subject")
