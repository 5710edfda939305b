"""What can be wrong with a define.xml: the schema, and what refers to what."""

from functools import cache
from io import BytesIO
from xml.etree import ElementTree as Et

import xmlschema
from odmlib.schema_manager import get_schema_path

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
REFERENCES = (
    "ItemOID",
    "MethodOID",
    "CodeListOID",
    "ItemGroupOID",
    "ParameterOID",
    "ValueListOID",
    "WhereClauseOID",
    "leafID",
    f"{DEF}ItemOID",
    f"{DEF}StandardOID",
    f"{DEF}CommentOID",
    f"{DEF}ArchiveLocationID",
)
NOT_MEANT = ("ODM", "Study", "MetaDataVersion", "ItemGroupDef", "ResultDisplay", "AnalysisResult")


def assert_sound(content: bytes) -> None:
    """It keeps to the schema, gives each identifier once, and refers to each, and to no other."""
    given = defined(content)
    assert faults(content) == []
    assert len(given) == len(set(given))
    assert referred(content) <= set(given)
    assert orphans(content) == set()


@cache
def _schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(get_schema_path("arm", "1.0-define2.1"))


def faults(content: bytes) -> list[str]:
    """What breaks the schema of Define-XML 2.1 with analysis results metadata."""
    return [f"{fault.path}: {fault.reason}" for fault in _schema().iter_errors(BytesIO(content))]


def defined(content: bytes) -> list[str]:
    """Every identifier that is given, as often as it is."""
    return [one.get("OID") or one.get("ID") or "" for one in _given(content)]


def referred(content: bytes) -> set[str]:
    """Every identifier that is referred to."""
    root = Et.fromstring(content)
    return {
        value for one in root.iter() for name, value in one.attrib.items() if name in REFERENCES
    }


def orphans(content: bytes) -> set[str]:
    """What nothing refers to, apart from what stands for itself."""
    meant = {
        one.get("OID") or one.get("ID") or ""
        for one in _given(content)
        if one.tag.rpartition("}")[2] not in NOT_MEANT
    }
    return meant - referred(content)


def _given(content: bytes) -> list[Et.Element]:
    return [one for one in Et.fromstring(content).iter() if one.get("OID") or one.get("ID")]
