"""A page set by typst, from a template of this room, or of another, and data.

A template may take parts of another: `#import "/report/paper/field.typ": written`.

Type is the font that comes with the report; no font of the machine is used and no date is written,
so the same data give the same bytes.
"""

import json
from collections.abc import Mapping
from importlib.resources import as_file
from importlib.resources import files as resources
from typing import Any


def typeset(
    template: str,
    data: Mapping[str, Any],
    room: str = "cartrial.report",
    *,
    tagged: bool = True,
) -> bytes:
    """The PDF of a template, which reads the data as `sys.inputs.report`.

    What is made to be printed alone needs no tags, by which other programs read a PDF aloud.
    """
    import typst

    with as_file(resources("cartrial")) as root:
        pdf: bytes = typst.compile(
            str(root.joinpath(*room.split(".")[1:], template)),
            root=str(root),
            font_paths=[str(root / "report" / "fonts")],
            ignore_system_fonts=True,
            pdf_tags=tagged,
            sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
        )
    return pdf


def set_length(text: str) -> int:
    """The characters of a text as it is set: capitals count half as much again, they are wider."""
    return len(text) + sum(letter.isupper() for letter in text) // 2
