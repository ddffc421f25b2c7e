from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pathwayevent",
            name="batch",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pathwayevent",
            name="source_number",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="patient",
            name="deprivation_decile",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="patient",
            name="ethnic_category",
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name="patient",
            name="lsoa",
            field=models.CharField(blank=True, max_length=9),
        ),
    ]
