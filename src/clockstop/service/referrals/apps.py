from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "clockstop.service.referrals"
    label = "referrals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Permissions enter the book of rules when they are imported; a death is listened for."""
        from clockstop.service.pathways.signals import death_comes, death_noted
        from clockstop.service.referrals import permissions  # noqa: F401
        from clockstop.service.referrals.deaths import cancel_referrals, hold_referrals

        death_comes.connect(hold_referrals, dispatch_uid="referrals")
        death_noted.connect(cancel_referrals, dispatch_uid="referrals")
