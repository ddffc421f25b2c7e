from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "clockstop.service.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported."""
        from clockstop.service.referrals import permissions  # noqa: F401
