from django.db import migrations, models

from clockstop.service.audit.append_only import AppendOnly, Changeable

_CHOICES = [
    ("routine", "Routine"),
    ("urgent", "Urgent"),
    ("two_week_wait", "Urgent suspected cancer"),
]


def _column(model: str, name: str) -> migrations.AddField:
    field = models.CharField(blank=True, choices=_CHOICES, max_length=20)
    return migrations.AddField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0003_shared_documents"),
    ]

    operations = [
        Changeable("Step"),
        Changeable("AdviceMessage"),
        _column("step", "priority"),
        _column("step", "priority_was"),
        _column("advicemessage", "priority"),
        _column("advicemessage", "priority_was"),
        AppendOnly("Step"),
        AppendOnly("AdviceMessage"),
    ]
