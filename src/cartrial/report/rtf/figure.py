"""A figure of the report on a page of its own, as the picture that the PDF shows."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import rtflite

from cartrial.report.document import DrawnFigure
from cartrial.report.pdf import to_png
from cartrial.report.rtf.encode import Running, footer, footnote, header, sheet, titles
from cartrial.report.rtf.sheet import LINE, ON_ITS_SIDE, POINTS, UPRIGHT, Paper, lines_of
from cartrial.report.table import in_population

SCALE = 2  # pixels of the picture to one of the figure
PIXELS = 96  # an inch of the figure
WIDE = 1.2  # times as wide as high: on its side
AROUND = 24  # points between the picture and its words
SIDES = slice(16, 20), slice(20, 24)  # where a PNG says how wide and high it is


def encoded_figure(figure: DrawnFigure, running: Running, *, number: str) -> tuple[Paper, str]:
    """The paper of a figure, and its page as an RTF file."""
    assert figure.spec is not None, figure.id
    picture = to_png(figure.spec, scale=SCALE)
    width, height = (int.from_bytes(picture[side], "big") / SCALE / PIXELS for side in SIDES)
    paper = ON_ITS_SIDE if width > WIDE * height else UPRIGHT
    said = tuple(text for text in (number, figure.title, in_population(figure.population)) if text)
    notes = tuple(("", text) for text in figure.footnotes if text)
    room = _room([*said, *(text for _, text in notes)], paper)
    scale = min(1.0, paper.room / width, room / height)
    with TemporaryDirectory() as folder:
        place = Path(folder) / "figure.png"
        place.write_bytes(picture)
        document = rtflite.RTFDocument(
            rtf_page=sheet(paper),
            rtf_page_header=header(running),
            rtf_page_footer=footer(running),
            rtf_title=titles(said),
            rtf_figure=rtflite.RTFFigure(
                figures=[place], fig_width=width * scale, fig_height=height * scale
            ),
            rtf_footnote=footnote(notes),
        )
        return paper, str(document.rtf_encode())


def _room(texts: Sequence[str], paper: Paper) -> float:
    """The inches that the words of a figure leave to its picture."""
    return (paper.points - lines_of(texts, paper.letters) * LINE - AROUND) / POINTS
