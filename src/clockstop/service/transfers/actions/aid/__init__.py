"""The only writers of requests for help, capacity and offers.

Each takes an actor and finds the row for itself; those whose name ends in ``_by`` take a hand and
a request that is locked for the transaction: patients' requests and rules that act come by these.
"""

from clockstop.service.transfers.actions.aid.answering import (
    choose,
    choose_by,
    decline_all,
    decline_all_by,
    send_to_patient,
    send_to_patient_by,
)
from clockstop.service.transfers.actions.aid.checking import (
    fail_check,
    fail_check_by,
    pass_check,
    pass_check_by,
)
from clockstop.service.transfers.actions.aid.cohorting import (
    LEFT_OUT,
    Sorted,
    create_cohort,
    sort_out,
)
from clockstop.service.transfers.actions.aid.drafting import (
    Needs,
    change,
    create,
    create_direct,
    open_for,
    record_consent,
    sign_clinical,
    sign_social,
    submit,
    submit_by,
    widen,
    widen_by,
)
from clockstop.service.transfers.actions.aid.ending import (
    close_treated,
    end_by,
    reopen,
    withdraw,
)
from clockstop.service.transfers.actions.aid.offering import (
    Place,
    Terms,
    offer,
    offer_by,
    refuse,
    withdraw_offer,
    withdraw_offer_by,
)
from clockstop.service.transfers.actions.aid.posting import (
    Posting,
    amend,
    post,
    withdraw_capacity,
)
from clockstop.service.transfers.actions.aid.ticking import tick, withdraw_at_once

__all__ = [
    "LEFT_OUT",
    "Needs",
    "Place",
    "Posting",
    "Sorted",
    "Terms",
    "amend",
    "change",
    "choose",
    "choose_by",
    "close_treated",
    "create",
    "create_cohort",
    "create_direct",
    "decline_all",
    "decline_all_by",
    "end_by",
    "fail_check",
    "fail_check_by",
    "offer",
    "offer_by",
    "open_for",
    "pass_check",
    "pass_check_by",
    "post",
    "record_consent",
    "refuse",
    "reopen",
    "send_to_patient",
    "send_to_patient_by",
    "sign_clinical",
    "sign_social",
    "sort_out",
    "submit",
    "submit_by",
    "tick",
    "widen",
    "widen_by",
    "withdraw",
    "withdraw_at_once",
    "withdraw_capacity",
    "withdraw_offer",
    "withdraw_offer_by",
]
