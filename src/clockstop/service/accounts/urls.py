"""Addresses of signing in and out."""

from django.urls import path

from clockstop.service.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/demo/", views.sign_in_as_persona, name="sign_in_as_persona"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
