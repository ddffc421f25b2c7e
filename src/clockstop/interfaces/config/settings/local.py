"""A site on one's own machine, over plain HTTP: what `clockstop serve` starts."""

import os

from django.core.management.utils import get_random_secret_key

from clockstop.interfaces.config.settings.base import *  # noqa: F403

# One key for all workers of a site: the command makes it. Without one each makes its own.
SECRET_KEY = os.environ.get("CLOCKSTOP_SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_COOKIE_NAME, CSRF_COOKIE_SECURE = "csrftoken", False
SESSION_COOKIE_NAME, SESSION_COOKIE_SECURE = "sessionid", False
CLOCKSTOP_TRUSTED_PROXIES = 0
CLOCKSTOP_LIMITS = {}
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
