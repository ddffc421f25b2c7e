"""Addresses of the dashboards: an area, a topic or a specialty, and the files of its panels."""

from django.urls import URLPattern, path, re_path
from django.views.generic import RedirectView

from clockstop.service.dashboards import areas, targets, views
from clockstop.service.dashboards.scenarios import editing
from clockstop.service.dashboards.scenarios import views as scenarios

_AREA = r"^figures/(?P<folder>regions|icbs|providers)/(?P<code>[A-Z0-9]+)/"
_TOPIC = r"(?P<topic>[a-z-]+)/"
_SPECIALTY = r"specialties/(?P<function>[A-Z][A-Z0-9_]*)/"
_FORECAST = r"(?P<topic>forecast)/"
_WHAT_IF = r"what-if/"
_SCENARIO_FILE = r"(?P<panel>[a-z0-9-]+)\.(?P<extension>csv|xlsx|parquet|svg|json)$"
_FILE = r"(?P<panel>[a-z0-9-]+)\.(?P<extension>csv|xlsx|parquet|svg)$"


def _dashboards(prefix: str, name: str) -> list[URLPattern]:
    return [
        *_what_if(rf"{prefix}{_WHAT_IF}"),
        re_path(rf"{prefix}{_SPECIALTY}{_WHAT_IF}$", scenarios.page),
        re_path(rf"{prefix}{_SPECIALTY}{_WHAT_IF}{_SCENARIO_FILE}", scenarios.file),
        re_path(rf"{prefix}$", views.page, name=f"{name}_overview"),
        re_path(rf"{prefix}{_TOPIC}$", views.page, name=f"{name}_topic"),
        re_path(rf"{prefix}{_SPECIALTY}$", views.page, name=f"{name}_specialty"),
        re_path(
            rf"{prefix}{_SPECIALTY}{_FORECAST}$", views.page, name=f"{name}_specialty_forecast"
        ),
        re_path(rf"{prefix}{_TOPIC}{_FILE}", views.file),
        re_path(rf"{prefix}{_SPECIALTY}{_FILE}", views.file),
        re_path(rf"{prefix}{_SPECIALTY}{_FORECAST}{_FILE}", views.file),
    ]


def _what_if(prefix: str) -> list[URLPattern]:
    return [
        re_path(rf"{prefix}$", scenarios.page),
        re_path(rf"{prefix}edit/$", editing.edit),
        re_path(rf"{prefix}add/$", editing.add),
        re_path(rf"{prefix}{_SCENARIO_FILE}", scenarios.file),
    ]


urlpatterns = [
    path("figures/", areas.index, name="figures"),
    path("figures/my-area/", areas.my_area, name="my_area"),
    path("figures/targets/", targets.page, name="targets"),
    re_path(rf"^figures/targets/{_FILE}", targets.file),
    *_dashboards(r"^figures/england/", "england"),
    *_dashboards(_AREA, "area"),
    path("england/", RedirectView.as_view(pattern_name="england_overview", permanent=True)),
]
