"""How the parts of a panel are written as SVG: places in percent, a link, a name, a title."""

from django.template.loader import render_to_string

from cartrial.capture.subject.drawing.part import Band, Bar, Line, Panel, Point, Row, Rule, Words

PANEL = Panel(
    "lab-NEUT",
    "Neutrophils",
    "10⁹/L",
    92,
    ticks=(Rule(39, "", "1"),),
    bands=(Band(60, 32, "g4", "4"),),
    lines=(Line("10,20 500,30.5", "s1"),),
    bars=(Bar(10, 2.5, 43, 9, "g2", "Rash: grade 2", "/records/8", "2"),),
    points=(Point(32.89, 50.3, "dot", "g4", "0.3 & falling", "/records/7", ""),),
    words=(Words(0, 11, "<Rash>", "name", "/records/8"),),
    columns=("Sampled", "Result"),
    rows=(Row(("2025-03-06", "<0.3>"), "/records/7", "g4"),),
)


def rendered(panel: Panel) -> str:
    return render_to_string("capture/subject/panel.html", {"panel": panel, "course": None})


def test_the_parts_of_a_panel() -> None:
    text = rendered(PANEL)
    for part in (
        '<a href="/records/7" aria-label="0.3 &amp; falling"><title>0.3 &amp; falling</title>'
        '<svg class="mark dot g4" x="32.89%" y="50.3">',
        '<a href="/records/8" aria-label="Rash: grade 2"><title>Rash: grade 2</title>'
        '<rect class="stretch g2" x="10%" width="2.5%" y="43" height="9"/>',
        '<rect class="band g4" x="0" width="100%" y="60" height="32"/>',
        '<text class="end grade" x="99.6%" y="60" dy="10">4</text>',
        '<polyline class="s1" points="10,20 500,30.5"/>',
        '<text x="0%" y="11" class="name">&lt;Rash&gt;</text>',
        '<svg class="plot" height="92" role="group" aria-label="Neutrophils in 10⁹/L: 2 marks">',
        '<th scope="row"><a href="/records/7">2025-03-06</a></th><td>&lt;0.3&gt;</td>',
    ):
        assert part in text, part
    assert text == rendered(PANEL)


def test_a_panel_without_anything() -> None:
    text = rendered(Panel("stays", "Hospital stays", empty="Nothing is entered."))
    assert "<svg" not in text
    assert "<details" not in text
    assert "Nothing is entered." in text
