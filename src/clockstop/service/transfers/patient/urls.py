"""Addresses of patients who may ask, or asked, to be treated elsewhere."""

from django.urls import path

from clockstop.service.transfers.patient import entering, views
from clockstop.service.transfers.patient.doors import opened, own, phoned

_PAGES = {
    "tracker": views.tracker,
    "ask": views.ask,
    "offer": views.offer,
    "choose": views.choose,
    "withdraw": views.withdraw,
}

urlpatterns = [
    path("check-message/", entering.check_message, name="check_message"),
    path("treated-sooner/", entering.sooner, name="sooner"),
    path("treated-sooner/close/", entering.close, name="sooner_close"),
    path("treated-sooner/start/<uuid:pathway_id>/", views.start, name="sooner_start"),
]
for _name, _page in _PAGES.items():
    _end = "" if _name == "tracker" else f"{_name}/"
    urlpatterns += [
        path(
            f"treated-sooner/requests/<uuid:asked_id>/{_end}",
            own(_page),
            name=f"own_sooner_{_name}",
        ),
        path(f"treated-sooner/open/{_end}", opened(_page), name=f"opened_sooner_{_name}"),
        path(f"treated-sooner/phone/{_end}", phoned(_page), name=f"phoned_sooner_{_name}"),
    ]
