from django.apps import AppConfig


class AggregatorConfig(AppConfig):
    name = "clockstop.service.aggregator"
    label = "aggregator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.aggregator import permissions  # noqa: F401
