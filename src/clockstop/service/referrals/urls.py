"""Addresses of referrals: the referrer's part, the provider's part, the figures."""

from django.urls import include, path

urlpatterns = [
    path("", include("clockstop.service.referrals.referrer.urls")),
    path("", include("clockstop.service.referrals.choice_figures.urls")),
    path("", include("clockstop.service.referrals.provider.urls")),
]
