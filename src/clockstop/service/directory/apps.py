from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "clockstop.service.directory"
    label = "directory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.directory import permissions  # noqa: F401
