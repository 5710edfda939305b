"""Analysis results metadata of a define.xml, as elements of odmlib."""

from collections.abc import Iterable
from typing import Any

from odmlib.arm_1_0 import model as odm
from odmlib.mode import ValidationMode, permissive

from cartrial.cdisc.dataset import dataset_oid, variable_oid
from cartrial.cdisc.define.catalogue import Catalogue
from cartrial.cdisc.define.model import AnalysisDataset, AnalysisResult, ResultDisplay
from cartrial.cdisc.define.odm.element import chosen, described, given


def result_displays(displays: Iterable[ResultDisplay], known: Catalogue) -> Any:
    """All displays."""
    with permissive(ValidationMode["SKIP_VALUESET"]):  # reasons and purposes of the sponsor's own
        shown = [_display(one, known) for one in displays]
    return odm.AnalysisResultDisplays(ResultDisplay=shown)


def _display(display: ResultDisplay, known: Catalogue) -> Any:
    return odm.ResultDisplay(
        OID=f"RD.{display.id}",
        Name=display.id,
        Description=described(display.title),
        AnalysisResult=[
            _result(one, f"AR.{display.id}.{number}", known)
            for number, one in enumerate(display.results, start=1)
        ],
    )


def _result(result: AnalysisResult, oid: str, known: Catalogue) -> Any:
    parameter = next(
        (
            variable_oid(one.dataset, condition.variable)
            for one in result.datasets
            for condition in one.where
            if condition.variable == "PARAMCD"
        ),
        None,
    )
    return odm.AnalysisResult(
        OID=oid,
        **given(ParameterOID=parameter),
        AnalysisReason=result.reason,
        AnalysisPurpose=result.purpose,
        Description=described(result.description),
        AnalysisDatasets=odm.AnalysisDatasets(
            AnalysisDataset=[_analysed(one, known) for one in result.datasets]
        ),
        Documentation=odm.Documentation(Description=described(result.documentation)),
        **given(
            ProgrammingCode=result.code
            and odm.ProgrammingCode(Context=result.context, Code=odm.Code(_content=result.code))
        ),
    )


def _analysed(one: AnalysisDataset, known: Catalogue) -> Any:
    return odm.AnalysisDataset(
        ItemGroupOID=dataset_oid(one.dataset),
        **given(WhereClauseRef=one.where and chosen(known.selections[one.dataset, one.where])),
        AnalysisVariable=[
            odm.AnalysisVariable(ItemOID=variable_oid(one.dataset, name)) for name in one.variables
        ],
    )
