"""What an installation can set, from the environment; docs/running.md has every name.

Importing this starts nothing and writes nothing: the database is joined by `store.server.ready`
before Django asks for it, and the secret key is made when first used.
What an admin changes while the desk runs is a row, not a setting.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject
from platformdirs import user_data_path
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from sanderling.store import server
from sanderling.store.kept import kept_secret


def env_text(name: str, default: str = "", env: Mapping[str, str] = os.environ) -> str:
    """The setting as text; spaces around it do not count."""
    return env.get(name, default).strip()


def env_bool(name: str, default: bool, env: Mapping[str, str] = os.environ) -> bool:
    """The setting as true or false, which are the only words for it."""
    text = env_text(name, str(default).lower(), env)
    if text not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {text!r}. Set it to true or false.")
    return text == "true"


def env_count(name: str, default: int, env: Mapping[str, str] = os.environ) -> int:
    """The setting as a whole number above 0."""
    text = env_text(name, str(default), env)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**31):
        raise ImproperlyConfigured(f"{name} is {text!r}. Set it to a whole number above 0.")
    return int(text)


def env_list(name: str, default: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """The setting as a list; commas stand between its parts."""
    return [part.strip() for part in env_text(name, default, env).split(",") if part.strip()]


def env_secret(name: str, env: Mapping[str, str] = os.environ) -> str:
    """The setting, or the first line of the file that NAME_FILE names; empty where neither is."""
    if file := env_file(name, env):
        return file.read_text().split("\n", 1)[0].strip()
    return env_text(name, env=env)


def env_file(name: str, env: Mapping[str, str] = os.environ) -> Path | None:
    """The file that NAME_FILE names instead of the setting itself; None where none is named."""
    file = env_text(f"{name}_FILE", env=env)
    if not file:
        return None
    if env_text(name, env=env):
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Keep one of them.")
    try:
        Path(file).open().close()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {file}, which cannot be read: {error.strerror}."
        ) from error
    return Path(file)


def env_addresses(name: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """The addresses of the setting, or of the file that NAME_FILE names: one a line, or with commas
    between them. A comma inside of one does not part it."""
    file = env_file(name, env)
    text = file.read_text() if file else env_text(name, env=env)
    parts = re.split(r"\n|,\s*(?=[A-Za-z][A-Za-z0-9+.-]*://)", text)
    return [part.strip() for part in parts if part.strip()]


def is_web_address(text: str) -> bool:
    """Whether it is an address of the web with a host in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where the installation keeps what it must not lose."""
    if chosen := env_text("SANDERLING_DATA", env=env):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:  # root's home is closed to the user that PostgreSQL runs as
        return Path("/var/lib/sanderling")
    return user_data_path("sanderling", appauthor=False)


def database(data: Path, url: str) -> dict[str, Any]:
    """Django's connection to the database at `url`, or to the embedded one of the data folder."""
    try:
        parts = conninfo_to_dict(url or server.conninfo(data))
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be understood. Write postgresql://user:password@host:5432/name."
        ) from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "sanderling"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Statements that come again are planned once a connection: half of what a page costs there.
        "OPTIONS": {"pool": False, "server_side_binding": True, "prepare_threshold": 5, **parts},
    }


DATA = data_folder()
DATABASE_URL = env_secret("DATABASE_URL")
DATABASES = {"default": database(DATA, DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = env_secret("SANDERLING_SECRET_KEY") or SimpleLazyObject(
    lambda: kept_secret(DATA / "secret-key", lambda: secrets.token_urlsafe(48))
)
DEBUG = env_bool("SANDERLING_DEBUG", default=False)
DEMO = env_bool("SANDERLING_DEMO", default=False)

# Where people and networks reach the desk from outside, like https://desk.example.
PUBLIC_URL = env_text("SANDERLING_URL").rstrip("/")
# Servers inside a private network may be connected: an intranet's, or a test's.
PRIVATE_SERVERS = env_bool("SANDERLING_PRIVATE_SERVERS", default=False)

# How much room copies of pictures may take in the data folder, in millions of bytes.
MEDIA_MB = env_count("SANDERLING_MEDIA_MB", 1_000)

# Second looks by the careful judge, and how many of them a minute at most.
CAREFUL = env_bool("SANDERLING_CAREFUL", default=True)
CAREFUL_PER_MINUTE = env_count("SANDERLING_CAREFUL_PER_MINUTE", 6_000)
# X forbids to train models with its posts; whoever has its leave may say so.
TRAIN_ON_X = env_bool("SANDERLING_TRAIN_ON_X", default=False)

# A language model for drafts, summaries and translations, at an address that speaks as OpenAI's
# does and ends before /chat/completions. Without it no word of a customer leaves for one.
LLM_URL = env_text("SANDERLING_LLM_URL").rstrip("/")
LLM_KEY = env_secret("SANDERLING_LLM_KEY")
LLM_MODEL = env_text("SANDERLING_LLM_MODEL")
if LLM_URL and not (LLM_MODEL and LLM_URL.startswith(("https://", "http://"))):
    raise ImproperlyConfigured(
        "SANDERLING_LLM_URL needs an address like https://models.example/v1, and"
        " SANDERLING_LLM_MODEL the model's name."
    )

# The company's own register of customers, which is asked for their plans.
CUSTOMERS_URL = env_text("SANDERLING_CUSTOMERS_URL")
CUSTOMERS_KEY = env_secret("SANDERLING_CUSTOMERS_KEY")
if CUSTOMERS_URL and not is_web_address(CUSTOMERS_URL):
    raise ImproperlyConfigured(
        "SANDERLING_CUSTOMERS_URL needs a whole address, like https://crm.example/desk."
    )

# Who is told outside when an incident is noticed or grows, as Apprise writes addresses.
ALERTS = env_addresses("SANDERLING_ALERTS")

# What account secrets are sealed with: the keys themselves, or the file that holds them.
SEAL_KEYS = env_text("SANDERLING_SEAL_KEYS")
SEAL_KEYS_FILE = env_file("SANDERLING_SEAL_KEYS") or DATA / "seal-keys"

ALLOWED_HOSTS = env_list("SANDERLING_HOSTS", "localhost, 127.0.0.1, [::1]")
if host := urlsplit(PUBLIC_URL).hostname:
    ALLOWED_HOSTS.append(host)

# Behind a proxy that speaks HTTPS, cookies travel by HTTPS alone.
HTTPS = env_bool("SANDERLING_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "sanderling.store",
    "sanderling.people",
    "sanderling.policy",
    "sanderling.listen",
    "sanderling.triage",
    "sanderling.incidents",
    "sanderling.cases",
    "sanderling.respond",
    "sanderling.web",
]

MIDDLEWARE = [
    "sanderling.web.squeezing.Squeezed",
    "django.middleware.security.SecurityMiddleware",
    "sanderling.web.speaking.in_their_language",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sanderling.web.headers.strict_headers",
]

FILE_UPLOAD_HANDLERS = [
    "sanderling.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

ROOT_URLCONF = "sanderling.urls"
STATIC_URL = "/static/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "sanderling.web.environment.environment",
            "context_processors": ["sanderling.web.squeezing.one_secret"],
        },
    }
]

AUTH_USER_MODEL = "people.Agent"
CSRF_FAILURE_VIEW = "sanderling.web.troubles.strange_form"
LOGIN_URL = "/signin/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
