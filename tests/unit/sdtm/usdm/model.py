"""The classes of USDM 4.0 that a definition of ours uses: required fields, and what else they have.

Source: CDISC DDF reference architecture, USDM 4.0 API. A reference to another object is a field
that ends in `Id` or `Ids`.
"""

CLASSES = {
    "Activity": ("name", "label description previousId nextId definedProcedures"),
    "Administration": ("name duration", "label description dose route frequency"),
    "AliasCode": ("standardCode", "standardCodeAliases"),
    "Code": ("code codeSystem codeSystemVersion decode", ""),
    "Duration": ("durationWillVary", "text quantity reasonDurationWillVary"),
    "EligibilityCriterion": (
        "name category identifier criterionItemId",
        "label description previousId nextId",
    ),
    "EligibilityCriterionItem": ("name text", "label description"),
    "Encounter": ("name type", "label description previousId nextId scheduledAtId"),
    "Endpoint": ("name text purpose level", "label description"),
    "Indication": ("name isRareDisease", "label description codes"),
    "InterventionalStudyDesign": (
        "name arms studyCells rationale epochs population eligibilityCriteria model",
        "label description studyType studyPhase encounters activities elements indications "
        "studyInterventionIds objectives scheduleTimelines subTypes",
    ),
    "Objective": ("name text level", "label description endpoints"),
    "Organization": ("name type identifierScheme identifier", "label"),
    "Procedure": ("name procedureType code", "label description studyInterventionId"),
    "Quantity": ("value", "unit"),
    "ScheduleTimeline": (
        "name mainTimeline entryCondition entryId",
        "label description exits timings instances plannedDuration",
    ),
    "ScheduleTimelineExit": ("", ""),
    "ScheduledActivityInstance": (
        "name",
        "label description defaultConditionId epochId timelineId timelineExitId activityIds "
        "encounterId",
    ),
    "Study": ("name", "label description versions documentedBy"),
    "StudyArm": (
        "name type dataOriginDescription dataOriginType",
        "label description populationIds",
    ),
    "StudyCell": ("armId epochId elementIds", ""),
    "StudyDesignPopulation": (
        "name includesHealthySubjects",
        "label description plannedEnrollmentNumber criterionIds",
    ),
    "StudyElement": (
        "name",
        "label description transitionStartRule transitionEndRule studyInterventionIds",
    ),
    "StudyEpoch": ("name type", "label description previousId nextId"),
    "StudyIdentifier": ("text scopeId", ""),
    "StudyIntervention": ("name role type", "label description codes administrations"),
    "StudyTitle": ("text type", ""),
    "StudyVersion": (
        "versionIdentifier rationale studyIdentifiers titles",
        "organizations studyInterventions eligibilityCriterionItems studyDesigns",
    ),
    "Timing": (
        "name type value valueLabel relativeToFrom relativeFromScheduledInstanceId",
        "label description relativeToScheduledInstanceId windowLower windowUpper windowLabel",
    ),
    "TransitionRule": ("name text", "label description"),
}
