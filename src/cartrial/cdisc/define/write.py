"""Writing define.xml, and beside it define.html, the same for people."""

from pathlib import Path

from cartrial import files
from cartrial.cdisc.define.model import Define
from cartrial.cdisc.define.view.page import to_html


def write_define(define: Define, folder: Path) -> None:
    """Write define.xml and define.html into the folder of the datasets."""
    from cartrial.cdisc.define.odm.document import to_xml  # odmlib is slow to load

    files.write_bytes(folder / "define.xml", to_xml(define))
    files.write_text(folder / "define.html", to_html(define))
