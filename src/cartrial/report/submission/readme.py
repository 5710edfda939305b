"""README.txt of a package: what is where, in plain words."""

from pathlib import Path

from cartrial.report.submission.delivery import Delivery

ABOUT = {
    "tabulations/sdtm": "The data as collected, in CDISC SDTM (SAS transport files). Begin with "
    "define.html; csdrg.pdf is the guide to them.",
    "tabulations/sdtm/acrf.pdf": "The case report forms, with the SDTM variable beside each field.",
    "analysis/adam/datasets": "The data as analysed, in CDISC ADaM (SAS transport files). Begin "
    "with define.html; adrg.pdf is the guide to them.",
    "dataset-json": "The same SDTM and ADaM as CDISC Dataset-JSON.",
    "report/report.html": "The report; each number opens to the subjects behind it.",
    "report/report.pdf": "The report on paper.",
    "report/protocol-text.md": "The design of the dose escalation, in the words of a protocol.",
    "report/rtf": "The report's tables and listings, one file each and all in one.",
    "report/results": "Every number of the report as CSV, and as CDISC analysis results (ARS).",
    "registry": "The results in the shape of ClinicalTrials.gov, and the study as USDM.",
    "study.yaml": "The study file, from which with the data all of this was made.",
    "manifest.json": "Every file with its size and SHA-256; versions; the data cut.",
}
WIDTH = 28  # characters of a path


def readme(delivery: Delivery, folder: Path) -> str:
    """What the folder holds, and what is left for people to do."""
    study = delivery.study
    there = [
        f"{path:{WIDTH}}{about}"
        for path, about in ABOUT.items()
        if (folder / path).exists() or path == "manifest.json"
    ]
    lines = [
        f"{study.id}: {study.title}",
        f"Data package, {delivery.cut}, made by cartrial {delivery.software['cartrial']}.",
        *([study.drafted_from] if study.drafted_from else []),
        "",
        *there,
        "",
        "It holds data of single subjects: hand it on only to who may see them.",
        "In csdrg.pdf and adrg.pdf, what is marked `To be completed` only people can say.",
        "To see that every file is as it was made: cartrial package --verify FOLDER",
    ]
    return "\n".join(lines) + "\n"
