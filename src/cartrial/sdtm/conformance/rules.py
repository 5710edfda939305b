"""The rules of SDTM that are checked, and the datasets held against them.

Source: SDTM Implementation Guide 3.4 (SDTMIG), SDTM 2.0; the limits of SAS transport files (8
    characters of a name, 40 of a label, 200 bytes of text) are those of the FDA's Study Data
    Technical Conformance Guide.
Reading: a rule on variables that a dataset does not have says nothing of it; that they should be
    there is a rule of its own.
"""

from collections.abc import Iterable

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.rule import Rule, broken
from cartrial.sdtm.conformance import relations, structure, values
from cartrial.sdtm.conformance.tabulation import Tabulation

TRANSPORT = "Technical Conformance Guide, transport format"

RULES: tuple[Rule[Tabulation], ...] = (
    Rule(
        "SD01",
        "be a dataset of the guide",
        "SDTMIG 3.4, section 3.2.2",
        structure.dataset_names,
        "warning",
    ),
    Rule(
        "SD02",
        "be a name of up to 8 capital letters and digits",
        TRANSPORT,
        structure.variable_names,
    ),
    Rule(
        "SD03",
        "have a label of up to 40 characters",
        TRANSPORT,
        structure.labels,
    ),
    Rule(
        "SD04",
        "have the label of the guide",
        "SDTMIG 3.4, section 3.2.2",
        structure.guide_labels,
        "warning",
    ),
    Rule(
        "SD05",
        "be at most 200 bytes of text",
        TRANSPORT,
        structure.lengths,
    ),
    Rule(
        "SD06",
        "have no blanks around its text and no lone full stop",
        "SDTMIG 3.4, section 4.2.5",
        structure.blanks,
        "warning",
    ),
    Rule(
        "SD07",
        "be there and given, as the guide requires it",
        "SDTMIG 3.4, section 4.1.5",
        structure.required,
    ),
    Rule(
        "SD08",
        "be there, as the guide expects it",
        "SDTMIG 3.4, section 4.1.5",
        structure.expected,
        "warning",
    ),
    Rule(
        "SD09",
        "stand in the order of the guide",
        "SDTMIG 3.4, section 4.1.4",
        structure.order,
        "warning",
    ),
    Rule(
        "SD10",
        "be there in a supplemental dataset",
        "SDTMIG 3.4, section 8.4.1",
        structure.qualifier_columns,
    ),
    Rule(
        "SD11",
        "name the domain of its dataset",
        "SDTMIG 3.4, section 4.2.2",
        structure.domain_names,
    ),
    Rule(
        "SD12",
        "name the study of DM",
        "SDTMIG 3.4, section 4.2.3",
        structure.one_study,
    ),
    Rule(
        "SD13",
        "be ISO 8601, as far as it is known, and a day of the calendar",
        "SDTMIG 3.4, section 4.4.1",
        values.iso_dates,
    ),
    Rule(
        "SD14",
        "not be before the date that comes first",
        "SDTMIG 3.4, section 5.2",
        values.order_of_dates,
    ),
    Rule(
        "SD15",
        "not be 0: there is no study day 0",
        "SDTMIG 3.4, section 4.4.4",
        values.no_day_zero,
    ),
    Rule(
        "SD16",
        "count from RFSTDTC, which is day 1, where both dates are complete, and be empty else",
        "SDTMIG 3.4, section 4.4.4",
        values.study_days,
    ),
    Rule(
        "SD17",
        "be Y, or N where the guide allows it, or empty",
        "SDTMIG 3.4, section 4.3.7",
        values.flags,
    ),
    Rule(
        "SD18",
        "be a name of up to 8 capital letters, digits and underscores, and begin with no digit",
        "SDTMIG 3.4, section 4.2.1",
        values.test_codes,
    ),
    Rule(
        "SD19",
        "be at most 40 characters long",
        "SDTMIG 3.4, section 4.2.1",
        values.test_names,
    ),
    Rule(
        "SD20",
        "be one to one with its code",
        "SDTMIG 3.4, section 4.2.1",
        values.one_name_per_test,
    ),
    Rule(
        "SD21",
        "be the number that the standard result says in text",
        "SDTMIG 3.4, section 4.5.1",
        values.numbers_as_text,
    ),
    Rule(
        "SD22",
        "be one standard unit for a test of one specimen",
        "SDTMIG 3.4, section 4.5.1",
        values.one_unit_per_test,
    ),
    Rule(
        "SD23",
        "be empty for a test that was not done",
        "SDTMIG 3.4, section 4.5.1",
        values.not_done,
    ),
    Rule(
        "SD24",
        "say NOT DONE where a test has no result",
        "SDTMIG 3.4, section 4.5.1",
        values.some_result,
        "warning",
    ),
    Rule(
        "SD25",
        "be Y where a reason for seriousness is",
        "SDTMIG 3.4, section 6.2.1",
        values.serious_events,
    ),
    Rule(
        "SD26",
        "be a subject of DM",
        "SDTMIG 3.4, section 5.2",
        relations.subjects,
    ),
    Rule(
        "SD27",
        "be one record per subject",
        "SDTMIG 3.4, section 5.2",
        relations.one_demographics,
    ),
    Rule(
        "SD28",
        "be a whole number, once for a subject (in TS for a parameter)",
        "SDTMIG 3.4, section 4.1.9",
        relations.sequence,
    ),
    Rule(
        "SD29",
        "be one to one with VISITNUM",
        "SDTMIG 3.4, section 4.4.5",
        relations.visits,
    ),
    Rule(
        "SD30",
        "be a visit of the subject in SV",
        "SDTMIG 3.4, section 4.4.5",
        relations.known_visits,
        "warning",
    ),
    Rule(
        "SD31",
        "be an arm of TA of at most 20 characters, with one name",
        "SDTMIG 3.4, sections 5.2 and 7.2.1",
        relations.arms,
    ),
    Rule(
        "SD32",
        "say why a subject has no arm",
        "SDTMIG 3.4, section 5.2",
        relations.why_no_arm,
    ),
    Rule(
        "SD33",
        "be the first exposure in EX",
        "SDTMIG 3.4, section 5.2",
        relations.reference_start,
    ),
    Rule(
        "SD34",
        "be given for a subject that was treated",
        "SDTMIG 3.4, section 5.2",
        relations.start_of_the_treated,
        "warning",
    ),
    Rule(
        "SD35",
        "be an epoch of the subject in SE",
        "SDTMIG 3.4, section 5.3",
        relations.epochs,
    ),
    Rule(
        "SD36",
        "be the end of the element before",
        "SDTMIG 3.4, section 5.3",
        relations.elements,
    ),
    Rule(
        "SD37",
        "point to a record of its domain",
        "SDTMIG 3.4, section 8.4.1",
        relations.qualifiers_of_records,
    ),
    Rule(
        "SD38",
        "stand once for a record",
        "SDTMIG 3.4, section 8.4.1",
        relations.one_qualifier,
    ),
    Rule(
        "SD39",
        "be given",
        "SDTMIG 3.4, section 8.4.1",
        relations.qualifier_values,
    ),
    Rule(
        "SD40",
        "be one label of up to 40 characters for a qualifier",
        "SDTMIG 3.4, section 8.4.1",
        relations.qualifier_labels,
    ),
    Rule(
        "SD41",
        "point to a record that is there",
        "SDTMIG 3.4, section 8.2.1",
        relations.related_records,
    ),
    Rule(
        "SD42",
        "relate at least two records",
        "SDTMIG 3.4, section 8.2.1",
        relations.lone_relations,
    ),
    Rule(
        "SD43",
        "be the epoch of an element that holds the day on which the record starts",
        "SDTMIG 3.4, section 4.1.3.1",
        relations.dated_epochs,
    ),
    Rule(
        "SD44",
        "be Y where a death is recorded in DM, DS or AE, and only there",
        "SDTMIG 3.4, section 5.2",
        relations.deaths,
    ),
)


def check_conformance(datasets: Iterable[Dataset]) -> list[s.Finding]:
    """What breaks a rule, summed up by rule, dataset and variable."""
    return broken(RULES, Tabulation({dataset.name: dataset for dataset in datasets}))
