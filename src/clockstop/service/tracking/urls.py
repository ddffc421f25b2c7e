"""Addresses of the tracking list and its worklists."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
