"""Django's settings, from the deployment. Nothing of the trial stands here."""

import os
import secrets
import sys

from cartrial.capture.deployment import database, deployment
from cartrial.files import write_text

if sys.platform == "linux":  # its SQLite is older than the mending of a fault in the WAL
    try:
        import pysqlite3
    except ImportError:
        pass
    else:
        sys.modules["sqlite3"] = pysqlite3
        sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2

_HERE = deployment()


def _secret() -> str:
    file = _HERE.home / "secret"
    if not file.exists():
        write_text(file, secrets.token_urlsafe(48))
        file.chmod(0o600)
    return file.read_text("utf-8")


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = list(_HERE.hosts)
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _HERE.hosts] if _HERE.https else []
ROOT_URLCONF = "cartrial.capture.urls"
WSGI_APPLICATION = "cartrial.capture.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "cartrial.capture",
]
MIDDLEWARE = [
    "cartrial.capture.web.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cartrial.capture.people.session.SessionLimits",
    "cartrial.capture.people.gate.Gate",
    "django_htmx.middleware.HtmxMiddleware",
    "cartrial.capture.web.faults.Faults",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "cartrial.capture.web.context.everywhere",
            ]
        },
    }
]
DATABASES = {"default": database(_HERE)}
AUTH_USER_MODEL = "capture.Account"
AUTHENTICATION_BACKENDS = ["cartrial.capture.people.backend.Accounts"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "organisation")},
    },
]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_NAME = "__Host-session" if _HERE.https else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HERE.https
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if _HERE.https else "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "cartrial.capture.web.faults.not_from_here"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HERE.https else None
SECURE_SSL_REDIRECT = _HERE.https
SECURE_HSTS_SECONDS = 31_536_000 if _HERE.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HERE.https
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# a file that is larger is read past, and stands nowhere
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
if _HERE.mail is not None:
    EMAIL_HOST, EMAIL_PORT = _HERE.mail.host, _HERE.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _HERE.mail.user, _HERE.mail.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _HERE.mail.tls == "implicit", _HERE.mail.tls == "starttls"
    EMAIL_TIMEOUT = 10  # seconds
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # to be on the browsers' list is for the whole domain
if not _HERE.https:  # on loopback
    SILENCED_SYSTEM_CHECKS += [f"security.{w}" for w in ("W004", "W008", "W012", "W016")]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "cartrial.capture.web.log.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "fido2": {"level": "WARNING"},
    },
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", __name__)
