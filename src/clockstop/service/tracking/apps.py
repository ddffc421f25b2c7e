from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "clockstop.service.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when imported; rows follow what is entered."""
        from clockstop.service.pathways.signals import pathway_changed
        from clockstop.service.tracking import permissions  # noqa: F401
        from clockstop.service.tracking.projection import follow

        pathway_changed.connect(follow, dispatch_uid="tracking")
