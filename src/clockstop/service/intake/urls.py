"""Addresses of what hospitals send: extracts of their systems, and weekly submissions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
