"""After this, a step that makes the table of the list anew on SQLite ends with this ``Stamped``.

There Django makes a table anew to change a column, and its triggers go with the old one.
"""

from django.db import migrations, models

from clockstop.service.audit.stamps import Stamped


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0003_findings_as_text"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="listentry",
            name="list_by_priority",
        ),
        migrations.AddField(
            model_name="listentry",
            name="has_findings",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(findings="", then=False), default=True),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=[
                    *("organisation_code", "state", "clinical_rank", "clock_start", "pathway"),
                    *("treatment_function", "next_appointment", "tci_date", "in_returns"),
                    *("decided_to_admit", "priority", "procedure_priority", "diagnostic_priority"),
                    *("priority_reviewed", "on_cancer_list", "deprivation_decile"),
                    *("ethnic_category", "sex", "birth_date", "validated_on", "last_seen"),
                    *("has_findings", "start_unknown", "outcome_missing_since"),
                    *("follow_up_due", "monitoring_since", "monitoring_reviewed"),
                ],
                name="list_by_priority",
            ),
        ),
        Stamped("tracking_listentry", "tracking_liststamp", "organisation_code"),
    ]
