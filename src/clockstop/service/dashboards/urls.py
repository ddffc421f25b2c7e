"""Addresses of the dashboards: an area, a topic, and the files of a topic's panels."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from clockstop.service.dashboards import areas, views

_AREA = r"^figures/(?P<folder>regions|icbs|providers)/(?P<code>[A-Z0-9]+)/"
_TOPIC = r"(?P<topic>[a-z-]+)/"
_FILE = r"(?P<panel>[a-z0-9-]+)\.(?P<extension>csv|xlsx|parquet|svg)$"

urlpatterns = [
    path("figures/", areas.index, name="figures"),
    path("figures/my-area/", areas.my_area, name="my_area"),
    path("figures/england/", views.england_page, name="england_overview"),
    re_path(rf"^figures/england/{_TOPIC}$", views.england_page, name="england_topic"),
    re_path(rf"^figures/england/{_TOPIC}{_FILE}", views.england_file, name="england_file"),
    re_path(rf"{_AREA}$", views.area_page, name="area_overview"),
    re_path(rf"{_AREA}{_TOPIC}$", views.area_page, name="area_topic"),
    re_path(rf"{_AREA}{_TOPIC}{_FILE}", views.area_file, name="area_file"),
    path("england/", RedirectView.as_view(pattern_name="england_overview", permanent=True)),
]
