"""Who may make, sign off and judge returns.

Making and sending are the work of a provider's office. A monthly return is signed off by a
waiting-list manager alone, who answers for the list; a weekly submission by either. The
commissioner of the provider's ICB judges what was signed off; its analysts and hub read it.
"""

import rules

from clockstop.service.accounts.actor import Actor
from clockstop.service.accounts.roles import Role
from clockstop.service.returns.models import Kind, Return
from clockstop.service.returns.querysets import MAKING, READING


@rules.predicate
def makes_returns(actor: Actor) -> bool:
    return actor.role in MAKING and bool(actor.organisation_code)


@rules.predicate
def reads_returns(actor: Actor) -> bool:
    return actor.role in READING and bool(actor.icb_code)


@rules.predicate
def sees(actor: Actor, held: Return) -> bool:
    return bool(Return.objects.visible_to(actor).filter(pk=held.pk).exists())


@rules.predicate
def answers_for(actor: Actor, held: Return) -> bool:
    is_weekly = held.kind == Kind.WEEKLY
    return actor.role is Role.WAITING_LIST_MANAGER or (is_weekly and actor.role in MAKING)


@rules.predicate
def commissions(actor: Actor) -> bool:
    return actor.role is Role.COMMISSIONER


@rules.predicate
def is_monthly(_actor: Actor, held: Return) -> bool:
    return held.kind == Kind.MONTHLY


rules.add_perm("returns.view", sees)
rules.add_perm("returns.make", makes_returns)
rules.add_perm("returns.sign_off", sees & answers_for)
rules.add_perm("returns.judge", sees & commissions & is_monthly)
rules.add_perm("returns.one_view", reads_returns)
