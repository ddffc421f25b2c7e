from django.apps import AppConfig


class TrackingConfig(AppConfig):
    name = "clockstop.service.tracking"
    label = "tracking"
    default_auto_field = "django.db.models.BigAutoField"
