"""The addresses of the API, as published."""

from __future__ import annotations

from django.urls import path

from clockstop.service.ers.endpoints import reference, referrals
from clockstop.service.ers.gate import BASE, View, serve

_REFERRAL = "STU3/ReferralRequest"


def _at(address: str, **by_method: View) -> object:
    return path(f"{BASE}/{address}", serve(**by_method))


urlpatterns = [
    _at("STU3/CodeSystem/<str:code_system>", GET=reference.retrieve),
    _at(f"{_REFERRAL}/<str:ubrn>", GET=referrals.retrieve),
    _at(f"{_REFERRAL}/<str:ubrn>/_history/<str:version>", GET=referrals.retrieve),
]
