from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "clockstop.service.messaging"
    label = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A death is listened for; the check enters its book when it is imported."""
        from clockstop.service.messaging import checks  # noqa: F401
        from clockstop.service.messaging.outbox import cancel_after_death
        from clockstop.service.pathways.signals import death_noted

        death_noted.connect(cancel_after_death, dispatch_uid="messaging")
