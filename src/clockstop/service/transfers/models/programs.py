"""What programs sent to either side's systems, so that a message that comes twice acts once."""

from __future__ import annotations

from django.db import models


class TakenMessage(models.Model):
    """A message that was acted on, by its key and who sent it; ``answer`` is what was replied.

    ``digest`` is of all that it said: the same key with other words is another message.
    """

    icb_code = models.CharField(max_length=6)  # of the provider that sent it
    organisation_code = models.CharField(max_length=12)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("icb_code", "organisation_code", "key"), name="one_taken_message_a_key"
            ),
        )
