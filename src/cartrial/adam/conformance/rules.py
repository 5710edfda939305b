"""The rules of ADaM that are checked, and the datasets held against them.

Source: ADaM Implementation Guide 1.3 (ADaMIG); ADaM Structure for Occurrence Data 1.1 (OCCDS). The
    limits of names, labels and text are those of SAS transport files, which the guide names.
Reading: a rule on variables that a dataset does not have says nothing of it. An event that began
    on the day of the first treatment may be before or after it. Times may count the start as day 0
    or as day 1, but one way in a parameter. A baseline record has the value that BASE repeats; the
    datasets of a trial give the reason for every value that is missing.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.conformance import agreement, parameter_rules, structure, timing
from cartrial.adam.conformance.analysis import AnalysisData, typed
from cartrial.adam.dataset import DATASETS
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.rule import Rule, broken

RULES: tuple[Rule[AnalysisData], ...] = (
    Rule(
        "AD01",
        "begin with AD and have up to 8 capital letters and digits",
        "ADaMIG 1.3, section 3.1.1",
        structure.dataset_names,
    ),
    Rule(
        "AD02",
        "be there, with one record per subject",
        "ADaMIG 1.3, section 2.3.1",
        structure.subject_level,
    ),
    Rule(
        "AD03",
        "be a name of up to 8 capital letters, digits and underscores",
        "ADaMIG 1.3, section 3.1.1",
        structure.variable_names,
    ),
    Rule(
        "AD04",
        "have a label of up to 40 characters",
        "ADaMIG 1.3, section 3.1.1",
        structure.labels,
    ),
    Rule(
        "AD05",
        "have one label in all datasets",
        "ADaMIG 1.3, section 3.1.1",
        structure.one_label,
    ),
    Rule(
        "AD06",
        "be at most 200 bytes of text",
        "ADaMIG 1.3, section 3.1.1",
        structure.lengths,
        severity="warning",  # a transport file carries the text on in further variables
    ),
    Rule(
        "AD07",
        "be there and given",
        "ADaMIG 1.3, section 3.2.1",
        structure.identifiers,
    ),
    Rule(
        "AD08",
        "tell the records of a subject apart",
        "ADaMIG 1.3, section 3.3.9",
        structure.keys,
    ),
    Rule(
        "AD09",
        "be there in ADSL",
        "ADaMIG 1.3, section 3.2",
        structure.of_subjects,
    ),
    Rule(
        "AD10",
        "be there, or another population flag",
        "ADaMIG 1.3, section 3.2.3",
        structure.a_population,
    ),
    Rule(
        "AD11",
        "be there, or another variable of treatment",
        "ADaMIG 1.3, section 3.3.2",
        structure.treatments,
    ),
    Rule(
        "AD12",
        "be there and given in a dataset by parameter",
        "ADaMIG 1.3, section 3.3.4",
        structure.parameters,
    ),
    Rule(
        "AD13",
        "be there in a dataset of occurrences",
        "OCCDS 1.1, sections 3.2.4 and 3.2.6",
        structure.occurrences,
    ),
    Rule(
        "AD14",
        "be a name of up to 8 capital letters, digits and underscores, and begin with no digit",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.codes,
    ),
    Rule(
        "AD15",
        "be one to one with PARAMCD",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.one_name,
    ),
    Rule(
        "AD16",
        "be one to one with AVAL within its parameter",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.one_value,
    ),
    Rule(
        "AD17",
        "be one unit for a parameter of one category",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.one_unit,
    ),
    Rule(
        "AD18",
        "say why there is no value",
        "cartrial: a value that is missing has its reason",
        parameter_rules.reasons,
    ),
    Rule(
        "AD19",
        "mark one record of a subject, parameter and type of baseline at most",
        "ADaMIG 1.3, section 3.3.8",
        parameter_rules.one_baseline,
    ),
    Rule(
        "AD20",
        "be AVAL of the record that ABLFL marks, and empty without one",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.baseline_values,
    ),
    Rule(
        "AD21",
        "be ANRIND of the record that ABLFL marks",
        "ADaMIG 1.3, section 3.3.7",
        parameter_rules.baseline_categories,
    ),
    Rule(
        "AD22",
        "be AVAL - BASE",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.changes,
    ),
    Rule(
        "AD23",
        "be 100 * (AVAL - BASE) / BASE",
        "ADaMIG 1.3, section 3.3.4",
        parameter_rules.percent_changes,
    ),
    Rule(
        "AD24",
        "mark a record up to TRTSDT",
        "ADaMIG 1.3, section 3.3.8",
        parameter_rules.early_baselines,
    ),
    Rule(
        "AD25",
        "be D, M or Y of a date, S, M or H of a time",
        "ADaMIG 1.3, section 3.1.3",
        timing.imputation_flags,
    ),
    Rule(
        "AD26",
        "stand beside a date",
        "ADaMIG 1.3, section 3.1.3",
        timing.flagged_dates,
    ),
    Rule(
        "AD27",
        "not be before the start",
        "ADaMIG 1.3, section 3.3.3",
        timing.order_of_dates,
    ),
    Rule(
        "AD28",
        "be of the day of the date beside it",
        "ADaMIG 1.3, section 3.1.2",
        timing.clock_times,
    ),
    Rule(
        "AD29",
        "count from TRTSDT of ADSL, which is day 1",
        "ADaMIG 1.3, section 3.3.3",
        timing.relative_days,
    ),
    Rule(
        "AD30",
        "not be 0: there is no day 0",
        "ADaMIG 1.3, section 3.1.2",
        timing.no_day_zero,
    ),
    Rule(
        "AD31",
        "be Y for an event that began after TRTSDT, and not for one that ended before it",
        "OCCDS 1.1, section 3.2.6",
        timing.emergent_events,
    ),
    Rule(
        "AD32",
        "be a whole number from 0 on for every time",
        "ADaMIG 1.3, section 3.3.6",
        timing.whole_censors,
    ),
    Rule(
        "AD33",
        "describe the event or censoring",
        "ADaMIG 1.3, section 3.3.6",
        timing.described_events,
    ),
    Rule(
        "AD34",
        "be ADT - STARTDT in days, or one more in the whole parameter",
        "ADaMIG 1.3, section 3.3.6",
        timing.times_to_event,
    ),
    Rule(
        "AD35",
        "be a subject of ADSL",
        "ADaMIG 1.3, section 3.2.1",
        agreement.known_subjects,
    ),
    Rule(
        "AD36",
        "be a subject of DM",
        "ADaMIG 1.3, section 3.2.1",
        agreement.same_subjects,
    ),
    Rule(
        "AD37",
        "be the value of ADSL",
        "ADaMIG 1.3, section 3.1.1",
        agreement.variables_of_subjects,
    ),
    Rule(
        "AD38",
        "be Y, N or empty",
        "ADaMIG 1.3, section 3.1.4",
        agreement.flags,
    ),
    Rule(
        "AD39",
        "be Y or empty",
        "ADaMIG 1.3, section 3.3.8",
        agreement.yes_flags,
    ),
    Rule(
        "AD40",
        "be Y or N for every subject",
        "ADaMIG 1.3, section 3.1.4",
        agreement.populations,
    ),
    Rule(
        "AD41",
        "be one to one with the variable of its name without N",
        "ADaMIG 1.3, section 3.1.1",
        agreement.numbers_of_codes,
    ),
    Rule(
        "AD42",
        "be Y where DTHDT is given",
        "ADaMIG 1.3, section 3.2.8",
        agreement.deaths,
    ),
    Rule(
        "AD43",
        "be Y where TRTSDT is given",
        "ADaMIG 1.3, section 3.2.3",
        agreement.treated,
    ),
    Rule(
        "AD44",
        "name a dataset, and a variable of it",
        "ADaMIG 1.3, section 3.3.9",
        agreement.sources,
    ),
    Rule(
        "AD45",
        "name a record of its source",
        "ADaMIG 1.3, section 3.3.9",
        agreement.source_records,
    ),
    Rule(
        "AD46",
        "name a record of its parent in SDTM",
        "OCCDS 1.1, section 3.2.1",
        agreement.parent_records,
    ),
    Rule(
        "AD47",
        "be given where SDTM knows the date in part, and only there",
        "ADaMIG 1.3, section 3.1.3",
        agreement.imputed_dates,
    ),
    Rule(
        "AD48",
        "be a treatment of the subject in ADSL",
        "ADaMIG 1.3, section 3.3.2",
        agreement.treatments,
    ),
    Rule(
        "AD49",
        "be 0 in every record of a description, or in none",
        "ADaMIG 1.3, section 3.3.6",
        timing.events_or_censors,
    ),
    Rule(
        "AD50",
        "be the standard result that it names as its source, where nothing says it was derived",
        "ADaMIG 1.3, section 3.3.9",
        agreement.source_values,
    ),
)

Labels = Mapping[str, Mapping[str, str]]


def check_adam(
    tables: Mapping[str, pl.DataFrame],
    *,
    sdtm: Mapping[str, pl.DataFrame] | None = None,
    labels: Labels | None = None,
) -> list[s.Finding]:
    """What breaks a rule, summed up by rule, dataset and variable.

    `sdtm` are the domains that the datasets came from, where they are known. Without `labels` those
    that are declared here are checked.
    """
    known = declared_labels(tables) if labels is None else labels
    read = {name: typed(frame) for name, frame in tables.items()}
    return broken(RULES, AnalysisData(read, known, sdtm or {}))


def check_datasets(adam: Iterable[Dataset], sdtm: Iterable[Dataset] = ()) -> list[s.Finding]:
    """What breaks a rule in datasets as they travel, beside the SDTM they came from."""
    made = {dataset.name: dataset for dataset in adam}
    return check_adam(
        {name: dataset.frame for name, dataset in made.items()},
        sdtm={dataset.name: dataset.frame for dataset in sdtm},
        labels={
            name: {variable.name: variable.label for variable in dataset.variables}
            for name, dataset in made.items()
        },
    )


def declared_labels(tables: Mapping[str, pl.DataFrame]) -> Labels:
    """The declared labels of the variables that datasets have."""
    return {
        name: {column.name: column.label for column in s.columns(DATASETS[name])}
        for name in tables
        if name in DATASETS
    }
