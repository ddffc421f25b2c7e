"""The demo's settings, with everything under test made to speak up.

CLOCKSTOP_TEST_DATABASE: the address of a PostgreSQL server to test on; else SQLite, in memory.
"""

import os

from clockstop.interfaces.config.settings.database import database
from clockstop.interfaces.config.settings.demo import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
DATABASES = {
    "default": database(os.environ.get("CLOCKSTOP_TEST_DATABASE", "sqlite://:memory:"), None)
}
