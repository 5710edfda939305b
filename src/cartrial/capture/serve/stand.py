"""Stand up the application for one trial, in this process: its environment, then Django.

Nothing here is imported at the head of a module that a command needs before: the settings are read
from the environment when Django is first set up.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from cartrial.errors import DataError, StudyError

NEEDED = ("django", "django_htmx", "gunicorn", "argon2", "whitenoise")
SETTINGS = "cartrial.capture.settings"


def stand(
    study: Path, *, home: Path | None = None, demo: bool = False, there: bool = False
) -> None:
    """Set up Django for the trial of a study folder or file.

    With `there` its database must be there: where it is not, no home is made for it.
    """
    _need_extra()
    os.environ["CARTRIAL_STUDY"] = str(study)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if home is not None:
        os.environ["CARTRIAL_HOME"] = str(home)
    if demo:
        os.environ["CARTRIAL_DEMO"] = "yes"
    from cartrial.capture.deployment import deployment

    here = deployment()
    here.study  # noqa: B018 - a fault in the study is told before anything is made
    if there and not here.database_url:
        _must_be_there(here.home / "trial.sqlite3")
    os.umask(0o077)  # what is written is of patients: for its owner alone
    _make(here.home)
    import django

    django.setup()


def _need_extra() -> None:
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        raise StudyError(
            f"cartrial web: must have the extra `web`, got no {absent[0]}. "
            "Install it: pip install 'cartrial[web]', or `make web` in the repository"
        )


def _must_be_there(file: Path) -> None:
    if not file.exists():
        raise DataError(
            f"{file}: must be there, got nothing. Name its folder with --home; "
            "`cartrial web STUDY` makes a new one"
        )


def _make(home: Path) -> None:
    """Make the folder of the database, for its owner alone."""
    if not home.is_dir():
        home.mkdir(parents=True)
        home.chmod(0o700)
