"""A site on one's own machine whose visitors sign in as made-up people: `clockstop demo`."""

from clockstop.interfaces.config.settings.local import *  # noqa: F403

CLOCKSTOP_PERSONAS = True
