from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "clockstop.service.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
