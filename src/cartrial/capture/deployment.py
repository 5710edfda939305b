"""Where this trial runs: what the environment says, read once and loudly.

CARTRIAL_STUDY          the study folder (or file)
CARTRIAL_HOME           where database, secret and uploads stand; `web` beside the study file
CARTRIAL_DATABASE_URL   postgresql://user:password@host:port/name; else SQLite in CARTRIAL_HOME
CARTRIAL_HOSTS          names by which browsers reach it, with commas; loopback alone without
CARTRIAL_HTTPS          yes behind TLS: cookies are then sent over HTTPS alone
CARTRIAL_TIME_ZONE      the centre's time zone, as Europe/Madrid; UTC without
CARTRIAL_MFA            required: nobody works without a second factor
CARTRIAL_MAIL_URL       smtp://user:password@host:587 or smtps://...:465; no e-mail without
CARTRIAL_MAIL_TO        who is told of a lock, with commas; goes with CARTRIAL_MAIL_URL
CARTRIAL_DEMO           yes: a demonstration, on loopback alone
"""

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cartrial.errors import StudyError
from cartrial.protocol.read import FILE, read_study
from cartrial.protocol.study import Study

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MARK = "demonstration"  # a file in the home of one: it stays one, whatever the environment says
MAIL = ("smtp", "smtps")
ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+")
YES, NO = ("yes", "true", "1"), ("no", "false", "0", "")


@dataclass(frozen=True)
class Mail:
    """The server that takes e-mail, and who gets it."""

    host: str
    port: int
    user: str
    password: str
    tls: str  # "implicit" (smtps) or "starttls"; empty on this machine
    to: tuple[str, ...]

    @property
    def sender(self) -> str:
        """The address that a mail comes from: that of the user, else of the first who gets it."""
        return self.user if "@" in self.user else self.to[0]


@dataclass(frozen=True)
class Deployment:
    """The settings of this installation."""

    study_file: Path
    home: Path
    database_url: str
    hosts: tuple[str, ...]
    https: bool
    time_zone: str
    mfa_required: bool
    mail: Mail | None
    demo: bool

    @property
    def study(self) -> Study:
        """The study, read once."""
        return _study(self.study_file)

    @property
    def study_sha256(self) -> str:
        """The SHA-256 of the study file."""
        return sha256(self.study_file.read_bytes()).hexdigest()

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return ZoneInfo(self.time_zone)


@lru_cache(maxsize=1)
def deployment() -> Deployment:
    """What the environment says."""
    given = os.environ.get("CARTRIAL_STUDY", "")
    if not given:
        raise StudyError("CARTRIAL_STUDY: must name the study folder, got nothing")
    place = Path(given).resolve()
    file = place / FILE if place.is_dir() else place
    hosts = tuple(h.strip() for h in os.environ.get("CARTRIAL_HOSTS", "").split(",") if h.strip())
    home = Path(os.environ.get("CARTRIAL_HOME") or file.parent / "web")
    demo = _yes_no("CARTRIAL_DEMO") or (home / MARK).exists()
    if demo and hosts:
        raise StudyError(
            "CARTRIAL_HOSTS: must be empty for a demonstration, which answers on loopback alone, "
            f"got {', '.join(hosts)}"
        )
    return Deployment(
        study_file=file,
        home=home,
        database_url=os.environ.get("CARTRIAL_DATABASE_URL", ""),
        hosts=hosts or LOOPBACK,
        https=_yes_no("CARTRIAL_HTTPS"),
        time_zone=_zone(os.environ.get("CARTRIAL_TIME_ZONE", "UTC")),
        mfa_required=_required("CARTRIAL_MFA"),
        mail=_mail(),
        demo=demo,
    )


@lru_cache(maxsize=1)
def _study(file: Path) -> Study:
    return read_study(file)


def _yes_no(name: str) -> bool:
    said = os.environ.get(name, "").lower()
    if said not in YES + NO:
        raise StudyError(f"{name}: must be yes or no, got {said}")
    return said in YES


def _required(name: str) -> bool:
    said = os.environ.get(name, "").lower()
    if said not in ("required", "", "optional"):
        raise StudyError(f"{name}: must be required or optional, got {said}")
    return said == "required"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        must = "be a time zone as Europe/Madrid"
        raise StudyError(f"CARTRIAL_TIME_ZONE: must {must}, got {name}") from None
    return name


def _mail() -> Mail | None:
    given = os.environ.get("CARTRIAL_MAIL_URL", "")
    to = tuple(a.strip() for a in os.environ.get("CARTRIAL_MAIL_TO", "").split(",") if a.strip())
    if not given and not to:
        return None
    odd = next((one for one in to if not ADDRESS.fullmatch(one)), "nothing" if not to else "")
    if odd:
        raise StudyError(f"CARTRIAL_MAIL_TO: must be e-mail addresses with commas, got {odd}")
    try:
        url = urlsplit(given)
        scheme, host, port = url.scheme, url.hostname, url.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in MAIL or not host or not port:
        raise StudyError(  # the URL is not repeated: it holds a password
            "CARTRIAL_MAIL_URL: must be smtp://user:password@host:587 or smtps://..., got "
            + ("another text" if given else "nothing")
        ) from None
    tls = "implicit" if scheme == "smtps" else "" if host in (*LOOPBACK, "::1") else "starttls"
    return Mail(host, port, unquote(url.username or ""), unquote(url.password or ""), tls, to)


def database(given: Deployment) -> dict[str, Any]:
    """The database as Django is told of it."""
    if not given.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(given.home / "trial.sqlite3"),
            "CONN_MAX_AGE": None,
            "ATOMIC_REQUESTS": False,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                "PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;",
            },
        }
    url = urlsplit(given.database_url)
    if url.scheme not in ("postgresql", "postgres") or not url.path.strip("/"):
        raise StudyError(
            "CARTRIAL_DATABASE_URL: must be postgresql://user:password@host:port/name, "
            f"got a URL of {url.scheme or 'no scheme'}"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
