"""The door for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clockstop.interfaces.config.settings.base")
application = get_wsgi_application()
