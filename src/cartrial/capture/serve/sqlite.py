"""Which versions of SQLite hold a trial.

Source: SQLite's release notes of 3.51.3: versions 3.7.0 to 3.51.2 can corrupt a database in WAL
mode when two connections write or make a checkpoint at the same moment. 3.52.0 was withdrawn.
Reading: one process with one queue of writers makes it improbable, not impossible: an older version
is told of; a withdrawn one, and one without what the ledger asks of it, is refused.
"""

from cartrial.errors import StudyError

OLDEST = (3, 38, 0)  # JSON is built in, triggers and upserts are as the ledger needs them
MENDED = (3, 51, 3)
WITHDRAWN = ((3, 52, 0),)
REMEDY = "Install pysqlite3 (it comes with cartrial[web] on Linux), which brings its own"


def remark(version: tuple[int, ...]) -> str:
    """What is to be said of a version; empty where nothing is. One that is faulty is refused."""
    said = ".".join(map(str, version))
    if version in WITHDRAWN:
        raise StudyError(f"SQLite: must be no withdrawn version, got {said}. {REMEDY}")
    if version < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise StudyError(f"SQLite: must be {oldest} or later, got {said}. {REMEDY}")
    if version < MENDED:
        return (
            f"SQLite {said} can in rare cases spoil a database in WAL mode "
            f"(mended in {'.'.join(map(str, MENDED))}). {REMEDY}"
        )
    return ""
