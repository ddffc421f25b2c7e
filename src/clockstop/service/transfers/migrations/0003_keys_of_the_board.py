import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0005_whose_pathway"),
        ("transfers", "0002_match_comment"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="aidrequest",
            name="aid_icb_board",
        ),
        migrations.RemoveIndex(
            model_name="aidrequest",
            name="aid_icb_due",
        ),
        migrations.RemoveIndex(
            model_name="patientrequest",
            name="asked_provider",
        ),
        migrations.RemoveIndex(
            model_name="patientrequest",
            name="asked_icb",
        ),
        migrations.AddField(
            model_name="aidrequest",
            name="urgency",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(priority="", then=models.Value("4")),
                    default=django.db.models.functions.text.Substr("priority", 2, 1),
                ),
                output_field=models.CharField(max_length=1),
            ),
        ),
        migrations.AddIndex(
            model_name="aidrequest",
            index=models.Index(
                condition=models.Q(("is_cancer", False)),
                fields=[
                    "icb_code",
                    "state",
                    "due",
                    "urgency",
                    "waiting_since",
                    "id",
                    "treatment_function",
                    "distance",
                    "is_cancer",
                    "national",
                ],
                name="aid_hub_board",
            ),
        ),
        migrations.AddIndex(
            model_name="aidrequest",
            index=models.Index(
                condition=models.Q(("is_cancer", False), ("national", True)),
                fields=[
                    "state",
                    "urgency",
                    "waiting_since",
                    "id",
                    "due",
                    "treatment_function",
                    "distance",
                    "is_cancer",
                    "national",
                ],
                name="aid_national_pool",
            ),
        ),
        migrations.AddIndex(
            model_name="aidrequest",
            index=models.Index(
                condition=models.Q(("is_cancer", True)),
                fields=["icb_code", "state", "waiting_since"],
                name="aid_icb_cancer",
            ),
        ),
        migrations.AddIndex(
            model_name="patientrequest",
            index=models.Index(
                fields=["organisation_code", "state", "due", "clock_start", "id"],
                name="asked_of_provider",
            ),
        ),
        migrations.AddIndex(
            model_name="patientrequest",
            index=models.Index(
                fields=["icb_code", "state", "due", "clock_start", "id", "escalated_at"],
                name="asked_of_icb",
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["run", "binding", "id"], name="match_of_run"),
        ),
    ]
