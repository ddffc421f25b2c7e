"""Active monitoring and patients who wish to wait: rules 5b and 3d, §8."""

from tests.core.rtt.spec import Spec

from clockstop.core.rtt.policy import PlaceAfter, PlaceRule, Policy

TITLE = "Active monitoring and patients who wish to wait"

TWO_DECLINED = """
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 | keep-offer
        2025-02-05 offer_declined offer=e2 | keep-offer-declined
        2025-02-05 date_offered offered_for=2025-04-07 | keep-offer
        2025-02-10 offer_declined offer=e4 | keep-offer-declined"""

SPECS = (
    Spec(
        paragraph="4.4.1.4",
        title="Watchful waiting is the best course now; later it is decided to treat",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-08-04 decision_to_treat | start-after-monitoring
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-08-04 - running start-after-monitoring -
        """,
        place="2025-07-07",
    ),
    Spec(
        paragraph="3.4.4",
        title="During monitoring, referred for tests with a view to treatment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-04-07 decision_to_refer | start-after-monitoring-referred
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-04-07 - running start-after-monitoring-referred -
        """,
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Regular checks during monitoring start nothing; a decision after one does",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-08-04 attendance status=91 is_test=true | none-monitoring-check
        2026-02-02 attendance status=91 is_test=true | none-monitoring-check
        2026-02-02 decision_to_treat | start-after-monitoring
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2026-02-02 - running start-after-monitoring -
        """,
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Days to think before surgery is confirmed",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 thinking_time_agreed until=2025-02-10 | keep-thinking-time
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="More than 14 days to think: talk to the patient, the clock runs",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 thinking_time_agreed until=2025-02-18 | keep-thinking-time
        """,
        periods="2025-01-06 - running start-referral -",
        findings="thinking_time_long",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Not keen on surgery yet: review in three months, active monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        2025-05-05 decision_to_treat | start-after-monitoring
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient
        2025-05-05 - running start-after-monitoring -
        """,
        findings="review_overdue",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Monitoring breaks off because the patient needs a new kind of treatment",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-05-05 decision_to_admit new_treatment=true | start-after-monitoring, keep-decision-to-admit
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-05-05 - running start-after-monitoring -
        """,
    ),
    Spec(
        paragraph="Annex E",
        title="Code 31: no joint replacement for now, review in six months",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=31 | stop-monitoring-patient
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient",
    ),
    Spec(
        paragraph="Annex E",
        title="Code 32: back pain, a check every three months for a year",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 attendance status=32 | stop-monitoring-professional
        2025-05-05 attendance status=91 | none-monitoring-check
        2025-08-04 attendance status=11 | start-after-monitoring
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-08-04 - running start-after-monitoring -
        """,
    ),
    Spec(
        paragraph="8.3",
        title="Two reasonable offers declined stop nothing by themselves",
        events=TWO_DECLINED,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="8.3",
        title="Two reasonable offers declined, a clinical conversation, agreement: active monitoring",
        events=TWO_DECLINED
        + """
        2025-02-17 monitoring_started delay=true conversation=true agreed=true status=32 | stop-monitoring-delay
        """,
        periods="2025-01-06 2025-02-17 monitoring_by_professional start-referral stop-monitoring-delay",
    ),
    Spec(
        paragraph="8.3",
        title="Two offers declined and no conversation: the clock runs",
        events=TWO_DECLINED
        + """
        2025-02-17 monitoring_started delay=true | keep-monitoring-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="8.3",
        title="The patient goes ahead: a new clock, and the place that was left",
        events=TWO_DECLINED
        + """
        2025-02-17 monitoring_started delay=true conversation=true agreed=true | stop-monitoring-delay
        2025-04-28 monitoring_reviewed | none-monitoring-review
        2025-06-02 patient_goes_ahead | start-goes-ahead
        """,
        periods="""
        2025-01-06 2025-02-17 monitoring_by_professional start-referral stop-monitoring-delay
        2025-06-02 - running start-goes-ahead -
        """,
        place="2025-04-21",
    ),
    Spec(
        paragraph="8.3",
        title="The same where a provider reads the old place as the old date",
        events=TWO_DECLINED
        + """
        2025-02-17 monitoring_started delay=true conversation=true agreed=true | stop-monitoring-delay
        2025-06-02 patient_goes_ahead | start-goes-ahead
        """,
        periods="""
        2025-01-06 2025-02-17 monitoring_by_professional start-referral stop-monitoring-delay
        2025-06-02 - running start-goes-ahead -
        """,
        findings="review_overdue",
        place="2025-01-06",
        policy=Policy(place_rule=PlaceRule.OLD_DATE),
    ),
    Spec(
        paragraph="8.3",
        title="Where only patients' delays give the place back, watchful waiting does not",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-08-04 decision_to_treat | start-after-monitoring
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-08-04 - running start-after-monitoring -
        """,
        place="2025-08-04",
        policy=Policy(place_after=PlaceAfter.PATIENT_DELAYS),
    ),
    Spec(
        paragraph="8.3",
        title="Monitored twice: the days of both waits make the place",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-05 monitoring_started by=patient | stop-monitoring-patient
        2025-04-01 patient_goes_ahead | start-goes-ahead
        2025-04-21 monitoring_started by=patient | stop-monitoring-patient
        2025-06-01 patient_goes_ahead | start-goes-ahead
        """,
        periods="""
        2025-01-06 2025-02-05 monitoring_by_patient start-referral stop-monitoring-patient
        2025-04-01 2025-04-21 monitoring_by_patient start-goes-ahead stop-monitoring-patient
        2025-06-01 - running start-goes-ahead -
        """,
        place="2025-04-12",
    ),
    Spec(
        paragraph="13",
        title="Offers with less than three weeks' notice are not reasonable",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-02-23 | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-offer-declined
        2025-02-04 date_offered offered_for=2025-02-25 | keep-offer
        2025-02-05 offer_declined offer=e4 | keep-offer-declined
        2025-02-10 monitoring_started delay=true conversation=true agreed=true | keep-monitoring-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="13",
        title="A second date while the patient is known to be on holiday is not reasonable",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-offer-declined
        2025-02-04 date_offered offered_for=2025-03-05 known_unavailable=true | keep-offer
        2025-02-05 offer_declined offer=e4 | keep-offer-declined
        2025-02-10 monitoring_started delay=true conversation=true agreed=true | keep-monitoring-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="8.3",
        title="The second date lies more than six weeks from the first",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-offer-declined
        2025-02-04 date_offered offered_for=2025-04-15 | keep-offer
        2025-02-05 offer_declined offer=e4 | keep-offer-declined
        """,
        periods="2025-01-06 - running start-referral -",
        findings="second_offer_late",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Two offers at an agreed provider elsewhere, declined, then monitoring agreed",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 other_provider=true suitable=true details_stated=true | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-other-team-declined
        2025-02-04 date_offered offered_for=2025-03-17 other_provider=true suitable=true details_stated=true | keep-offer
        2025-02-05 offer_declined offer=e4 | keep-other-team-declined
        2025-02-10 monitoring_started delay=true conversation=true agreed=true | stop-monitoring-delay
        """,
        periods="2025-01-06 2025-02-10 monitoring_by_professional start-referral stop-monitoring-delay",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Offers elsewhere without provider and team, or unsuitable, do not count",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 other_provider=true suitable=true | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-other-team-declined
        2025-02-04 date_offered offered_for=2025-03-17 other_provider=true details_stated=true | keep-offer
        2025-02-05 offer_declined offer=e4 | keep-other-team-declined
        2025-02-10 monitoring_started delay=true conversation=true agreed=true | keep-monitoring-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="8.2",
        title="An earlier date with another team is turned down",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 other_provider=true suitable=true details_stated=true | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-other-team-declined
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="8.3",
        title="A teacher asks for the school holidays; two dates could have been offered before",
        events="""
        2025-04-28 referral_received | start-referral
        2025-05-12 unavailability_declared until=2025-07-23 two_dates_possible=true | keep-unavailable
        2025-05-19 monitoring_started delay=true conversation=true agreed=true | stop-monitoring-delay
        """,
        periods="2025-04-28 2025-05-19 monitoring_by_professional start-referral stop-monitoring-delay",
        findings="delay_review_needed",
    ),
    Spec(
        paragraph="8.3",
        title="The same where two dates could not have been offered",
        events="""
        2025-06-30 referral_received | start-referral
        2025-07-07 unavailability_declared until=2025-07-23 | keep-unavailable
        2025-07-08 monitoring_started delay=true conversation=true agreed=true | keep-monitoring-unproven
        """,
        periods="2025-06-30 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="8.1",
        title="A wish to delay alone is no ground for discharge",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 discharged_to_gp reason=delay | keep-not-clinical
        """,
        periods="2025-01-06 - running start-referral -",
        findings="discharge_unproven",
    ),
    Spec(
        paragraph="8.1",
        title="A clinician finds discharge in the interest of a patient who will not take advice",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 discharged_to_gp reason=delay clinical_decision=true best_interests=true | stop-clinical-discharge
        """,
        periods="2025-01-06 2025-02-03 discharged start-referral stop-clinical-discharge",
    ),
    Spec(
        paragraph="8.3",
        title="Twelve weeks under monitoring without a review",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient",
        findings="review_overdue",
        as_of="2025-04-29",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Monitoring although a test is known to be due in two days: to the patient it is one wait",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started known_intervention=2025-02-05 | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
        findings="monitoring_too_near",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Monitoring although the patient has a date for surgery next week",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-13 date_offered offered_for=2025-02-10 | keep-offer
        2025-02-03 monitoring_started | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
        findings="monitoring_too_near",
    ),
    Spec(
        paragraph="Annex E",
        title="Code 32 in clinic although the patient has a date for surgery next week",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-13 date_offered offered_for=2025-02-10 | keep-offer
        2025-02-03 attendance status=32 | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
        findings="monitoring_too_near",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="At the patient's wish a date next week is given up: that is what monitoring is for",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-13 date_offered offered_for=2025-02-10 | keep-offer
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="The date was declined before: nothing is known to lie ahead",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-13 date_offered offered_for=2025-02-10 | keep-offer
        2025-01-20 offer_declined offer=e2 | keep-offer-declined
        2025-02-03 monitoring_started | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Seen afterwards: a test two days into active monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-02-05 attendance status=91 is_test=true | none-monitoring-check
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
        findings="monitoring_too_near",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Seen afterwards: a decision to admit a week into active monitoring",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-02-10 decision_to_admit | start-after-monitoring, keep-decision-to-admit
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-02-10 - running start-after-monitoring -
        """,
        findings="monitoring_too_near",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="A check in six months is what monitoring is for",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started known_intervention=2025-08-04 | stop-monitoring-professional
        2025-08-04 attendance status=91 is_test=true | none-monitoring-check
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="A provider that looks at two days only, as the guidance's example does",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started known_intervention=2025-02-06 | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
        policy=Policy(monitoring_too_near=2),
    ),
    Spec(
        paragraph="4.4.1.4",
        title="Monitoring may begin at any point: here on the list for surgery",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 decision_to_admit | keep-decision-to-admit
        2025-04-07 monitoring_started | stop-monitoring-professional
        """,
        periods="2025-01-06 2025-04-07 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
    Spec(
        paragraph="3.4.4",
        title="Monitoring in an interface service stops the clock, and a decision starts a new one",
        events="""
        2025-01-06 referral_received service=interface | start-interface
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-06-02 decision_to_refer | start-after-monitoring-referred
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-interface stop-monitoring-professional
        2025-06-02 - running start-after-monitoring-referred -
        """,
    ),
    Spec(
        paragraph="3.4.4",
        title="Decided to treat after monitoring, and the patient told three days later",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-06-02 decision_to_treat communicated=false | keep-not-communicated, start-after-monitoring
        2025-06-05 decision_communicated decision=e3
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional
        2025-06-05 - running start-after-monitoring -
        """,
        findings="not_communicated",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="The patient declines treatment for now, to see how it goes without",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 treatment_declined all_treatment=false | keep-one-treatment-declined
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        2025-04-14 patient_goes_ahead | start-goes-ahead
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient
        2025-04-14 - running start-goes-ahead -
        """,
        place="2025-03-17",
    ),
    Spec(
        paragraph="8.3",
        title="A conversation, but the patient does not agree: the clock runs",
        events=TWO_DECLINED
        + """
        2025-02-17 monitoring_started delay=true conversation=true | keep-monitoring-unproven
        """,
        periods="2025-01-06 - running start-referral -",
        findings="monitoring_unproven",
    ),
    Spec(
        paragraph="8.3",
        title="Reviewed within every twelve weeks",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        2025-04-28 monitoring_reviewed | none-monitoring-review
        2025-07-21 monitoring_reviewed | none-monitoring-review
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient",
        as_of="2025-10-13",
    ),
    Spec(
        paragraph="8.1",
        title="A delay of six weeks is looked at by no clinician yet, one day more is",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 unavailability_declared until=2025-03-17 | keep-unavailable
        2025-02-04 unavailability_declared until=2025-03-19 | keep-unavailable
        """,
        periods="2025-01-06 - running start-referral -",
        findings="delay_review_needed",
    ),
    Spec(
        paragraph="8.1",
        title="The clinician advises against the delay, and patient and clinician agree on a date",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 unavailability_declared until=2025-06-02 | keep-unavailable
        2025-02-10 date_offered offered_for=2025-03-10 | keep-offer
        2025-03-10 admission | stop-admission
        2025-03-10 admission_outcome admission=e4 | confirm-admission
        """,
        periods="2025-01-06 2025-03-10 admitted_treatment start-referral stop-admission",
        findings="delay_review_needed",
    ),
    Spec(
        paragraph="1.1",
        title="There are no pauses: every day away counts",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 unavailability_declared until=2025-03-10 | keep-unavailable
        2025-04-07 treatment_started | stop-outpatient
        """,
        periods="2025-01-06 2025-04-07 non_admitted_treatment start-referral stop-outpatient",
    ),
    Spec(
        paragraph="8.2",
        title="A date at another site of the provider is turned down",
        events="""
        2025-01-06 referral_received provider=RAA | start-referral
        2025-02-03 date_offered offered_for=2025-03-03 provider=RAA | keep-offer
        2025-02-04 offer_declined offer=e2 | keep-offer-declined
        """,
        periods="2025-01-06 - running start-referral -",
    ),
    Spec(
        paragraph="4.4.1.4",
        title="The patient wished to wait and changes their mind within days: nothing to look at",
        events="""
        2025-01-06 referral_received | start-referral
        2025-02-03 monitoring_started by=patient | stop-monitoring-patient
        2025-02-07 patient_goes_ahead | start-goes-ahead
        """,
        periods="""
        2025-01-06 2025-02-03 monitoring_by_patient start-referral stop-monitoring-patient
        2025-02-07 - running start-goes-ahead -
        """,
    ),
    Spec(
        paragraph="4.4.1.4",
        title="An emergency days into active monitoring was not known to come",
        events="""
        2025-01-06 referral_received | start-referral
        2025-01-13 date_offered offered_for=2025-01-27 | keep-offer
        2025-02-03 monitoring_started | stop-monitoring-professional
        2025-02-07 admission purpose=emergency | none-emergency-admission
        """,
        periods="2025-01-06 2025-02-03 monitoring_by_professional start-referral stop-monitoring-professional",
    ),
)
