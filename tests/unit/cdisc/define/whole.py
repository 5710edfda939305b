"""A define.xml with one of everything."""

from cartrial.cdisc.define.model import (
    AnalysisDataset,
    AnalysisResult,
    CodeListDefinition,
    CodeTerm,
    Condition,
    DatasetDefinition,
    Define,
    Dictionary,
    Document,
    Method,
    Origin,
    ResultDisplay,
    Standard,
    ValueLevel,
    ValueType,
    VariableDefinition,
)

ASSIGNED, DERIVED = Origin("Assigned", "Sponsor"), Origin("Derived", "Sponsor")
COLLECTED = Origin("Collected", "Investigator", pages=("laboratory",))
CONVERTED = Method("The result in the standard unit.")
TESTS = CodeListDefinition(
    "LBTESTCD",
    "Laboratory Test Code",
    terms=(
        CodeTerm("ALB", "Albumin", "C64431"),
        CodeTerm("MYTEST", "Test of Ours", extended=True, meaning="Test of Ours"),
    ),
    code="C65047",
    standard="CT.SDTM",
)
STATES = CodeListDefinition(
    "STATE",
    "State",
    terms=(CodeTerm("FOUND ONCE", extended=True, meaning="It was seen"), CodeTerm("NOT FOUND")),
)
TERMS = CodeListDefinition("MEDDRA", "MedDRA", dictionary=Dictionary("MedDRA", "20.1"))
OF_ALBUMIN = (Condition("LBTESTCD", ("ALB",)), Condition("LBORRESU", ("g/L", "g/dL")))
OF_OURS = (Condition("LBTESTCD", ("MYTEST",)), Condition("LBORRESU", ("",)))
LB = DatasetDefinition(
    name="LB",
    label="Laboratory & <Tests>",
    file="lb.xpt",
    structure="One record per result",
    kind="FINDINGS",
    purpose="Tabulation",
    variables=(
        VariableDefinition("LBSEQ", "Number", ValueType("integer", 2), DERIVED, True, 1),
        VariableDefinition(
            "LBTESTCD", "Test", ValueType("text", 6), COLLECTED, role="Topic", codelist=TESTS
        ),
        VariableDefinition(
            "LBORRES",
            "Result",
            ValueType("text", 10),
            COLLECTED,
            comment="As on the form.",
            levels=(
                ValueLevel(OF_ALBUMIN, "Albumin", ValueType("float", 3, 1), COLLECTED),
                ValueLevel(OF_OURS, "Ours", ValueType("text", 10), COLLECTED, STATES),
            ),
        ),
        VariableDefinition("LBORRESU", "Unit", ValueType("text", 4), COLLECTED),
        VariableDefinition(
            "LBSTRESN",
            "Number",
            ValueType("float", 3, 1),
            DERIVED,
            method=CONVERTED,
            levels=(
                ValueLevel(
                    OF_ALBUMIN, "Albumin", ValueType("float", 3, 1), DERIVED, None, CONVERTED
                ),
            ),
        ),
        VariableDefinition(
            "LBTERM", "Term", ValueType("text", 1), ASSIGNED, codelist=TERMS, has_data=False
        ),
    ),
    records=3,
    domain="LB",
    standard="SDTMIG",
    comment="From the form: laboratory.\nReading: none.",
)
WHOLE = Define(
    study="X",
    description="A study of <em>",
    protocol="NCT1",
    title="X, data definitions",
    standards=(
        Standard("SDTMIG", "SDTMIG", "3.4"),
        Standard("CT.SDTM", "CDISC/NCI", "2025-03-28", "CT", "SDTM"),
    ),
    datasets=(LB,),
    documents=(
        Document("acrf", "Annotated form", "acrf.pdf", "annotated form"),
        Document("csdrg", "Reviewer's guide", "csdrg.pdf"),
    ),
    displays=(
        ResultDisplay(
            "albumin",
            "Albumin by visit",
            (
                AnalysisResult(
                    "Albumin",
                    "PART OF EVERY REPORT",
                    "PRIMARY OUTCOME MEASURE",
                    (AnalysisDataset("LB", OF_ALBUMIN, ("LBSTRESN",)),),
                    "Mean and range.",
                    "cartrial report",
                    "cartrial 1",
                ),
            ),
        ),
    ),
    system=("cartrial", "1"),
)
