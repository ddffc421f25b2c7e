"""``clockstop accounts``: the roles of staff, so that the first administrator can be made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from clockstop.interfaces.cli.output import out, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    from clockstop.service.accounts.models import Membership
    from clockstop.service.accounts.roles import Role

app = typer.Typer(help="Who works where in which role.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
@on_the_store
def grant(
    user_id: Annotated[str, typer.Argument(help="As the sign-in service knows them.")],
    *,
    name: Annotated[str, typer.Option(help="Not changed for somebody who has an account.")],
    role: Annotated[str, typer.Option(help="Such as administrator or waiting_list_manager.")],
    organisation: Annotated[str, typer.Option(help="The code of their organisation.")],
    icb: Annotated[str, typer.Option(help="The code of the ICB that it lies in.")] = "",
    issuer: Annotated[
        str | None, typer.Option(help="The sign-in service; else the one of the settings.")
    ] = None,
    starts: Annotated[
        str | None, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day; else today.")
    ] = None,
    ends: Annotated[
        str | None, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day; else open.")
    ] = None,
    json: Json = False,
) -> None:
    """Give somebody a role in an organisation."""
    from clockstop.service.accounts.actions import grant as give
    from clockstop.service.accounts.policies import Grant

    last = _day(ends) if ends else None
    membership = give(
        actor=None,
        wanted=Grant(
            issuer=issuer or _issuer(),
            subject=user_id,
            name=name,
            role=_role(role),
            organisation_code=organisation.upper(),
            icb_code=icb.upper(),
            starts=_day(starts) if starts else datetime.now().astimezone().date(),
            ends=last + timedelta(days=1) if last else None,
        ),
    )
    _print([membership], json=json)


@app.command()
@on_the_store
def end(
    membership: Annotated[UUID, typer.Argument(help="Its key, as list prints it.")],
) -> None:
    """End a role today."""
    from clockstop.service.accounts.actions import end as end_role
    from clockstop.service.accounts.models import Membership

    found = Membership.objects.filter(pk=membership).first()
    if found is None:
        raise ValueError(f"there is no role {membership}; clockstop accounts list prints them")
    end_role(actor=None, membership=found)
    out.print("ended", markup=False)


@app.command(name="list")
@on_the_store
def list_roles(
    *,
    organisation: Annotated[str | None, typer.Option(help="Only of this organisation.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="Those that have ended too.")] = False,
    json: Json = False,
) -> None:
    """Print who holds which role where."""
    from django.db.models import Q
    from django.utils import timezone

    from clockstop.service.accounts.models import Membership

    held = Membership.objects.select_related("person").prefetch_related("person__identities")
    if organisation:
        held = held.filter(organisation_code=organisation.upper())
    if not everyone:
        held = held.filter(Q(ends=None) | Q(ends__gt=timezone.localdate()))
    _print(list(held.order_by("organisation_code", "person__name", "starts")), json=json)


def _role(name: str) -> Role:
    from clockstop.service.accounts.roles import STAFF, Role

    known = sorted(role.value for role in STAFF)
    if name not in known:
        raise ValueError(f"{name!r} is not a role of staff: {', '.join(known)}")
    return Role(name)


def _issuer() -> str:
    """The sign-in service of staff. Raises ValueError where the settings name none."""
    from django.conf import settings

    service = settings.CLOCKSTOP_STAFF_SIGN_IN
    if service is None:
        raise ValueError("no sign-in service is set: say which one knows them, with --issuer")
    return str(service.issuer)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a day; write it as 2025-01-31") from None


def _print(held: list[Membership], *, json: bool) -> None:
    if json:
        typer.echo(to_json([_as_data(each) for each in held]), nl=False)
        return
    for each in held:
        said = _as_data(each)
        until = f" to {said['last_day']}" if said["last_day"] else ""
        where = f"{said['organisation']} {said['role']} from {said['first_day']}{until}"
        out.print(f"{said['membership']} {said['name']}: {where}", markup=False)
    if not held:
        out.print("nobody holds a role", markup=False)


def _as_data(membership: Membership) -> dict[str, Any]:
    identities = membership.person.identities.all()
    return {
        "membership": str(membership.pk),
        "name": membership.person.name,
        "identities": [{"issuer": each.issuer, "user_id": each.subject} for each in identities],
        "organisation": membership.organisation_code,
        "icb": membership.icb_code,
        "role": membership.role,
        "first_day": membership.starts.isoformat(),
        "last_day": membership.last_day.isoformat() if membership.last_day else None,
        "given_by": membership.granted_by,
    }
