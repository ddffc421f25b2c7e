from django.db import migrations, models

from clockstop.service.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("icb_code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("length", models.BigIntegerField(default=0)),
                ("seal", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("number", models.BigIntegerField()),
                ("at", models.CharField(max_length=32)),
                ("actor", models.CharField(max_length=64)),
                ("role", models.CharField(max_length=40)),
                ("organisation_code", models.CharField(blank=True, max_length=12)),
                ("action", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(blank=True, max_length=40)),
                ("subject", models.CharField(blank=True, max_length=64)),
                ("detail", models.TextField(default="{}")),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("seal", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("icb_code", "number"),
                "indexes": [
                    models.Index(fields=["subject_kind", "subject"], name="audit_entry_subject")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("icb_code", "number"), name="audit_entry_number"
                    )
                ],
            },
        ),
        AppendOnly("Entry"),
    ]
