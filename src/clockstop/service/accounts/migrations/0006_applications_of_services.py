from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_applications"),
    ]

    operations = [
        migrations.AddField("application", "services", models.TextField(blank=True)),
    ]
