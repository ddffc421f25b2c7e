from typing import Any

from django.db import migrations, models
from django.db.models import F


def as_last_changed(apps: Any, _: Any) -> None:
    """Of those sent already the day of the last change is the nearest that is known."""
    sent = apps.get_model("messaging", "Message").objects.filter(state__in=("sent", "delivered"))
    sent.update(sent_at=F("changed_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0002_app_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sent_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(as_last_changed, migrations.RunPython.noop),
    ]
