import re
from base64 import b64encode
from hashlib import sha256

from cartrial.cdisc.define.view.page import to_html
from tests.unit.cdisc.define.whole import WHOLE

PAGE = to_html(WHOLE)


def test_every_link_leads_to_a_place_on_the_page_or_a_file_beside_it():
    ids = re.findall(r' id="([^"]+)"', PAGE)
    links = re.findall(r'href="([^"]+)"', PAGE)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} == {
        "acrf.pdf",
        "csdrg.pdf",
        "lb.xpt",
    }


def test_nothing_is_fetched_and_nothing_runs():
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in PAGE
    assert "<script" not in PAGE
    assert "http" not in PAGE.replace("http-equiv", "")


def test_text_of_the_study_is_text():
    assert "A study of &lt;em&gt;" in PAGE
    assert "Laboratory &amp; &lt;Tests&gt;" in PAGE


def test_the_page_says_what_define_xml_says():
    for said in (
        "float 3.1",
        "Collected, investigator",
        "form: laboratory",
        "The result in the standard unit.",
        "As on the form.",
        "No record has a value.",
        "LBORRESU = g/L or g/dL",
        "LBORRESU = none",
        "Reading: none.",
        "MedDRA 20.1",
        "Albumin by visit",
    ):
        assert said in PAGE, said
