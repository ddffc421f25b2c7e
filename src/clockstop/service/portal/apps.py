from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "clockstop.service.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter their book, steps are listened for, messages are answered for."""
        from clockstop.service.messaging import standing
        from clockstop.service.portal import permissions, telling  # noqa: F401
        from clockstop.service.referrals.signals import stepped

        stepped.connect(telling.tell_of_step, dispatch_uid="portal")
        for kind, asked in telling.ANSWERS.items():
            standing.answers_for(kind, asked)
