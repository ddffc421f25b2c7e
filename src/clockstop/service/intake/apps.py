from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "clockstop.service.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.intake import permissions  # noqa: F401
