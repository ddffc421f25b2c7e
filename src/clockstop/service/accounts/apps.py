from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "clockstop.service.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
