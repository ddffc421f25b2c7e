from django.apps import AppConfig


class PathwaysConfig(AppConfig):
    name = "clockstop.service.pathways"
    label = "pathways"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.pathways import permissions  # noqa: F401
