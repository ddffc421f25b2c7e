"""What a pathway adds to the return of a month, and what is found too late: §10.1."""

from tests.core.rtt.spec import Spec

from clockstop.core.rtt.policy import DnaStop, Policy

TITLE = "The monthly return"

OPEN = """
        2025-06-02 referral_received provider=RAA treatment_function=110 | start-referral
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known"""
WAITING = "2025-06-02 - running start-referral -"
WHOSE = "report-responsible, report-function-now, report-line-own, report-practice"
STOPPED = "report-responsible, report-function-stop, report-line-own, report-practice"
TREATED = "2025-06-02 2025-08-18 non_admitted_treatment start-referral stop-outpatient"

SPECS = (
    Spec(
        paragraph="10.1.1.2",
        title="Still waiting at the end of the month: an incomplete pathway",
        events=OPEN,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, {WHOSE}",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="Waiting with a decision to admit: counted among all incomplete pathways, and by itself",
        events=OPEN
        + """
        2025-09-01 decision_to_admit | keep-decision-to-admit
        """,
        periods=WAITING,
        reports=f"""
        Part_2 RAA 15E C_110 17-18 | report-waiting, {WHOSE}
        Part_2A RAA 15E C_110 17-18 | report-decided-to-admit, {WHOSE}
        """,
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="Started in the month: incomplete, and a new period",
        events=OPEN,
        periods=WAITING,
        reports=f"""
        Part_2 RAA 15E C_110 3-4 | report-waiting, {WHOSE}
        Part_3 RAA 15E C_110 - | report-new-period, {WHOSE}
        """,
        as_of="2025-06-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="Treated by admission in the month",
        events=OPEN
        + """
        2025-09-08 admission provider=RAA treatment_function=110 | stop-admission
        2025-09-09 admission_outcome admission=e3 | confirm-admission
        """,
        periods="2025-06-02 2025-09-08 admitted_treatment start-referral stop-admission",
        reports=f"Part_1A RAA 15E C_110 13-14 | report-admitted, {STOPPED}",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="Ended in the month without treatment: completed, without admission",
        events=OPEN
        + """
        2025-09-08 decision_not_to_treat treatment_function=110 | stop-not-to-treat
        """,
        periods="2025-06-02 2025-09-08 not_treated start-referral stop-not-to-treat",
        reports=f"Part_1B RAA 15E C_110 13-14 | report-non-admitted, {STOPPED}",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="Ended in an earlier month: nothing more to count",
        events=OPEN
        + """
        2025-08-18 treatment_started | stop-outpatient
        """,
        periods=TREATED,
        reports="",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="5.2",
        title="Planned surgery became overdue: the new clock goes into the return",
        events=OPEN
        + """
        2025-07-07 treatment_started | stop-outpatient
        2025-07-07 planned_listed due=2025-09-08 provider=RAA | none-planned, start-planned-overdue
        """,
        periods="""
        2025-06-02 2025-07-07 non_admitted_treatment start-referral stop-outpatient
        2025-09-08 - running start-planned-overdue -
        """,
        reports=f"""
        Part_2 RAA 15E C_110 3-4 | report-waiting, {WHOSE}
        Part_3 RAA 15E C_110 - | report-new-period, {WHOSE}
        """,
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.7",
        title="Started and stopped on one day at a drop-in clinic: no days, and counted",
        events="""
        2025-09-08 referral_received provider=RAA | start-referral
        2025-09-08 attendance status=30 treatment_function=330 | stop-outpatient
        """,
        periods="2025-09-08 2025-09-08 non_admitted_treatment start-referral stop-outpatient",
        reports="""
        Part_1B RAA - C_330 0-1 | report-non-admitted, report-same-day, report-responsible, report-function-stop, report-line-own, report-commissioner-missing
        Part_3 RAA - C_330 - | report-new-period, report-responsible, report-function-stop, report-line-own, report-commissioner-missing
        """,
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.7",
        title="An emergency presentation is in no return until elective care is decided",
        events="""
        2025-09-08 referral_received referrer=emergency provider=RAA | none-emergency
        """,
        reports="",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.5",
        title="Nobody knows the start: reported all the same, in a column of its own",
        events="2025-09-08 attendance status=20 provider=RAA treatment_function=110 | start-unknown",
        periods="- - running start-unknown -",
        findings="no_known_start",
        reports="Part_2 RAA - C_110 - | report-waiting, report-unknown-start, report-responsible, report-function-now, report-line-own, report-commissioner-missing",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="4.4.1.3",
        title="A nullified clock is in no part of the return",
        events=OPEN
        + """
        2025-09-08 did_not_attend appointment=first communicated=true | nullify-missed-first
        """,
        periods="2025-06-02 2025-09-08 nullified start-referral nullify-missed-first",
        reports="",
        left_out="1 report-nullified",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="7.2",
        title="Community paediatrics: not in this return",
        events="2025-06-02 referral_received service=community_consultant_led provider=RAA | start-community",
        periods="2025-06-02 - running start-community -",
        reports="",
        left_out="1 report-community",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="7.3",
        title="An orthopaedic consultant's clinic in a health centre is in the return",
        events=OPEN,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 12-13 | report-waiting, {WHOSE}",
        as_of="2025-08-31",
    ),
    Spec(
        paragraph="10.1.5",
        title="Found in October to have been treated in August: October does not count it as completed",
        events=OPEN
        + """
        2025-08-18 treatment_started treatment_function=110 recorded=2025-10-06 | stop-outpatient
        """,
        periods=TREATED,
        reports="",
        left_out="1 report-stopped-earlier",
        revise="""
        2025-08 Part_2 Part_1B
        2025-09 Part_2 -
        """,
        as_of="2025-10-31",
    ),
    Spec(
        paragraph="10.1.6",
        title="August's return as it should have been: sent again before the deadline, else revised",
        events=OPEN
        + """
        2025-08-18 treatment_started treatment_function=110 recorded=2025-10-06 | stop-outpatient
        """,
        periods=TREATED,
        reports=f"Part_1B RAA 15E C_110 10-11 | report-non-admitted, {STOPPED}",
        as_of="2025-08-31",
    ),
    Spec(
        paragraph="10.1.5",
        title="Entered some days late, within the month: nothing to revise",
        events=OPEN
        + """
        2025-08-18 treatment_started treatment_function=110 recorded=2025-08-28 | stop-outpatient
        """,
        periods=TREATED,
        reports=f"Part_1B RAA 15E C_110 10-11 | report-non-admitted, {STOPPED}",
        as_of="2025-08-31",
    ),
    Spec(
        paragraph="10.1.6",
        title="A treatment that never happened is withdrawn in October: the patient waited all along",
        events=OPEN
        + """
        2025-08-18 treatment_started
        2025-10-06 entry_withdrawn supersedes=e3
        """,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 21-22 | report-waiting, {WHOSE}",
        revise="""
        2025-08 Part_1B Part_2
        2025-09 - Part_2
        """,
        as_of="2025-10-31",
    ),
    Spec(
        paragraph="4.3.2.3",
        title="Admitted in August, known in September not to have been treated: August was wrong",
        events=OPEN
        + """
        2025-08-29 admission provider=RAA | stop-admission
        2025-09-02 admission_outcome admission=e3 result=not_carried_out | reopen-not-carried-out
        """,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, {WHOSE}",
        revise="2025-08 Part_1A Part_2",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="10.1.5",
        title="Discharged in September, by a local policy that takes the day missed in August",
        events=OPEN
        + """
        2025-07-07 attendance status=20 | keep-activity
        2025-08-25 did_not_attend appointment=other communicated=true | keep-missed-later
        2025-09-02 discharged_to_gp reason=missed communicated=true best_interests=true published_policy=true protects_vulnerable=true | stop-missed-discharged
        """,
        periods="2025-06-02 2025-08-25 discharged start-referral stop-missed-discharged",
        reports="",
        left_out="1 report-stopped-earlier",
        revise="2025-08 Part_2 Part_1B",
        as_of="2025-09-30",
        policy=Policy(dna_discharge_stop=DnaStop.MISSED_APPOINTMENT),
    ),
    Spec(
        paragraph="4.4.1.3",
        title="Referred and nullified in one month: not even a new period",
        events="""
        2025-09-01 referral_received provider=RAA | start-referral
        2025-09-15 did_not_attend appointment=first communicated=true | nullify-missed-first
        """,
        periods="2025-09-01 2025-09-15 nullified start-referral nullify-missed-first",
        reports="",
        left_out="1 report-nullified",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="5.2",
        title="Planned surgery was due on the last day of August: August knew, nothing to revise",
        events=OPEN
        + """
        2025-07-07 treatment_started | stop-outpatient
        2025-07-07 planned_listed due=2025-08-31 provider=RAA | none-planned, start-planned-overdue
        """,
        periods="""
        2025-06-02 2025-07-07 non_admitted_treatment start-referral stop-outpatient
        2025-08-31 - running start-planned-overdue -
        """,
        reports=f"Part_2 RAA 15E C_110 4-5 | report-waiting, {WHOSE}",
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="5.2",
        title="Planned surgery within a provider's clinical timescale at the end of August: nothing to revise",
        events=OPEN
        + """
        2025-07-07 treatment_started | stop-outpatient
        2025-07-07 planned_listed due=2025-08-25 provider=RAA | none-planned
        2025-09-03 admission purpose=planned | none-planned-admission
        """,
        periods="2025-06-02 2025-07-07 non_admitted_treatment start-referral stop-outpatient",
        reports="",
        policy=Policy(planned_grace=14),
        as_of="2025-09-30",
    ),
    Spec(
        paragraph="1.1",
        title="Before October 2015 neither decisions to admit nor new periods were counted by themselves",
        events="""
        2015-09-07 referral_received provider=RAA treatment_function=110 | start-referral
        2015-09-07 commissioner_recorded practice=15E | keep-commissioner-known
        2015-09-14 decision_to_admit | keep-decision-to-admit
        """,
        periods="2015-09-07 - running start-referral -",
        reports=f"Part_2 RAA 15E C_110 3-4 | report-waiting, {WHOSE}",
        as_of="2015-09-30",
    ),
    Spec(
        paragraph="10.1.1.2",
        title="From October 2015 both are",
        events="""
        2015-10-05 referral_received provider=RAA treatment_function=110 | start-referral
        2015-10-05 commissioner_recorded practice=15E | keep-commissioner-known
        2015-10-12 decision_to_admit | keep-decision-to-admit
        """,
        periods="2015-10-05 - running start-referral -",
        reports=f"""
        Part_2 RAA 15E C_110 3-4 | report-waiting, {WHOSE}
        Part_2A RAA 15E C_110 3-4 | report-decided-to-admit, {WHOSE}
        Part_3 RAA 15E C_110 - | report-new-period, {WHOSE}
        """,
        as_of="2015-10-31",
    ),
)
