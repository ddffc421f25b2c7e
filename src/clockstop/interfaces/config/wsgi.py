"""The door for WSGI servers."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from clockstop.service.accounts.checks import refuse_to_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clockstop.interfaces.config.settings.base")
application = get_wsgi_application()
settings.SECRET_KEY  # noqa: B018 - an empty one is refused here, not at its first use
refuse_to_start()
