from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "clockstop.service.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.returns import permissions  # noqa: F401
