"""What every deployment shares. On its own this is production behind a TLS-terminating proxy.

Environment: CLOCKSTOP_SECRET_KEY, CLOCKSTOP_HOSTS (comma separated), CLOCKSTOP_HOME (the lake),
CLOCKSTOP_DATABASE (the address of a PostgreSQL database; else a file in the home).
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF

from clockstop.interfaces.config.settings.database import database
from clockstop.service.accounts.providers import patient_service, staff_service
from clockstop.service.aggregator.record_service import record_service
from clockstop.service.messaging.nhs_app import app_service
from clockstop.service.ui.limits import Limit

SECRET_KEY = os.environ.get("CLOCKSTOP_SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("CLOCKSTOP_HOSTS", "").split(",") if host]
DEBUG = False

CLOCKSTOP_HOME: Path | None = (
    Path(os.environ["CLOCKSTOP_HOME"]) if os.environ.get("CLOCKSTOP_HOME") else None
)
# The NHS logo is a trade mark and Frutiger a licensed font: only an NHS body may turn them on.
CLOCKSTOP_NHS_LOGO = False
CLOCKSTOP_FRUTIGER = False

CLOCKSTOP_MENU = Path(__file__).parent.parent / "menu.csv"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "clockstop.service.ui",
    "clockstop.service.audit",
    "clockstop.service.accounts",
    "clockstop.service.registry",
    "clockstop.service.directory",
    "clockstop.service.referrals",
    "clockstop.service.pathways",
    "clockstop.service.messaging",
    "clockstop.service.portal",
    "clockstop.service.aggregator",
    "clockstop.service.tracking",
    "clockstop.service.intake",
    "clockstop.service.transfers",  # after tracking: it looks at rows that follow what is entered
    "clockstop.service.returns",
    "clockstop.service.compare",
    "clockstop.service.dashboards",
    "clockstop.service.api",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "clockstop.service.ui.limits.LimitsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clockstop.service.accounts.sessions.SessionLimits",
    "clockstop.service.compare.middleware.NoDataMiddleware",
    "clockstop.service.api.middleware.ProblemMiddleware",
    "clockstop.service.ers.middleware.OutcomeMiddleware",
    "clockstop.service.fhir.middleware.OutcomeMiddleware",
    "clockstop.service.fhir.middleware.DeadlineMiddleware",
]
ROOT_URLCONF = "clockstop.interfaces.config.urls"
WSGI_APPLICATION = "clockstop.interfaces.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "clockstop.service.ui.environment.environment",
            "context_processors": [
                "clockstop.service.ui.context.shell",
                "clockstop.service.accounts.context.actor",
                "clockstop.service.registry.context.organisations",
                "clockstop.service.messaging.context.needs",
                "clockstop.service.compare.context.data_state",
            ],
        },
    }
]
DATABASES: dict[str, Any] = {
    "default": database(os.environ.get("CLOCKSTOP_DATABASE", ""), CLOCKSTOP_HOME)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
# Read straight from the packages: a deployment has no collectstatic step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

# A session ends when its time is up, whether or not the browser is closed.
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # a sign-in service sends the visitor back from its own site
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"  # browsers keep such a cookie to this host, over TLS alone
CLOCKSTOP_SESSION_IDLE = timedelta(minutes=30)
CLOCKSTOP_SESSION_AGE = timedelta(hours=8)

# Who says who somebody is: CLOCKSTOP_STAFF_SIGN_IN_ISSUER and so on (CIS2), and the same with
# PATIENT (NHS login); see the guide to signing in. What is not set is not offered.
CLOCKSTOP_STAFF_SIGN_IN = staff_service(os.environ)
CLOCKSTOP_PATIENT_SIGN_IN = patient_service(os.environ)

# The NHS App's clients at NHS login, between spaces: whose tokens the aggregator may bring.
CLOCKSTOP_AGGREGATOR_AUDIENCES = tuple(os.environ.get("CLOCKSTOP_AGGREGATOR_AUDIENCES", "").split())
# Seconds after which the aggregator is told 504: producer standard 3.12.0.
CLOCKSTOP_AGGREGATOR_SECONDS = float(os.environ.get("CLOCKSTOP_AGGREGATOR_SECONDS", "9"))

# Whom the aggregator knows to have records here: CLOCKSTOP_RECORD_SERVICE_URL and so on, see the
# guide to patients' pages.
CLOCKSTOP_RECORD_SERVICE = record_service(os.environ)

# Signing in as one of the made-up people of the demo: never where real people are.
CLOCKSTOP_PERSONAS = False
# Messages to patients go by GOV.UK Notify: CLOCKSTOP_NOTIFY_KEY, and the keys of its templates
# (CLOCKSTOP_NOTIFY_SMS, _EMAIL and _LETTER). Without a key they become files in the home.
CLOCKSTOP_NOTIFY_KEY = os.environ.get("CLOCKSTOP_NOTIFY_KEY", "").strip()
CLOCKSTOP_NOTIFY_TEMPLATES = {
    channel: os.environ.get(f"CLOCKSTOP_NOTIFY_{channel.upper()}", "").strip()
    for channel in ("sms", "email", "letter")
}
CLOCKSTOP_LIVE_MESSAGES = bool(CLOCKSTOP_NOTIFY_KEY)
# Messages in the NHS App: CLOCKSTOP_NHS_APP_URL and so on, see the guide to messages.
CLOCKSTOP_NHS_APP = app_service(os.environ)

# The key of the pseudonyms in extracts and weekly submissions: the same at all providers of an ICB.
CLOCKSTOP_EXTRACT_KEY = os.environ.get("CLOCKSTOP_EXTRACT_KEY", "").strip().encode()

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_FAILURE_VIEW = "clockstop.service.ui.errors.csrf_failure"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# To be on the browsers' own list is for the owner of the domain to ask, not for a program.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        # Named by NHS.UK frontend's style sheet; nothing is fetched unless Frutiger is turned on.
        "font-src": ["https://assets.nhs.uk"],
        "connect-src": [NONE],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# What is uploaded holds patients' identifiers: no file of it is left in a folder for others.
FILE_UPLOAD_HANDLERS = ["clockstop.service.ui.uploads.UnnamedFiles"]

# How often one client address, and one session, may do what costs or could be guessed at.
# Reading the public pages is not among it. A proxy adds the address that it saw at the end of
# X-Forwarded-For: CLOCKSTOP_TRUSTED_PROXIES is how many stand before the site.
CLOCKSTOP_TRUSTED_PROXIES = int(os.environ.get("CLOCKSTOP_TRUSTED_PROXIES", "1"))
CLOCKSTOP_LIMITS = {
    "sign_in": Limit(address=60, session=10),
    "post": Limit(address=600, session=60),
    "scenario": Limit(address=120, session=60),
    "fhir": Limit(address=6000, session=6000),
    "aggregator": Limit(address=3600, session=3600),  # 60 a second: producer standard 3.12.0
}

# One handler that prints no request and no exception message: either could hold a postcode.
# It also replaces Django's mail to the administrators, which carries the submitted form.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "clockstop.service.ui.logs.DiscreetFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "clockstop": {"level": "INFO"},
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
