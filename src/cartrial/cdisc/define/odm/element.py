"""Elements of odmlib that stand everywhere: a text in a language, a where clause that is meant."""

from typing import Any

from odmlib.arm_1_0 import model as odm

LANGUAGE = "en"


def described(said: str) -> Any:
    """A description."""
    return odm.Description(TranslatedText=[text(said)])


def text(said: str) -> Any:
    """A text in the language of the file."""
    return odm.TranslatedText(lang=LANGUAGE, _content=said)


def given(**values: Any) -> dict[str, Any]:
    """The arguments that have a value."""
    return {name: value for name, value in values.items() if value or value == 0}


def chosen(oid: str) -> Any:
    """A reference to a where clause."""
    return odm.WhereClauseRef(WhereClauseOID=oid)
