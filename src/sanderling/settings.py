"""What an installation can set, from the environment; docs/running.md has every name.

Importing this starts nothing and writes nothing: the database is joined by `store.server.ready`
before Django asks for it, and the secret key is made when first used.
What an admin changes while the desk runs is a row, not a setting.
"""

from __future__ import annotations

import base64
import functools
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject
from platformdirs import user_data_path
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from sanderling.store import server


def env_text(name: str, default: str = "", env: Mapping[str, str] = os.environ) -> str:
    """The setting as text; spaces around it do not count."""
    return env.get(name, default).strip()


def env_bool(name: str, default: bool, env: Mapping[str, str] = os.environ) -> bool:
    """The setting as true or false, which are the only words for it."""
    text = env_text(name, str(default).lower(), env)
    if text not in ("true", "false"):
        raise ImproperlyConfigured(f"{name} is {text!r}. Set it to true or false.")
    return text == "true"


def env_list(name: str, default: str, env: Mapping[str, str] = os.environ) -> list[str]:
    """The setting as a list; commas stand between its parts."""
    return [part.strip() for part in env_text(name, default, env).split(",") if part.strip()]


def env_secret(name: str, env: Mapping[str, str] = os.environ) -> str:
    """The setting, or the first line of the file that NAME_FILE names; empty where neither is."""
    text, file = env_text(name, env=env), env_text(f"{name}_FILE", env=env)
    if not file:
        return text
    if text:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set. Keep one of them.")
    try:
        return Path(file).read_text().split("\n", 1)[0].strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {file}, which cannot be read: {error.strerror}."
        ) from error


def data_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Where the installation keeps what it must not lose."""
    if chosen := env_text("SANDERLING_DATA", env=env):
        return Path(chosen).expanduser().absolute()
    if os.geteuid() == 0:  # root's home is closed to the user that PostgreSQL runs as
        return Path("/var/lib/sanderling")
    return user_data_path("sanderling", appauthor=False)


def seal_key() -> str:
    """A new key in the form that sealing takes: 32 random bytes, base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@functools.cache
def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """A random secret, made once and kept in `path` for its owner's eyes alone."""
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:  # another process was first, and its secret counts
        pass
    finally:
        aside.unlink()
    return path.read_text()


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
    lambda: kept_secret(DATA / "secret-key")
)
DEBUG = env_bool("SANDERLING_DEBUG", default=False)
DEMO = env_bool("SANDERLING_DEMO", default=False)

# Where people and networks reach the desk from outside, like https://desk.example.
PUBLIC_URL = env_text("SANDERLING_URL").rstrip("/")


def seal_keys() -> str:
    """The keys that seal account secrets, newest first; made when first used."""
    return env_text("SANDERLING_SEAL_KEYS") or kept_secret(DATA / "seal-keys", seal_key)


SEAL_KEYS = seal_keys

ALLOWED_HOSTS = env_list("SANDERLING_HOSTS", "localhost, 127.0.0.1, [::1]")

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
    "sanderling.listen",
    "sanderling.triage",
    "sanderling.cases",
    "sanderling.respond",
    "sanderling.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sanderling.web.headers.strict_headers",
]

ROOT_URLCONF = "sanderling.urls"
STATIC_URL = "/static/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "sanderling.web.environment.environment"},
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
