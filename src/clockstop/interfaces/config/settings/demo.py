"""A site on one's own machine, over plain HTTP: what `clockstop demo` starts."""

from django.core.management.utils import get_random_secret_key

from clockstop.interfaces.config.settings.base import *  # noqa: F403

SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
