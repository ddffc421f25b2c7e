import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pathways", "0002_patients_areas_and_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListEntry",
            fields=[
                (
                    "pathway",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="list_entry",
                        serialize=False,
                        to="pathways.pathway",
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("organisation_code", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for treatment"),
                            ("test", "Waiting for an overdue planned test"),
                            ("monitoring", "Active monitoring"),
                            ("planned", "Planned treatment, not yet due"),
                            ("follow_up", "Follow-up after treatment"),
                            ("closed", "Nothing is awaited"),
                        ],
                        max_length=12,
                    ),
                ),
                ("clock_start", models.DateField(null=True)),
                ("decided_to_admit", models.DateField(null=True)),
                ("start_unknown", models.BooleanField(default=False)),
                ("in_returns", models.BooleanField(default=True)),
                ("monitoring_since", models.DateField(null=True)),
                ("monitoring_reviewed", models.DateField(null=True)),
                ("planned_due", models.DateField(null=True)),
                ("last_seen", models.DateField(null=True)),
                ("outcome_missing_since", models.DateField(null=True)),
                ("findings", models.CharField(blank=True, max_length=200)),
                ("changes_on", models.DateField(null=True)),
                ("treatment_function", models.CharField(max_length=6)),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("1", "Routine"),
                            ("2", "Urgent"),
                            ("3", "Urgent suspected cancer"),
                        ],
                        max_length=1,
                    ),
                ),
                ("procedure_priority", models.CharField(blank=True, max_length=3)),
                ("diagnostic_priority", models.CharField(blank=True, max_length=3)),
                ("priority_reviewed", models.DateField(null=True)),
                ("on_cancer_list", models.BooleanField(default=False)),
                ("next_appointment", models.DateField(null=True)),
                ("tci_date", models.DateField(null=True)),
                ("follow_up_due", models.DateField(null=True)),
                ("validated_on", models.DateField(null=True)),
                ("site", models.CharField(blank=True, max_length=12)),
                ("consultant", models.CharField(blank=True, max_length=12)),
                ("referral_source", models.CharField(blank=True, max_length=20)),
                ("referral_verdict", models.CharField(blank=True, max_length=20)),
                ("birth_date", models.DateField()),
                ("sex", models.CharField(max_length=1)),
                ("ethnic_category", models.CharField(blank=True, max_length=2)),
                ("deprivation_decile", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation_code", "state", "clock_start", "pathway"],
                        name="list_by_wait",
                    ),
                    models.Index(fields=["icb_code", "state", "clock_start"], name="list_of_icb"),
                    models.Index(fields=["changes_on"], name="list_changes"),
                ],
            },
        ),
    ]
