import uuid

import django.db.models.deletion
from django.db import migrations, models

from clockstop.service.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0002_patients_areas_and_imports"),
        ("tracking", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handlings",
                        to="pathways.pathway",
                    ),
                ),
                ("organisation_code", models.CharField(max_length=12)),
                ("owner", models.CharField(blank=True, max_length=64)),
                ("due", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ListStamp",
            fields=[
                (
                    "organisation_code",
                    models.CharField(max_length=12, primary_key=True, serialize=False),
                ),
                ("mark", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="pathways.pathway",
                    ),
                ),
                ("organisation_code", models.CharField(max_length=12)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                ("written_by", models.CharField(max_length=64)),
                ("submission", models.UUIDField()),
            ],
            options={
                "ordering": ("-written_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person", models.CharField(max_length=64)),
                ("organisation_code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.RemoveIndex(
            model_name="listentry",
            name="list_of_icb",
        ),
        migrations.RemoveIndex(
            model_name="listentry",
            name="list_by_wait",
        ),
        migrations.AddField(
            model_name="listentry",
            name="clinical_rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(
                        models.Q(("priority", "3"), ("on_cancer_list", True), _connector="OR"),
                        then=models.Value(0),
                    ),
                    models.When(
                        models.Q(
                            ("procedure_priority__in", ["P1A", "P1B", "P1"]),
                            ("diagnostic_priority__in", ["D1A", "D1B", "D1"]),
                            _connector="OR",
                        ),
                        then=models.Value(1),
                    ),
                    models.When(
                        models.Q(
                            ("procedure_priority__in", ["P2"]),
                            ("diagnostic_priority__in", ["D2"]),
                            _connector="OR",
                        ),
                        then=models.Value(2),
                    ),
                    models.When(priority="2", then=models.Value(3)),
                    models.When(
                        models.Q(
                            ("procedure_priority__in", ["P3"]),
                            ("diagnostic_priority__in", ["D3"]),
                            _connector="OR",
                        ),
                        then=models.Value(4),
                    ),
                    models.When(
                        models.Q(
                            ("procedure_priority__in", ["P5", "P6"]),
                            ("diagnostic_priority__in", ["D5", "D6"]),
                            _connector="OR",
                        ),
                        then=models.Value(6),
                    ),
                    default=models.Value(5),
                ),
                output_field=models.PositiveSmallIntegerField(),
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=[
                    "organisation_code",
                    "state",
                    "clinical_rank",
                    "clock_start",
                    "pathway",
                    "treatment_function",
                    "next_appointment",
                    "tci_date",
                    "in_returns",
                    "decided_to_admit",
                    "priority",
                    "procedure_priority",
                    "diagnostic_priority",
                    "priority_reviewed",
                    "on_cancer_list",
                    "deprivation_decile",
                    "ethnic_category",
                    "sex",
                    "birth_date",
                    "validated_on",
                    "last_seen",
                    "start_unknown",
                    "outcome_missing_since",
                    "follow_up_due",
                    "monitoring_since",
                    "monitoring_reviewed",
                ],
                name="list_by_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=[
                    "icb_code",
                    "state",
                    "clinical_rank",
                    "clock_start",
                    "pathway",
                    "organisation_code",
                    "treatment_function",
                    "next_appointment",
                    "tci_date",
                    "in_returns",
                ],
                name="list_of_icb",
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=["organisation_code", "state", "clock_start", "pathway", "clinical_rank"],
                name="list_by_wait",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("organisation_code", "person", "name"), name="one_view_a_name"
            ),
        ),
        migrations.AddIndex(
            model_name="handling",
            index=models.Index(
                fields=["organisation_code", "owner", "pathway"], name="handling_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="handling",
            index=models.Index(fields=["organisation_code", "due"], name="handling_due"),
        ),
        migrations.AddConstraint(
            model_name="handling",
            constraint=models.UniqueConstraint(
                fields=("icb_code", "pathway", "organisation_code"), name="one_handling"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                fields=("icb_code", "pathway", "submission"), name="one_note_a_submission"
            ),
        ),
        AppendOnly("Note"),
    ]
