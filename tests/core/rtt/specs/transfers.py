"""Patients who move between providers: §11, Annex C."""

from tests.core.rtt.spec import Spec

TITLE = "Transfers"
SPECS = (
    Spec(
        paragraph="11.1",
        title="Responsibility passes to a tertiary centre: 21 ends the sender's listing, not the clock",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-01-20 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-01-28 transfer_received provider=RBB original_start=2025-01-02 | keep-received
        2025-03-03 attendance status=30 provider=RBB | stop-outpatient
        """,
        periods="2025-01-02 2025-03-03 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="Annex D",
        title="An attendance recorded with 21 does the same",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-01-20 attendance provider=RAA status=21 | keep-transfer
        """,
        periods="2025-01-02 - running start-referral -",
    ),
    Spec(
        paragraph="11.1",
        title="Another provider is asked for an opinion or a test",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-01-20 transfer_sent provider=RAA to=RBB handover=opinion | keep-opinion
        """,
        periods="2025-01-02 - running start-referral -",
    ),
    Spec(
        paragraph="11.2",
        title="Treated elsewhere under a subcontract that does not say who reports: ask",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-06-02 transfer_sent provider=RAA to=NT1 handover=subcontract | keep-subcontract
        """,
        periods="2025-01-02 - running start-referral -",
        findings="subcontract_silent",
    ),
    Spec(
        paragraph="11.3",
        title="The guidance's example: from an interface service, received on 28 January",
        events="2025-01-28 transfer_received provider=RAA original_start=2025-01-02 | start-transferred",
        periods="2025-01-02 - running start-transferred -",
    ),
    Spec(
        paragraph="11.3",
        title="The guidance's example: from provider A to provider B",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-01-27 transfer_sent provider=RAA to=RBB | keep-transfer
        2025-01-28 transfer_received provider=RBB original_start=2025-01-02 | keep-received
        """,
        periods="2025-01-02 - running start-referral -",
        place="2025-01-02",
    ),
    Spec(
        paragraph="11.3",
        title="Received without the form: the start is unknown, not the day of receipt",
        events="2025-01-28 transfer_received provider=RBB | start-unknown",
        periods="- - running start-unknown -",
        findings="form_missing",
    ),
    Spec(
        paragraph="11.3",
        title="The form gives another start than the one known",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-01-28 transfer_received provider=RBB original_start=2025-01-20 | keep-received
        """,
        periods="2025-01-02 - running start-referral -",
        findings="start_differs",
    ),
    Spec(
        paragraph="3.2",
        title="An unknown start is found out when the form comes",
        events="""
        2025-01-28 attendance provider=RBB status=20 | start-unknown
        2025-02-10 transfer_received provider=RBB original_start=2025-01-02 | start-transferred, keep-received
        """,
        periods="2025-01-02 - running start-transferred -",
        findings="no_known_start",
    ),
    Spec(
        paragraph="Annex C",
        title="Knee pain: to a specialist centre with the same pathway identifier",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-02-03 attendance provider=RAA status=10 | keep-activity
        2025-03-03 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-03-10 transfer_received provider=RBB original_start=2025-01-02 status=20 pathway_id=RAA00000000000012345 issuer=RAA | keep-received
        2025-05-12 admission provider=RBB | stop-admission
        2025-05-12 admission_outcome admission=e5 | confirm-admission
        """,
        periods="2025-01-02 2025-05-12 admitted_treatment start-referral stop-admission",
    ),
    Spec(
        paragraph="Annex C",
        title="A pathway identifier that changes on the way",
        events="""
        2025-01-20 transfer_received provider=RBB original_start=2025-01-02 pathway_id=RAA00000000000012345 issuer=RAA | start-transferred
        2025-03-03 transfer_received provider=RCC original_start=2025-01-02 pathway_id=RCC00000000000099999 issuer=RCC | keep-received
        """,
        periods="2025-01-02 - running start-transferred -",
        findings="pathway_id_changed",
    ),
    Spec(
        paragraph="8.2",
        title="A request to be treated sooner elsewhere fails: start and place stay",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-11-03 transfer_requested | keep-request
        2025-12-01 transfer_request_failed | keep-request
        """,
        periods="2025-01-02 - running start-referral -",
        place="2025-01-02",
    ),
    Spec(
        paragraph="Annex C",
        title="A booking reference padded in another way is the same identifier",
        events="""
        2025-01-02 ubrn_converted ubrn=000012345678 provider=RAA | start-ubrn
        2025-03-03 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-03-10 transfer_received provider=RBB original_start=2025-01-02 pathway_id=00001234567800000000 issuer=X09 | keep-received
        """,
        periods="2025-01-02 - running start-ubrn -",
        identifier="00001234567800000000/X09",
    ),
    Spec(
        paragraph="Annex C",
        title="A local number instead of the booking reference: the identifier changed",
        events="""
        2025-01-02 ubrn_converted ubrn=000012345678 provider=RAA | start-ubrn
        2025-03-10 transfer_received provider=RBB original_start=2025-01-02 pathway_id=00000000000012345678 issuer=RAA | keep-received
        """,
        periods="2025-01-02 - running start-ubrn -",
        findings="pathway_id_changed",
    ),
    Spec(
        paragraph="Annex C",
        title="The receiver expects to treat at the first attendance: 30 is intended, and then so",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-03-03 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-03-10 transfer_received provider=RBB original_start=2025-01-02 status=20 intended_status=30 | keep-received
        2025-04-07 attendance provider=RBB status=30 | stop-outpatient
        """,
        periods="2025-01-02 2025-04-07 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="11.3",
        title="On to a provider in Wales, for an English commissioner: the form is owed there too",
        events="""
        2025-01-02 referral_received provider=RAA | start-referral
        2025-03-03 transfer_sent provider=RAA to=7A4 status=21 | keep-transfer
        2025-03-10 transfer_received provider=7A4 original_start=2025-01-02 status=20 | keep-received
        """,
        periods="2025-01-02 - running start-referral -",
        place="2025-01-02",
    ),
)
