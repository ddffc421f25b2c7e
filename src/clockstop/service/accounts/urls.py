"""Addresses of signing in and out, of roles and of carers."""

from django.urls import path, register_converter

from clockstop.service.accounts import carer_views, member_views, views
from clockstop.service.accounts.carer_views import own
from clockstop.service.accounts.providers import Way
from clockstop.service.ui.limits import limited


class WayConverter:
    """A way of signing in, in an address."""

    regex = "|".join(Way)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(WayConverter, "way")

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/role/", views.choose_role, name="choose_role"),
    path("sign-in/demo/", views.sign_in_as_persona, name="sign_in_as_persona"),
    path("sign-in/<way:way>/", views.start, name="sign_in_start"),
    path("sign-in/<way:way>/back/", views.back, name="sign_in_back"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("signed-out/", views.signed_out, name="signed_out"),
    path("members/", member_views.members, name="members"),
    path("members/give/", member_views.give_role, name="give_role"),
    path("members/<uuid:membership_id>/end/", member_views.end_role, name="end_role"),
    path("carers/", own(carer_views.carers), name="carers"),
    path("carers/code/", limited("sign_in")(own(carer_views.code)), name="carer_code"),
    path("carers/<uuid:delegation_id>/until/", own(carer_views.until), name="carer_until"),
    path("carers/<uuid:delegation_id>/end/", own(carer_views.end), name="end_carer"),
]
