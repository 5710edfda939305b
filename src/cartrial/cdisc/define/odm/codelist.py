"""A code list of a define.xml, as elements of odmlib."""

from typing import Any

from odmlib.arm_1_0 import model as odm

from cartrial.cdisc.define.model import CodeListDefinition, CodeTerm
from cartrial.cdisc.define.odm.element import described, given, text

SHORT = 8  # characters: a code of no more is shown with what it means


def codelist_element(codelist: CodeListDefinition, oid: str) -> Any:
    """A code list with its terms, or with the dictionary that holds them."""
    return odm.CodeList(
        OID=oid,
        Name=codelist.name,
        DataType=codelist.type,
        **given(
            IsNonStandard="" if codelist.standard or codelist.dictionary else "Yes",
            StandardOID=codelist.standard and f"STD.{codelist.standard}",
        ),
        **_contents(codelist),
        **({"Alias": [_nci(codelist.code)]} if codelist.code else {}),
    )


def _contents(codelist: CodeListDefinition) -> dict[str, Any]:
    """The terms with what they mean where they are codes, or the dictionary that holds them."""
    if codelist.dictionary:
        where = codelist.dictionary
        known = given(Dictionary=where.name, Version=where.version)
        return {"ExternalCodeList": odm.ExternalCodeList(**known)}
    if _is_decoded(codelist):
        return {"CodeListItem": [_term(odm.CodeListItem, term, True) for term in codelist.terms]}
    return {"EnumeratedItem": [_term(odm.EnumeratedItem, term, False) for term in codelist.terms]}


def _is_decoded(codelist: CodeListDefinition) -> bool:
    """Whether the terms are shown with what they mean: all are short, and all are explained."""
    terms = codelist.terms
    return all(one.decode and len(one.value) <= SHORT for one in terms) and any(
        one.decode.upper() != one.value.upper() for one in terms
    )


def _term(element: Any, term: CodeTerm, decoded: bool) -> Any:
    """A term; what a sponsor's own means stands in its decode or, without one, beside it."""
    decode = {"Decode": odm.Decode(TranslatedText=[text(term.decode)])} if decoded else {}
    is_told = term.meaning and not decoded
    return element(
        CodedValue=term.value,
        **given(ExtendedValue="Yes" if term.extended else ""),
        **({"Description": described(term.meaning)} if is_told else {}),
        **decode,
        **({"Alias": [_nci(term.code)]} if term.code else {}),
    )


def _nci(code: str) -> Any:
    return odm.Alias(Context="nci:ExtCodeID", Name=code)
