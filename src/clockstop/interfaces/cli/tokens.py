"""``clockstop api``: the tokens with which practice and hospital software acts for somebody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from clockstop.interfaces.cli.output import out, to_json
from clockstop.interfaces.cli.service import on_the_store

if TYPE_CHECKING:
    from clockstop.service.accounts.models import ApiToken, Membership, Person

app = typer.Typer(help="The interfaces for other software.", no_args_is_help=True)
token = typer.Typer(help="What lets a program act for somebody.", no_args_is_help=True)
app.add_typer(token, name="token")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@token.command()
@on_the_store
def make(
    owner: Annotated[
        UUID,
        typer.Argument(
            help="The key of a role, as accounts list prints it, or of a patient's account."
        ),
    ],
    *,
    name: Annotated[str, typer.Option(help="Which program will use it.")],
    scope: Annotated[
        list[str], typer.Option(help="ers:read, ers:write or patient-care:read; give several.")
    ],
    days: Annotated[int, typer.Option(help="How long it lasts: at most 366.", min=1)] = 90,
) -> None:
    """Make a token and print it: this once, since only its fingerprint is kept."""
    from clockstop.service.accounts.tokens import Scope
    from clockstop.service.accounts.tokens import make as make_token

    known = [each.value for each in Scope]
    if unknown := sorted(set(scope) - set(known)):
        raise ValueError(f"{', '.join(unknown)} is no scope: {', '.join(known)}")
    _, made = make_token(
        owner=_owner(owner),
        name=name,
        scopes=[Scope(each) for each in scope],
        lasts=timedelta(days=days),
    )
    typer.echo(made)


@token.command()
@on_the_store
def application(
    organisation: Annotated[str, typer.Argument(help="The code of the organisation it acts for.")],
    *,
    name: Annotated[str, typer.Option(help="Which program it is.")],
    function: Annotated[
        str,
        typer.Option(help="SERVICE_PROVIDER_CLINICIAN_ADMIN or REFERRING_CLINICIAN_ADMIN."),
    ],
    icb: Annotated[str, typer.Option(help="The code of the ICB that it lies in.")] = "",
    operation: Annotated[
        list[str] | None,
        typer.Option(help="What it may change, once its use was reviewed: A013, A028 or A036."),
    ] = None,
    service: Annotated[
        list[int] | None,
        typer.Option(help="The key of a service that it is for; all of the organisation without."),
    ] = None,
    days: Annotated[int, typer.Option(help="How long it lasts: at most 366.", min=1)] = 90,
) -> None:
    """Let an application call the e-RS API with nobody at the screen; print its token this once."""
    from clockstop.service.accounts.applications import UNATTENDED_ROLES, let_in
    from clockstop.service.accounts.tokens import UNATTENDED_WRITES
    from clockstop.service.directory.models import HealthcareService
    from clockstop.service.ers.operations import FUNCTIONS

    roles = {FUNCTIONS[role][0].value: role for role in UNATTENDED_ROLES}
    writes = {each.rpartition(":")[2]: each for each in sorted(UNATTENDED_WRITES)}
    if function not in roles:
        raise ValueError(f"{function} is not {' or '.join(roles)}")
    if unknown := sorted(set(operation or ()) - set(writes)):
        raise ValueError(f"{', '.join(unknown)} is none of {', '.join(writes)}")
    own = HealthcareService.objects.filter(organisation=organisation.upper())
    if foreign := sorted(set(service or ()) - set(own.values_list("pk", flat=True))):
        keys = ", ".join(map(str, foreign))
        raise ValueError(f"{keys}: no service of {organisation.upper()} has this key")
    _, made = let_in(
        name=name,
        role=roles[function],
        organisation_code=organisation.upper(),
        icb_code=icb.upper(),
        writes=[writes[each] for each in operation or ()],
        lasts=timedelta(days=days),
        services=service or (),
    )
    typer.echo(made)


@token.command(name="list")
@on_the_store
def list_tokens(*, json: Json = False) -> None:
    """Print which tokens there are; none is shown itself."""
    from clockstop.service.accounts.models import ApiToken

    related = ("person__application", "membership")
    held = [_as_data(each) for each in ApiToken.objects.select_related(*related)]
    if json:
        typer.echo(to_json(held), nl=False)
        return
    for each in held:
        until = f"revoked {each['revoked']}" if each["revoked"] else f"until {each['expires']}"
        said = f"{each['token']} {each['name']}: {each['owner']}, {each['scopes']}, {until}"
        out.print(said, markup=False)
    if not held:
        out.print("there are no tokens", markup=False)


@token.command()
@on_the_store
def revoke(
    key: Annotated[UUID, typer.Argument(help="The key of the token, as list prints it.")],
) -> None:
    """End a token at once."""
    from clockstop.service.accounts.models import ApiToken
    from clockstop.service.accounts.tokens import revoke as revoke_token

    found = ApiToken.objects.filter(pk=key).first()
    if found is None:
        raise ValueError(f"there is no token {key}; clockstop api token list prints them")
    revoke_token(found)
    out.print("revoked", markup=False)


def _owner(key: UUID) -> Membership | Person:
    from clockstop.service.accounts.models import Membership, Person

    member: Membership | None = Membership.objects.filter(pk=key).select_related("person").first()
    person: Person | None = Person.objects.filter(pk=key).first()
    owner = member or person
    if owner is None:
        raise ValueError(f"there is no role and no account {key}; see clockstop accounts list")
    return owner


def _as_data(row: ApiToken) -> dict[str, Any]:
    held = row.membership or getattr(row.person, "application", None)
    where = f"{held.role} at {held.organisation_code}" if held else "patient"
    return {
        "token": str(row.pk),
        "name": row.name,
        "owner": f"{row.person.name}, {where}",
        "scopes": row.scopes,
        "expires": row.expires_at.date().isoformat(),
        "used": row.used_at.isoformat() if row.used_at else None,
        "revoked": row.revoked_at.date().isoformat() if row.revoked_at else None,
    }
