"""The demo's settings, with everything under test made to speak up."""

from clockstop.interfaces.config.settings.demo import *  # noqa: F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
