"""Addresses of signing in and out, of roles and of carers."""

from django.urls import path, register_converter

from clockstop.service.accounts import carer_views, member_views, views
from clockstop.service.accounts.providers import Way


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
    path("carers/", carer_views.carers, name="carers"),
    path("carers/code/", carer_views.carer_code, name="carer_code"),
    path("carers/<uuid:delegation_id>/end/", carer_views.end_carer, name="end_carer"),
]
