"""A site on one's own machine whose visitors sign in as made-up people: `clockstop demo`."""

from clockstop.interfaces.config.settings.local import *  # noqa: F403

CLOCKSTOP_PERSONAS = True
# Of made-up people there is nothing to keep secret.
CLOCKSTOP_EXTRACT_KEY = CLOCKSTOP_EXTRACT_KEY or b"a key for made-up people, no secret"  # noqa: F405
