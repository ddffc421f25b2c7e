from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "clockstop.service.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions and checks enter their books when they are imported."""
        from clockstop.service.accounts import checks, permissions  # noqa: F401
