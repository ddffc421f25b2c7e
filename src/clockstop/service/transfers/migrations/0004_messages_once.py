from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0003_keys_of_the_board")]
    operations = [
        migrations.CreateModel(
            name="TakenMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("icb_code", models.CharField(max_length=6)),
                ("organisation_code", models.CharField(max_length=12)),
                ("key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("icb_code", "organisation_code", "key"),
                        name="one_taken_message_a_key",
                    )
                ],
            },
        ),
    ]
