import uuid

import django.db.models.deletion
from django.db import migrations, models

from clockstop.service.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Patient",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("nhs_number", models.CharField(max_length=10)),
                ("given_name", models.CharField(max_length=100)),
                ("family_name", models.CharField(max_length=100)),
                ("birth_date", models.DateField()),
                (
                    "sex",
                    models.CharField(
                        choices=[("1", "Male"), ("2", "Female"), ("9", "Other")], max_length=1
                    ),
                ),
                ("address", models.TextField(blank=True)),
                ("postcode", models.CharField(blank=True, max_length=8)),
                ("practice_code", models.CharField(blank=True, max_length=12)),
                ("sensitive", models.BooleanField(default=False)),
                ("died_on", models.DateField(blank=True, null=True)),
                ("planning_opt_out", models.BooleanField(default=False)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="pathways.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pathway",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("identifier", models.CharField(max_length=20)),
                ("issuer", models.CharField(max_length=6)),
                ("organisation_code", models.CharField(max_length=12)),
                ("treatment_function", models.CharField(max_length=6)),
                ("condition", models.CharField(blank=True, max_length=100)),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("1", "Routine"),
                            ("2", "Urgent"),
                            ("3", "Urgent suspected cancer"),
                        ],
                        default="1",
                        max_length=1,
                    ),
                ),
                ("length", models.PositiveIntegerField(default=0)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pathways",
                        to="pathways.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("reason", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="pathways.merge",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.patient",
                    ),
                ),
                (
                    "superseded",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.patient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("not_brought", "Child or adult at risk was not brought"),
                            ("likely_duplicate", "Two records may be of one patient"),
                            ("no_longer_needed", "Patient says that care is no longer needed"),
                        ],
                        max_length=30,
                    ),
                ),
                ("safeguarding", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("opened_for", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, max_length=64)),
                ("outcome", models.CharField(blank=True, max_length=200)),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="pathways.pathway",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CareRelationship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("organisation_code", models.CharField(max_length=12)),
                (
                    "part",
                    models.CharField(
                        choices=[("provider", "Provider"), ("referrer", "Referrer")], max_length=20
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relationships",
                        to="pathways.pathway",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["organisation_code", "starts", "ends"], name="relationship_held"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("icb_code", "pathway", "organisation_code", "part", "starts"),
                        name="one_relationship",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends", None), ("ends__gte", models.F("starts")), _connector="OR"
                        ),
                        name="relationship_ends_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PathwayEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("number", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("values", models.TextField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("acting_for", models.CharField(blank=True, max_length=64)),
                ("recorded_at", models.DateTimeField()),
                ("recorded_by", models.CharField(max_length=64)),
                ("recorded_role", models.CharField(max_length=40)),
                ("organisation_code", models.CharField(max_length=12)),
                ("submission", models.UUIDField()),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="pathways.pathway",
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("icb_code", "pathway", "number"), name="one_event_a_number"
                    ),
                    models.UniqueConstraint(
                        fields=("icb_code", "pathway", "submission"), name="one_event_a_submission"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(fields=["nhs_number"], name="patient_nhs_number"),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.UniqueConstraint(
                fields=("icb_code", "nhs_number"), name="one_patient_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="pathway",
            index=models.Index(fields=["organisation_code"], name="pathway_organisation"),
        ),
        migrations.AddConstraint(
            model_name="pathway",
            constraint=models.UniqueConstraint(
                fields=("icb_code", "identifier", "issuer"), name="one_pathway_an_identifier"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=("icb_code", "pathway", "kind", "opened_for"), name="one_review"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", "")),
                    models.Q(("closed_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="review_closed_by_somebody",
            ),
        ),
        AppendOnly("PathwayEvent"),
        AppendOnly("Merge"),
    ]
