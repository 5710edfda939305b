"""Define-XML 2.1 with analysis results metadata, built with odmlib."""

from collections.abc import Iterable
from typing import Any

from odmlib.arm_1_0 import model as odm

from cartrial.cdisc.dataset import dataset_oid, variable_oid
from cartrial.cdisc.define.catalogue import Catalogue, Selection, catalogued
from cartrial.cdisc.define.model import (
    Condition,
    DatasetDefinition,
    Define,
    Document,
    Method,
    Origin,
    Standard,
    ValueLevel,
    VariableDefinition,
)
from cartrial.cdisc.define.odm.codelist import codelist_element
from cartrial.cdisc.define.odm.element import chosen, described, given
from cartrial.cdisc.define.odm.result import result_displays
from cartrial.cdisc.define.oid import leaf_id, value_list_oid

DEFINE_VERSION = "2.1.0"


def to_xml(define: Define) -> bytes:
    """The whole file: the same definitions, the same bytes."""
    known = catalogued(define)
    root = odm.ODM(
        FileType="Snapshot",
        FileOID=f"{define.study}.{define.standards[0].name}",
        CreationDateTime=define.created.strftime("%Y-%m-%dT%H:%M:%S"),
        ODMVersion="1.3.2",
        SourceSystem=define.system[0],
        **given(SourceSystemVersion=define.system[1]),
        Context="Submission",
        Study=odm.Study(
            OID=define.study,
            GlobalVariables=odm.GlobalVariables(
                StudyName=odm.StudyName(_content=define.study),
                StudyDescription=odm.StudyDescription(_content=define.description),
                ProtocolName=odm.ProtocolName(_content=define.protocol),
            ),
            MetaDataVersion=_metadata(define, known),
        ),
    )
    content: str = root.to_xml_string(xml_declaration=True)
    return content.encode()


def _metadata(define: Define, known: Catalogue) -> Any:
    documents = [one for one in define.documents if one.kind == "guide"]
    form = define.annotated
    refer = [odm.DocumentRef(leafID=leaf_id(one.id)) for one in documents]
    return odm.MetaDataVersion(
        OID=f"MDV.{define.study}.{define.standards[0].name}",
        Name=define.title,
        Description=define.title,
        DefineVersion=DEFINE_VERSION,
        Standards=odm.Standards(Standard=[_standard(one) for one in define.standards]),
        **given(
            AnnotatedCRF=form
            and odm.AnnotatedCRF(DocumentRef=odm.DocumentRef(leafID=leaf_id(form.id))),
            SupplementalDoc=refer and odm.SupplementalDoc(DocumentRef=refer),
        ),
        ValueListDef=[
            _value_list(dataset, variable, known)
            for dataset in define.datasets
            for variable in dataset.variables
            if variable.levels
        ],
        WhereClauseDef=[_where(chosen, oid) for chosen, oid in known.selections.items()],
        ItemGroupDef=[_dataset(one, known) for one in define.datasets],
        ItemDef=[item for one in define.datasets for item in _items(one, define, known)],
        CodeList=[codelist_element(one, oid) for one, oid in known.codelists.items()],
        MethodDef=[_method(one, oid) for one, oid in known.methods.items()],
        CommentDef=[
            odm.CommentDef(OID=oid, Description=described(text))
            for text, oid in known.comments.items()
        ],
        leaf=[_leaf(one) for one in define.documents],
        **given(AnalysisResultDisplays=define.displays and result_displays(define.displays, known)),
    )


# ---------------------------------------------------------------- datasets and variables
def _dataset(dataset: DatasetDefinition, known: Catalogue) -> Any:
    inner = {"SubClass": [odm.SubClass(Name=dataset.subclass)]} if dataset.subclass else {}
    return odm.ItemGroupDef(
        OID=dataset_oid(dataset.name),
        Name=dataset.name,
        Repeating="Yes" if dataset.repeating else "No",
        IsReferenceData="Yes" if dataset.reference else "No",
        SASDatasetName=dataset.name,
        **given(Domain=dataset.domain),
        Purpose=dataset.purpose,
        Structure=dataset.structure,
        ArchiveLocationID=leaf_id(dataset.name),
        **given(
            CommentOID=known.comments.get(dataset.comment),
            IsNonStandard="" if dataset.standard else "Yes",
            StandardOID=dataset.standard and f"STD.{dataset.standard}",
        ),
        Description=described(dataset.label),
        ItemRef=[
            _reference(dataset, variable, number, known)
            for number, variable in enumerate(dataset.variables, start=1)
        ],
        Class=odm.Class(Name=dataset.kind, **inner),
        leaf=odm.leaf(
            ID=leaf_id(dataset.name),
            href=dataset.file,
            title=odm.title(_content=dataset.file),
        ),
    )


