"""Every dataset of a small simulated trial as SAS transport files, for readers of other makers."""

from pathlib import Path

from cartrial import pipeline
from cartrial.adam.file.folder import write_adam
from cartrial.protocol.read import packaged_study
from cartrial.sdtm.file.folder import write_sdtm
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial


def written_files(folder: Path) -> list[Path]:
    """The files of the trial's SDTM and ADaM, in the order of their names."""
    study = packaged_study()
    forms = simulate_trial(study, subjects=6, seed=3, scenario=packaged_scenario()).forms
    sdtm = pipeline.tabulate(study, forms)
    write_sdtm(sdtm, folder, form="xpt")
    write_adam(pipeline.derive(study, sdtm), folder, also="xpt")
    return sorted(folder.rglob("*.xpt"))
