"""What is handed over: a trial's data at a data cut, what was found in them, and what made them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.cdisc.terminology import Terminology
from cartrial.protocol.study import Study
from cartrial.results.result import data_cut
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.dm import Dm


@dataclass(frozen=True)
class Delivery:
    """The data of a package.

    `collected` says whether the SDTM was made from the trial's own forms; `software` names the
    versions of what made the package; `study_file` is the study file as it stands, where one does.
    """

    study: Study
    sdtm: Sdtm
    adam: Adam
    findings: tuple[s.Finding, ...]
    terminology: Terminology
    collected: bool
    software: Mapping[str, str]
    study_file: bytes | None = None

    @property
    def cut(self) -> str:
        """The data cut in words."""
        return data_cut(self.adam.cutoff)

    @property
    def adam_findings(self) -> tuple[s.Finding, ...]:
        """What was found in the analysis datasets."""
        return tuple(one for one in self.findings if _dataset(one) in self.adam.tables)

    @property
    def sdtm_findings(self) -> tuple[s.Finding, ...]:
        """What was found in all else: in the forms, in SDTM."""
        return tuple(one for one in self.findings if _dataset(one) not in self.adam.tables)

    @property
    def study_sha256(self) -> str | None:
        """The SHA-256 of the study file."""
        return sha256(self.study_file).hexdigest() if self.study_file is not None else None

    @property
    def subjects(self) -> int:
        """How many subjects have a record in DM."""
        return self.sdtm.of(Dm).height


def _dataset(finding: s.Finding) -> str:
    return finding.table.partition(" ")[0].upper()