def _reference(
    dataset: DatasetDefinition, variable: VariableDefinition, number: int, known: Catalogue
) -> Any:
    return odm.ItemRef(
        ItemOID=variable_oid(dataset.name, variable.name),
        OrderNumber=number,
        Mandatory="Yes" if variable.mandatory else "No",
        **given(
            KeySequence=variable.key,
            MethodOID=variable.method and known.methods[variable.method],
            Role=variable.role,
            HasNoData="" if variable.has_data else "Yes",
        ),
    )


def _items(dataset: DatasetDefinition, define: Define, known: Catalogue) -> Iterable[Any]:
    """The definition of each variable, followed by those of its value levels."""
    for variable in dataset.variables:
        levels = known.levels.get((dataset.name, variable.name))
        refer = levels and odm.ValueListRef(
            ValueListOID=value_list_oid(dataset.name, variable.name)
        )
        oid = variable_oid(dataset.name, variable.name)
        yield _item(variable, variable, oid, define, known, ValueListRef=refer)
        for level, level_oid in zip(variable.levels, levels or (), strict=True):
            yield _item(variable, level, level_oid, define, known)


def _item(
    variable: VariableDefinition,
    one: VariableDefinition | ValueLevel,
    oid: str,
    define: Define,
    known: Catalogue,
    **more: Any,
) -> Any:
    comment = one.comment if isinstance(one, VariableDefinition) else ""
    return odm.ItemDef(
        OID=oid,
        Name=variable.name,
        DataType=one.value.type,
        **given(Length=one.value.length, SignificantDigits=one.value.digits),
        SASFieldName=variable.name,
        **given(DisplayFormat=variable.format, CommentOID=known.comments.get(comment)),
        Description=described(one.label),
        **given(
            CodeListRef=one.codelist and odm.CodeListRef(CodeListOID=known.codelists[one.codelist])
        ),
        Origin=[_origin(one.origin, define)],
        **given(**more),
    )


def _origin(origin: Origin, define: Define) -> Any:
    form = define.annotated
    pages: dict[str, Any] = {}
    if form and origin.pages:
        named = odm.PDFPageRef(Type="NamedDestination", PageRefs=" ".join(origin.pages))
        pages = {"DocumentRef": [odm.DocumentRef(leafID=leaf_id(form.id), PDFPageRef=[named])]}
    return odm.Origin(
        Type=origin.type,
        **given(Source=origin.source, Description=origin.said and described(origin.said)),
        **pages,
    )


# ---------------------------------------------------------------- value level
def _value_list(dataset: DatasetDefinition, variable: VariableDefinition, known: Catalogue) -> Any:
    oids = known.levels[dataset.name, variable.name]
    return odm.ValueListDef(
        OID=value_list_oid(dataset.name, variable.name),
        ItemRef=[
            odm.ItemRef(
                ItemOID=oid,
                OrderNumber=number,
                Mandatory="No",
                **given(MethodOID=level.method and known.methods[level.method]),
                WhereClauseRef=[chosen(known.selections[dataset.name, level.where])],
            )
            for number, (level, oid) in enumerate(zip(variable.levels, oids, strict=True), start=1)
        ],
    )


def _where(selection: Selection, oid: str) -> Any:
    dataset, conditions = selection
    return odm.WhereClauseDef(OID=oid, RangeCheck=[_check(dataset, one) for one in conditions])


def _check(dataset: str, condition: Condition) -> Any:
    return odm.RangeCheck(
        Comparator=_comparator(condition),
        SoftHard="Soft",
        ItemOID=variable_oid(dataset, condition.variable),
        CheckValue=[odm.CheckValue(_content=value) for value in condition.values],
    )


def _comparator(condition: Condition) -> str:
    if len(condition.values) == 1:
        return "NE" if condition.excluded else "EQ"
    return "NOTIN" if condition.excluded else "IN"


# ---------------------------------------------------------------- what is shared
def _method(method: Method, oid: str) -> Any:
    return odm.MethodDef(
        OID=oid,
        Name=f"Derivation of {oid.removeprefix('MT.')}",
        Type="Imputation" if method.imputed else "Computation",
        Description=described(method.text),
    )


def _standard(standard: Standard) -> Any:
    return odm.Standard(
        OID=f"STD.{standard.id}",
        Name=standard.name,
        Type=standard.type,
        **given(PublishingSet=standard.set),
        Version=standard.version,
        Status="Final",
    )


def _leaf(document: Document) -> Any:
    return odm.leaf(
        ID=leaf_id(document.id), href=document.file, title=odm.title(_content=document.title)
    )
