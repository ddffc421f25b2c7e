"""Addresses of returns, their checks and their sign-off."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
