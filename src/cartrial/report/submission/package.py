"""A trial as one folder to hand over: data, their description, results, report, and a manifest.

    README.txt, manifest.json, study.yaml
    tabulations/sdtm/            SDTM as SAS transport files, define.xml, acrf.pdf, csdrg.pdf
    analysis/adam/datasets/      ADaM as SAS transport files, define.xml, adrg.pdf
    dataset-json/sdtm, adam/     the same data as Dataset-JSON
    report/                      the report, its tables as RTF, its numbers as CSV and ARS
    registry/                    the results for ClinicalTrials.gov, the study definition as USDM

Source: FDA, Study Data Technical Conformance Guide: the folders of study data.
Reading: `tabulations` and `analysis` are named and filled as the guide has them in the folder of a
    study (m5/datasets/STUDY), so that the two can be moved there as they are; what the guide has no
    place for stands beside them.
"""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from cartrial import files
from cartrial.adam.file.define import define_adam
from cartrial.adam.file.folder import adam_datasets
from cartrial.cdisc.define.model import Define, Document, Standard
from cartrial.cdisc.define.write import write_define
from cartrial.cdisc.form import Form, write_dataset
from cartrial.report.publish import publish_report
from cartrial.report.submission.analysis_data_guide import NAME as ANALYSIS_GUIDE
from cartrial.report.submission.analysis_data_guide import analysis_data_guide
from cartrial.report.submission.annotated_forms import annotated_forms
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.guide import guide_pdf
from cartrial.report.submission.introduction import FORMATS
from cartrial.report.submission.manifest import MANIFEST, manifest
from cartrial.report.submission.readme import readme
from cartrial.report.submission.registry import DEFINITION, write_registry
from cartrial.report.submission.study_data_guide import NAME as STUDY_GUIDE
from cartrial.report.submission.study_data_guide import study_data_guide
from cartrial.results.displays import displays
from cartrial.results.registry import results_section
from cartrial.results.result import Results
from cartrial.sdtm.define.define import define_sdtm
from cartrial.sdtm.file.folder import write_sdtm
from cartrial.sdtm.usdm import to_usdm

SDTM, ADAM, JSON, REPORT, REGISTRY = (
    Path("tabulations/sdtm"),
    Path("analysis/adam/datasets"),
    Path("dataset-json"),
    Path("report"),
    Path("registry"),
)
SUBMITTED: Form = "xpt"
FORMS = Document("acrf", "Annotated forms", "acrf.pdf", "annotated form")
STUDY = Document("csdrg", STUDY_GUIDE, "csdrg.pdf")
ANALYSIS = Document("adrg", ANALYSIS_GUIDE, "adrg.pdf")


def write_package(delivery: Delivery, results: Results, folder: Path) -> None:
    """Write the package into a new folder."""
    sdtm, adam = _defines(delivery, results)
    _write_tabulations(delivery, sdtm, folder)
    _write_analysis(delivery, adam, folder)
    publish_report(results, folder / REPORT, rtf=True)
    write_registry(
        results, results_section(delivery.study, delivery.adam, results), folder / REGISTRY
    )
    definition = to_usdm(delivery.study, made_with=version("cartrial"))
    files.write_json(folder / REGISTRY / DEFINITION, definition)
    if delivery.study_file is not None:
        files.write_bytes(folder / "study.yaml", delivery.study_file)
    standards = {one.title: one.version for one in _standards(sdtm, adam)}
    files.write_text(folder / "README.txt", readme(delivery, folder))
    files.write_json(folder / MANIFEST, manifest(delivery, standards | FORMATS, folder))


def _defines(delivery: Delivery, results: Results) -> tuple[Define, Define]:
    """What define.xml says of SDTM and ADaM."""
    study, terms = delivery.study, delivery.terminology
    beside = (FORMS, STUDY) if delivery.collected else (STUDY,)
    sdtm = define_sdtm(
        study,
        delivery.sdtm,
        terms,
        form=SUBMITTED,
        documents=beside,
        collected=delivery.collected,
    )
    adam = define_adam(
        study,
        delivery.adam,
        terms,
        form=SUBMITTED,
        displays=displays(results),
        documents=(ANALYSIS,),
    )
    return sdtm, adam


def _write_tabulations(delivery: Delivery, define: Define, folder: Path) -> None:
    write_sdtm(delivery.sdtm, folder / SDTM, form=SUBMITTED)
    write_sdtm(delivery.sdtm, folder / JSON / "sdtm", form="json")
    write_define(define, folder / SDTM)
    guide = guide_pdf(study_data_guide(delivery, define))
    files.write_bytes(folder / SDTM / STUDY.file, guide)
    if delivery.collected:
        files.write_bytes(folder / SDTM / FORMS.file, annotated_forms(delivery.study))


def _write_analysis(delivery: Delivery, define: Define, folder: Path) -> None:
    places: tuple[tuple[Form, Path], ...] = ((SUBMITTED, ADAM), ("json", JSON / "adam"))
    for form, place in places:
        for dataset in adam_datasets(delivery.adam, form):
            write_dataset(dataset, folder / place, form)
    write_define(define, folder / ADAM)
    guide = guide_pdf(analysis_data_guide(delivery, define))
    files.write_bytes(folder / ADAM / ANALYSIS.file, guide)


def _standards(*defines: Define) -> Iterator[Standard]:
    for define in defines:
        yield from define.standards
