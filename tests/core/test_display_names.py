"""Names as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clockstop.core.codes import display_name, provider_sectors
from clockstop.core.codes.load import load


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("LEEDS TEACHING HOSPITALS NHS TRUST", "Leeds Teaching Hospitals NHS Trust"),
        ("BMI THE ALEXANDRA HOSPITAL", "BMI The Alexandra Hospital"),
        ("SPAMEDICA GLOUCESTER", "SpaMedica Gloucester"),
        ("SPAMEDICA NEWCASTLE-UNDER-LYME", "SpaMedica Newcastle-under-Lyme"),
        ("SPAMEDICA STOCKTON-ON-TEES", "SpaMedica Stockton-on-Tees"),
        ("SPAMEDICA EYE HOSPITAL (WAKEFIELD)", "SpaMedica Eye Hospital (Wakefield)"),
        ("NEWMEDICA - GLOUCESTER (ASPEN MEDICAL CENTRE)", "Newmedica - Gloucester (Aspen Medical Centre)"),
        ("NEWMEDICA -TELFORD", "Newmedica - Telford"),
        ("NEWMEDICA - BRADFORD & HUDDERSFIELD", "Newmedica - Bradford & Huddersfield"),
        ("NEWMEDICA OPHTHALMOLOGY - NUNEATON - CAMP HILL - GP LED HEALTH CENTRE", "Newmedica Ophthalmology - Nuneaton - Camp Hill - GP Led Health Centre"),
        ("PLYMOUTH NEWMEDICA LTD", "Plymouth Newmedica Ltd"),
        ("TETBURY HOSPITAL TRUST LTD", "Tetbury Hospital Trust Ltd"),
        ("COMMUNITY HEALTH AND EYECARE LIMITED", "Community Health and Eyecare Limited"),
        ("KIMS HOSPITAL (NEWNHAM COURT)", "KIMS Hospital (Newnham Court)"),
        ("ST MICHAEL'S CLINIC LIMITED", "St Michael's Clinic Limited"),
        ("SPIRE ST ANTHONY'S HOSPITAL", "Spire St Anthony's Hospital"),
        ("ST HUGH'S HOSPITAL", "St Hugh's Hospital"),
        ("THE GRANGE MEDICAL CENTRE HQ", "The Grange Medical Centre HQ"),
        ("SUSSEX MSK PARTNERSHIP 2", "Sussex MSK Partnership 2"),
        ("NORWICH & NORFOLK SURGICAL LTD (N2S)", "Norwich & Norfolk Surgical Ltd (N2S)"),
        ("DORKING HEALTHCARE LIMITED (DHC)", "Dorking Healthcare Limited (DHC)"),
        ("FIRST COMMUNITY HEALTH AND CARE CIC", "First Community Health and Care CIC"),
        ("OVIVA UK LTD", "Oviva UK Ltd"),
        ("INHEALTH LIMITED", "InHealth Limited"),
        ("ISIGHT", "iSight"),
        ("DMC DERMATOLOGY", "DMC Dermatology"),
        ("HCRG CARE EAST RIDING LLP", "HCRG Care East Riding LLP"),
        ("HCRG CARE DERMATOLOGY THE IRONSTONE CENTRE", "HCRG Care Dermatology The Ironstone Centre"),
        ("THE ONE HEALTH GROUP PLC", "The One Health Group PLC"),
        ("ACES SOUTHAMPTON - EAST ST", "ACES Southampton - East St"),
        ("MIDLAND EYE (EYE-DOCS LTD)", "Midland Eye (Eye-Docs Ltd)"),
        ("NUFFIELD HEALTH, THE GROSVENOR HOSPITAL, CHESTER", "Nuffield Health, The Grosvenor Hospital, Chester"),
        ("NUFFIELD HOSPITAL OXFORD (THE MANOR)", "Nuffield Hospital Oxford (The Manor)"),
        ("NUFFIELD HEALTH, NEWCASTLE UPON TYNE HOSPITAL", "Nuffield Health, Newcastle upon Tyne Hospital"),
        ("PROVIDE WELLBEING @ TOLLGATE CLINIC", "Provide Wellbeing @ Tollgate Clinic"),
        ("THE HORDER CENTRE - ST JOHNS ROAD", "The Horder Centre - St Johns Road"),
        ("GUY'S AND ST THOMAS' NHS FOUNDATION TRUST", "Guy's and St Thomas' NHS Foundation Trust"),
        ("BIRMINGHAM WOMEN'S AND CHILDREN'S NHS FOUNDATION TRUST", "Birmingham Women's and Children's NHS Foundation Trust"),
        ("THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST", "The Queen Elizabeth Hospital, King's Lynn, NHS Foundation Trust"),
        ("GREAT ORMOND STREET HOSPITAL FOR CHILDREN NHS FOUNDATION TRUST", "Great Ormond Street Hospital for Children NHS Foundation Trust"),
        ("LANCASHIRE & SOUTH CUMBRIA NHS FOUNDATION TRUST", "Lancashire & South Cumbria NHS Foundation Trust"),
        ("UNIVERSITY HOSPITALS OF DERBY AND BURTON NHS FOUNDATION TRUST", "University Hospitals of Derby and Burton NHS Foundation Trust"),
        ("NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD", "NHS Lancashire and South Cumbria Integrated Care Board"),
        ("NHS CORNWALL AND THE ISLES OF SCILLY INTEGRATED CARE BOARD", "NHS Cornwall and the Isles of Scilly Integrated Care Board"),
        ("NHS STAFFORDSHIRE AND STOKE-ON-TRENT INTEGRATED CARE BOARD", "NHS Staffordshire and Stoke-on-Trent Integrated Care Board"),
        ("ST JAMES'S UNIVERSITY HOSPITAL", "St James's University Hospital"),
        ("THE MCINDOE CENTRE", "The McIndoe Centre"),
        ("CHEC BLACKBURN", "CHEC Blackburn"),
        ("PPG HENRY VIII WING", "PPG Henry VIII Wing"),
        ("O'NEILL  CLINIC", "O'Neill Clinic"),
    ],
)  # fmt: skip
def test_capitals_become_a_name_people_read(published, shown):
    assert display_name(published) == shown


@pytest.mark.parametrize("name", ["St Elsewhere's", "iSight", "NHS West  Yorkshire", "d", ""])
def test_a_name_with_small_letters_is_left_alone(name):
    assert display_name(name) == name


@given(st.text())
def test_any_text_has_a_readable_name_that_stays(text):
    assert display_name(display_name(text)) == display_name(text)


def test_no_listed_provider_is_left_in_capitals():
    rows = load(
        "provider_sectors.csv", ("provider", "name", "sector", "operator", "source", "reason")
    )
    assert len(rows) == len(provider_sectors())
    for row in rows:
        shown = display_name(row["name"])
        assert shown.upper().replace(" ", "") == row["name"].replace(" ", "")
        assert shown != row["name"]
