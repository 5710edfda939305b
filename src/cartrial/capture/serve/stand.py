"""Stand up the application for one trial, in this process: its environment, then Django.

Nothing here is imported at the head of a module that a command needs before: the settings are read
from the environment when Django is first set up.
"""

import os
from importlib.util import find_spec
from pathlib import Path

from cartrial.errors import StudyError

NEEDED = ("django", "django_htmx", "gunicorn", "argon2", "whitenoise")
SETTINGS = "cartrial.capture.settings"


def stand(study: Path, *, home: Path | None = None, demo: bool = False) -> None:
    """Set up Django for the trial of a study folder or file."""
    _need_extra()
    os.environ["CARTRIAL_STUDY"] = str(study)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    if home is not None:
        os.environ["CARTRIAL_HOME"] = str(home)
    if demo:
        os.environ["CARTRIAL_DEMO"] = "yes"
    from cartrial.capture.deployment import deployment

    deployment().study  # noqa: B018 - a fault in the study is told before anything is made
    _make(deployment().home)
    import django

    django.setup()


def _need_extra() -> None:
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        raise StudyError(
            f"cartrial web: must have the extra `web`, got no {absent[0]}. "
            "Install it: pip install 'cartrial[web]', or `make web` in the repository"
        )


def _make(home: Path) -> None:
    """Make the folder of the database, for its owner alone."""
    if not home.is_dir():
        home.mkdir(parents=True)
        home.chmod(0o700)
