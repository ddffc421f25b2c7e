"""Every address of the site."""

from django.urls import include, path

from clockstop.service.ui import errors, health

urlpatterns = [
    path("", include("clockstop.service.compare.urls")),
    path("", include("clockstop.service.accounts.urls")),
    path("", include("clockstop.service.registry.urls")),
    path("", include("clockstop.service.directory.urls")),
    path("", include("clockstop.service.pathways.urls")),
    path("", include("clockstop.service.tracking.urls")),
    path("", include("clockstop.service.intake.urls")),
    path("", include("clockstop.service.referrals.urls")),
    path("", include("clockstop.service.transfers.urls")),
    path("", include("clockstop.service.returns.urls")),
    path("", include("clockstop.service.dashboards.urls")),
    path("", include("clockstop.service.portal.urls")),
    path("", include("clockstop.service.api.urls")),
    path("", include("clockstop.service.ers.urls")),
    path("", include("clockstop.service.ukcore.urls")),
    path("", include("clockstop.service.aggregator.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
handler400 = errors.bad_request
handler403 = errors.not_allowed
handler404 = errors.not_found
handler500 = errors.server_error
