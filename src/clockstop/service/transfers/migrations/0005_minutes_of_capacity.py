from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transfers", "0004_messages_once")]
    operations = [
        migrations.AddField(
            model_name="capacity", name="minutes", field=models.PositiveIntegerField(default=0)
        ),
    ]
