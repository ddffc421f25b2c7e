"""Who reports a pathway at a census, under which function and commissioner: §10.1.4, §10.1.8, §11."""

from tests.core.rtt.spec import Spec

TITLE = "Who reports, and under what"

OPEN = """
        2025-06-02 referral_received provider=RAA treatment_function=110 | start-referral
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known"""
REFERRED = """
        2025-06-02 referral_received provider=RAA treatment_function=110 | start-referral"""
WAITING = "2025-06-02 - running start-referral -"
FUNCTION = "report-function-now, report-line-own"
UNDER = f"{FUNCTION}, report-practice"
AS_OF = "2025-09-30"


def referred_to(function: str) -> str:
    return f"""
        2025-06-02 referral_received provider=RAA treatment_function={function} | start-referral
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known"""


def line(function: str, rules: str, band: str = "17-18") -> str:
    return f"Part_2 RAA 15E {function} {band} | report-waiting, report-responsible, {rules}, report-practice"


def commissioned(code: str, rules: str, band: str = "17-18") -> str:
    return (
        f"Part_2 RAA {code} C_110 {band} | report-waiting, report-responsible, {FUNCTION}, {rules}"
    )


SPECS = (
    Spec(
        paragraph="10.1.1.1",
        title="An independent provider reports the NHS patients that it treats",
        events="""
        2025-06-02 referral_received provider=NT304 treatment_function=110 | start-referral
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known
        """,
        periods=WAITING,
        reports=f"Part_2 NT304 15E C_110 17-18 | report-waiting, report-responsible, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="3.2",
        title="An interface service reports the patients that it has",
        events="""
        2025-06-02 referral_received service=interface provider=NEZ treatment_function=110 | start-interface
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known
        """,
        periods="2025-06-02 - running start-interface -",
        reports=f"Part_2 NEZ 15E C_110 17-18 | report-waiting, report-responsible, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="3.2",
        title="The hospital reports once the interface service has passed the patient on",
        events="""
        2025-06-02 referral_received service=interface provider=NEZ treatment_function=110 | start-interface
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known
        2025-07-14 onward_referral provider=NEZ | keep-onward
        2025-07-21 transfer_received provider=RAA original_start=2025-06-02 | keep-received
        """,
        periods="2025-06-02 - running start-interface -",
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, keep-received, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.1",
        title="Responsibility passes in August: in July the first provider reports",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=RBB status=21
        """,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 8-9 | report-waiting, report-responsible, {UNDER}",
        as_of="2025-07-31",
    ),
    Spec(
        paragraph="11.1",
        title="Responsibility passes in August: in August the second provider reports, and no new period",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-08-18 transfer_received provider=RBB original_start=2025-06-02 | keep-received
        """,
        periods=WAITING,
        reports=f"Part_2 RBB 15E C_110 12-13 | report-waiting, keep-received, {UNDER}",
        as_of="2025-08-31",
    ),
    Spec(
        paragraph="11.1",
        title="Handed over on the census day: the second provider reports from that day",
        events=OPEN
        + """
        2025-08-31 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        """,
        periods=WAITING,
        reports=f"Part_2 RBB 15E C_110 12-13 | report-waiting, keep-transfer, {UNDER}",
        as_of="2025-08-31",
    ),
    Spec(
        paragraph="11.1",
        title="What the second provider sees alone: a running clock, and no new period of its own",
        events="2025-06-18 transfer_received provider=RBB original_start=2025-06-02 treatment_function=110 | start-transferred",
        periods="2025-06-02 - running start-transferred -",
        reports=f"Part_2 RBB - C_110 3-4 | report-waiting, report-responsible, {FUNCTION}, report-commissioner-missing",
        as_of="2025-06-30",
    ),
    Spec(
        paragraph="11.1",
        title="Only a test or an opinion is asked for: the first provider goes on reporting",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=RBB handover=opinion | keep-opinion
        """,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, keep-opinion, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.3",
        title="A request for an opinion ends in the patient's care passing to the other provider",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=RBB handover=opinion | keep-opinion
        2025-09-01 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        2025-09-03 transfer_received provider=RBB original_start=2025-06-02 | keep-received
        """,
        periods=WAITING,
        reports=f"Part_2 RBB 15E C_110 17-18 | report-waiting, keep-received, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.3",
        title="On to an independent provider as part of NHS care: the start goes with the patient",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 status=21 | keep-transfer
        2025-08-14 transfer_received provider=NT304 original_start=2025-06-02 | keep-received
        2025-09-15 admission provider=NT304 treatment_function=110 | stop-admission
        2025-09-15 admission_outcome admission=e5 | confirm-admission
        """,
        periods="2025-06-02 2025-09-15 admitted_treatment start-referral stop-admission",
        reports="Part_1A NT304 15E C_110 14-15 | report-admitted, keep-received, report-function-stop, report-line-own, report-practice",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="The subcontract names the treating provider: it reports, the clock runs on",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract reported_by=treating_provider | keep-subcontract-treating
        """,
        periods=WAITING,
        reports=f"Part_2 NT304 15E C_110 17-18 | report-waiting, keep-subcontract-treating, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="The original provider goes on reporting: agreed in advance by the commissioner, shown to be safe",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract reported_by=original_provider agreed_in_advance=true shown_safe=true | keep-subcontract-original
        2025-08-14 transfer_received provider=NT304 original_start=2025-06-02 | keep-subcontract-received
        """,
        periods=WAITING,
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, keep-subcontract-original, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="The original provider would go on reporting, but the commissioner had not agreed",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract reported_by=original_provider shown_safe=true | keep-subcontract-unproven
        """,
        periods=WAITING,
        findings="subcontract_unproven",
        reports=f"Part_2 NT304 15E C_110 17-18 | report-waiting, keep-subcontract-unproven, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="The original provider would go on reporting, with no evidence that it is safe",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract reported_by=original_provider agreed_in_advance=true | keep-subcontract-unproven
        """,
        periods=WAITING,
        findings="subcontract_unproven",
        reports=f"Part_2 NT304 15E C_110 17-18 | report-waiting, keep-subcontract-unproven, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="The subcontract says nothing: the list stays where the responsibility is, and somebody asks",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract | keep-subcontract
        2025-08-14 transfer_received provider=NT304 original_start=2025-06-02 | keep-subcontract-received
        """,
        periods=WAITING,
        findings="subcontract_silent",
        reports=f"Part_2 RAA 15E C_110 17-18 | report-waiting, keep-subcontract, {UNDER}",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="A completed pathway goes under the function of the activity that stopped the clock",
        events=OPEN
        + """
        2025-09-08 attendance status=30 treatment_function=410 | stop-outpatient
        """,
        periods="2025-06-02 2025-09-08 non_admitted_treatment start-referral stop-outpatient",
        reports="Part_1B RAA 15E C_410 13-14 | report-non-admitted, report-responsible, report-function-stop, report-line-own, report-practice",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="The stopping activity has no function recorded: the latest before it, to be checked",
        events=OPEN
        + """
        2025-09-08 attendance status=30 | stop-outpatient
        """,
        periods="2025-06-02 2025-09-08 non_admitted_treatment start-referral stop-outpatient",
        reports="Part_1B RAA 15E C_110 13-14 | report-non-admitted, report-responsible, report-function-earlier, report-line-own, report-practice",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Treated in a diagnostic admission: the function of the admission counts",
        events=OPEN
        + """
        2025-09-08 admission purpose=test treatment_function=301 | keep-test-admission
        2025-09-10 admission_outcome admission=e3 | stop-treated-in-admission
        """,
        periods="2025-06-02 2025-09-08 admitted_treatment start-referral stop-treated-in-admission",
        reports="Part_1A RAA 15E C_301 13-14 | report-admitted, report-responsible, report-function-stop, report-line-own, report-practice",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="An open pathway before it changed its function",
        events=referred_to("300")
        + """
        2025-08-11 team_changed treatment_function=301
        """,
        periods=WAITING,
        reports=line("C_300", FUNCTION, "8-9"),
        as_of="2025-07-31",
    ),
    Spec(
        paragraph="10.1.4",
        title="The same once it has changed: as it is classified at the time",
        events=referred_to("300")
        + """
        2025-08-11 team_changed treatment_function=301 | keep-team-change
        """,
        periods=WAITING,
        reports=line("C_301", FUNCTION),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Spinal surgery goes under trauma and orthopaedics",
        events=referred_to("108"),
        periods=WAITING,
        reports=line("C_110", "report-function-now, report-line-named"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Thoracic surgery goes under cardiothoracic surgery",
        events=referred_to("173"),
        periods=WAITING,
        reports=line("C_170", "report-function-now, report-line-named"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Maxillofacial surgery goes under oral surgery",
        events=referred_to("144"),
        periods=WAITING,
        reports=line("C_140", "report-function-now, report-line-named"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Hepatology is no part of general medicine: other medical services",
        events=referred_to("306"),
        periods=WAITING,
        reports=line("X02", "report-function-now, report-line-named"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="Any other function goes under the shared line of its group",
        events=referred_to("215"),
        periods=WAITING,
        reports=line("X04", "report-function-now, report-line-group"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.1.3",
        title="Until March 2021 one line was shared, and the open band began at 52 weeks",
        events="""
        2020-02-03 referral_received provider=RAA treatment_function=104 | start-referral
        2020-02-03 commissioner_recorded practice=15E | keep-commissioner-known
        """,
        periods="2020-02-03 - running start-referral -",
        reports=line("X01", "report-function-now, report-line-one-other", "52+"),
        as_of="2021-03-31",
    ),
    Spec(
        paragraph="10.1.1.3",
        title="From April 2021 there are five such lines, and bands up to 104 weeks",
        events="""
        2020-02-03 referral_received provider=RAA treatment_function=104 | start-referral
        2020-02-03 commissioner_recorded practice=15E | keep-commissioner-known
        """,
        periods="2020-02-03 - running start-referral -",
        reports=line("X05", "report-function-now, report-line-group", "64-65"),
        as_of="2021-04-30",
    ),
    Spec(
        paragraph="10.1.4",
        title="A function that nobody knows, or none at all, is said and not guessed",
        events=referred_to("999"),
        periods=WAITING,
        reports=line("-", "report-function-now, report-function-strange"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.4",
        title="No entry has a function or a commissioner",
        events="2025-06-02 referral_received provider=RAA | start-referral",
        periods=WAITING,
        reports="Part_2 RAA - - 17-18 | report-waiting, report-responsible, report-function-missing, report-commissioner-missing",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="The sub-ICB of the GP practice comes before that of residence",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded practice=15E residence=36J host=15N | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("15E", "report-practice"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="No GP practice: the sub-ICB of residence",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded residence=36J host=15N | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("36J", "report-residence"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="Neither GP practice nor postcode: the host sub-ICB",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded host=15N | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("15N", "report-host"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="An entry that names nobody",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("-", "report-commissioner-missing"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="The patient changes to a GP practice elsewhere: before, the first sub-ICB",
        events=OPEN
        + """
        2025-08-11 commissioner_changed practice=36J
        """,
        periods=WAITING,
        reports=commissioned("15E", "report-practice", "8-9"),
        as_of="2025-07-31",
    ),
    Spec(
        paragraph="10.1.8",
        title="The patient changes to a GP practice elsewhere: after, the second, and the same clock",
        events=OPEN
        + """
        2025-08-11 commissioner_changed practice=36J | keep-commissioner
        """,
        periods=WAITING,
        reports=commissioned("36J", "report-practice"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="Known on the way to be specialised: from then on NHS England's hub",
        events=OPEN
        + """
        2025-08-11 commissioner_changed nhs_england=specialised hub=13R practice=15E | keep-commissioner
        """,
        periods=WAITING,
        reports=commissioned("13R", "report-specialised"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="NHS England commissions and no entry has the hub: the code is to be looked up",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded nhs_england=specialised practice=15E | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("-", "report-specialised, report-hub-missing"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.8",
        title="NHS England commissions, and its code is recorded",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded hub=14F practice=15E | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("14F", "report-nhs-england"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.10",
        title="A patient in prison",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded nhs_england=detained hub=14M residence=36J | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("14M", "report-detained"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.10",
        title="Registered with a defence medical practice, paid for by NHS England",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded nhs_england=armed_forces | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("13Q", "report-armed-forces"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.10",
        title="Hospital dental care in March 2023: NHS England commissioned it",
        events="""
        2023-01-09 referral_received provider=RAA treatment_function=140 | start-referral
        2023-01-09 commissioner_recorded nhs_england=secondary_dental hub=14F practice=15E | keep-commissioner-known
        """,
        periods="2023-01-09 - running start-referral -",
        reports="Part_2 RAA 14F C_140 11-12 | report-waiting, report-responsible, report-function-now, report-line-own, report-dental",
        as_of="2023-03-31",
    ),
    Spec(
        paragraph="10.1.10",
        title="The same patient in April 2023: the ICBs have taken it over",
        events="""
        2023-01-09 referral_received provider=RAA treatment_function=140 | start-referral
        2023-01-09 commissioner_recorded nhs_england=secondary_dental hub=14F practice=15E | keep-commissioner-known
        """,
        periods="2023-01-09 - running start-referral -",
        reports="Part_2 RAA 15E C_140 15-16 | report-waiting, report-responsible, report-function-now, report-line-own, report-dental-passed, report-practice",
        as_of="2023-04-30",
    ),
    Spec(
        paragraph="10.1.9.2",
        title="Treated in England for a commissioner in Wales: the clock runs, reported as NONC",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded outside_england=7A4 | keep-commissioner-known
        """,
        periods=WAITING,
        reports=commissioned("NONC", "report-outside-england"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.9.2",
        title="Treated in England throughout, the patient moves from Wales to England (our reading)",
        events=REFERRED
        + """
        2025-06-02 commissioner_recorded outside_england=7A4 | keep-commissioner-known
        2025-08-11 commissioner_changed practice=15E | keep-commissioner
        """,
        periods=WAITING,
        reports=commissioned("15E", "report-practice"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="10.1.9.1",
        title="Begun in Scotland and passed to an English commissioner: the new provider's receipt starts the clock",
        events="""
        2025-06-02 referral_received referrer=outside_england provider=RAA treatment_function=110 | start-outside-england
        2025-06-02 commissioner_recorded practice=15E | keep-commissioner-known
        """,
        periods="2025-06-02 - running start-outside-england -",
        reports=commissioned("15E", "report-practice"),
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.1",
        title="Referred and handed over in one month: a new period of the first provider, a wait of the second",
        events=OPEN
        + """
        2025-06-16 transfer_sent provider=RAA to=RBB status=21 | keep-transfer
        """,
        periods=WAITING,
        reports=f"""
        Part_2 RBB 15E C_110 3-4 | report-waiting, keep-transfer, {UNDER}
        Part_3 RAA 15E C_110 - | report-new-period, report-responsible, {UNDER}
        """,
        as_of="2025-06-30",
    ),
    Spec(
        paragraph="10.1.4",
        title="Care elsewhere after the clock stopped does not move a completed pathway",
        events=OPEN
        + """
        2025-09-08 attendance status=30 | stop-outpatient
        2025-09-22 attendance status=90 treatment_function=410 | none-after-treatment
        """,
        periods="2025-06-02 2025-09-08 non_admitted_treatment start-referral stop-outpatient",
        reports="Part_1B RAA 15E C_110 13-14 | report-non-admitted, report-responsible, report-function-earlier, report-line-own, report-practice",
        as_of=AS_OF,
    ),
    Spec(
        paragraph="11.2",
        title="Treated under the subcontract, by exception counted by the original provider as completed",
        events=OPEN
        + """
        2025-08-11 transfer_sent provider=RAA to=NT304 handover=subcontract reported_by=original_provider agreed_in_advance=true shown_safe=true | keep-subcontract-original
        2025-09-08 admission provider=NT304 treatment_function=110 | stop-admission
        2025-09-08 admission_outcome admission=e4 provider=NT304 | confirm-admission
        """,
        periods="2025-06-02 2025-09-08 admitted_treatment start-referral stop-admission",
        reports="Part_1A RAA 15E C_110 13-14 | report-admitted, keep-subcontract-original, report-function-stop, report-line-own, report-practice",
        as_of=AS_OF,
    ),
)
