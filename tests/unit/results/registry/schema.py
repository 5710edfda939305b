"""The documented structure of resultsSection (ClinicalTrials.gov, API 2.0), as a JSON schema.

Limits are those of the Results Data Element Definitions (the registry's form).
"""

from typing import Any

MEASURE_PARAMS = [
    "GEOMETRIC_MEAN",
    "GEOMETRIC_LEAST_SQUARES_MEAN",
    "LEAST_SQUARES_MEAN",
    "LOG_MEAN",
    "MEAN",
    "MEDIAN",
    "NUMBER",
    "COUNT_OF_PARTICIPANTS",
    "COUNT_OF_UNITS",
]
BASELINE_DISPERSIONS = [
    "NA",
    "STANDARD_DEVIATION",
    "STANDARD_ERROR",
    "INTER_QUARTILE_RANGE",
    "FULL_RANGE",
    "CONFIDENCE_80",
    "CONFIDENCE_90",
    "CONFIDENCE_95",
    "CONFIDENCE_975",
    "CONFIDENCE_99",
    "CONFIDENCE_OTHER",
    "GEOMETRIC_COEFFICIENT",
]
OUTCOME_DISPERSIONS = [
    "Standard Deviation",
    "Standard Error",
    "Inter-Quartile Range",
    "Full Range",
    "80% Confidence Interval",
    "90% Confidence Interval",
    "95% Confidence Interval",
    "97.5% Confidence Interval",
    "99% Confidence Interval",
    "Other Confidence Interval Level",
    "Geometric Coefficient of Variation",
]


def text(most: int, least: int = 1) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def each(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


def record(required: str, optional: str = "", **fields: Any) -> dict[str, Any]:
    """An object of these fields and no others."""
    known = {*required.split(), *optional.split()}
    assert known == set(fields), known ^ set(fields)
    return {
        "type": "object",
        "properties": fields,
        "required": required.split(),
        "additionalProperties": False,
    }


NUMBER = {"type": "string", "pattern": r"^(NA|-?\d+(\.\d+)?)$"}
COUNT = {"type": "string", "pattern": r"^(NA|\d+)$"}
N = {"type": "integer", "minimum": 0}


def group(prefix: str) -> dict[str, Any]:
    return record(
        "id title description",
        id={"type": "string", "pattern": rf"^{prefix}\d{{3}}$"},
        title=text(100, 4),
        description=text(1500),
    )


def stats(name: str) -> dict[str, Any]:
    return each(record("groupId numSubjects", groupId=text(5), numSubjects=COUNT), 1)


DENOMS = each(
    record(
        "units counts",
        units={"const": "Participants"},
        counts=each(record("groupId value", groupId=text(5), value=COUNT), 1),
    ),
    1,
)
MEASUREMENT = record(
    "groupId value",
    "lowerLimit upperLimit comment",
    groupId=text(5),
    value=NUMBER,
    lowerLimit=NUMBER,
    upperLimit=NUMBER,
    comment=text(250),
)
CATEGORY = record("measurements", "title", title=text(100), measurements=each(MEASUREMENT))
CLASS = record(
    "categories", "title denoms", title=text(100), denoms=DENOMS, categories=each(CATEGORY)
)
ANALYSIS = record(
    "groupIds groupDescription nonInferiorityType nonInferiorityComment paramType paramValue "
    "ciPctValue ciNumSides ciLowerLimit ciUpperLimit estimateComment",
    groupIds=each(text(5), 1),
    groupDescription=text(500),
    nonInferiorityType={
        "enum": ["SUPERIORITY", "NON_INFERIORITY", "EQUIVALENCE", "OTHER"],
    },
    nonInferiorityComment=text(500),
    paramType=text(40),
    paramValue=NUMBER,
    ciPctValue=NUMBER,
    ciNumSides={"enum": ["ONE_SIDED", "TWO_SIDED"]},
    ciLowerLimit=NUMBER,
    ciUpperLimit=NUMBER,
    estimateComment=text(250),
)
FLOW = record(
    "groups periods",
    "preAssignmentDetails",
    preAssignmentDetails=text(500),
    groups=each(group("FG"), 1),
    periods=each(
        record(
            "title milestones",
            "dropWithdraws",
            title=text(40),
            milestones=each(
                record(
                    "type achievements",
                    "comment",
                    type=text(40),
                    achievements=stats("achievements"),
                    comment=text(500),
                ),
                3,
            ),
            dropWithdraws=each(record("type reasons", type=text(100), reasons=stats("reasons")), 1),
        ),
        1,
    ),
)
BASELINE = record(
    "populationDescription",
    "groups denoms measures",
    populationDescription=text(500),
    groups=each(group("BG"), 1),
    denoms=DENOMS,
    measures=each(
        record(
            "title paramType unitOfMeasure classes",
            "dispersionType",
            title=text(100),
            paramType={"enum": MEASURE_PARAMS},
            dispersionType={"enum": BASELINE_DISPERSIONS},
            unitOfMeasure=text(40),
            classes=each(CLASS, 1),
        ),
        1,
    ),
)
OUTCOME = record(
    "type title reportingStatus",
    "description timeFrame populationDescription paramType dispersionType unitOfMeasure groups "
    "denoms classes analyses",
    type={"enum": ["PRIMARY", "SECONDARY", "OTHER_PRE_SPECIFIED", "POST_HOC"]},
    title=text(255),
    description=text(999),
    timeFrame=text(255),
    populationDescription=text(500),
    reportingStatus={"enum": ["POSTED", "NOT_POSTED"]},
    paramType={"enum": MEASURE_PARAMS},
    dispersionType={"enum": OUTCOME_DISPERSIONS},
    unitOfMeasure=text(40),
    groups=each(group("OG"), 1),
    denoms=DENOMS,
    classes=each(CLASS, 1),
    analyses=each(ANALYSIS, 1),
)
EVENT_GROUP = group("EG")
EVENT_GROUP["properties"] |= {
    f"{kind}Num{what}": N
    for kind in ("deaths", "serious", "other")
    for what in ("Affected", "AtRisk")
}
EVENT = record(
    "term stats",
    "organSystem sourceVocabulary assessmentType notes",
    term=text(100),
    organSystem=text(100),
    sourceVocabulary=text(20),
    assessmentType={"enum": ["NON_SYSTEMATIC_ASSESSMENT", "SYSTEMATIC_ASSESSMENT"]},
    notes=text(250),
    stats=each(
        record(
            "groupId numEvents numAffected numAtRisk",
            groupId=text(5),
            numEvents=N,
            numAffected=N,
            numAtRisk=N,
        ),
        1,
    ),
)
EVENTS = record(
    "description",
    "frequencyThreshold timeFrame eventGroups seriousEvents otherEvents",
    frequencyThreshold=NUMBER,
    timeFrame=text(500),
    description=text(500),
    eventGroups=each(EVENT_GROUP, 1),
    seriousEvents=each(EVENT),
    otherEvents=each(EVENT),
)
MORE = record(
    "",
    "limitationsAndCaveats",
    limitationsAndCaveats=record("description", description=text(500)),
)
RESULTS_SECTION = record(
    "participantFlowModule baselineCharacteristicsModule outcomeMeasuresModule "
    "adverseEventsModule moreInfoModule",
    participantFlowModule=FLOW,
    baselineCharacteristicsModule=BASELINE,
    outcomeMeasuresModule=record("outcomeMeasures", outcomeMeasures=each(OUTCOME, 1)),
    adverseEventsModule=EVENTS,
    moreInfoModule=MORE,
)
