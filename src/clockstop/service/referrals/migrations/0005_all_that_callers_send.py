import django.db.models.deletion
from django.db import migrations, models

from clockstop.service.audit.append_only import AppendOnly, Changeable

_RECOMMENDATIONS = [
    ("ADVICE_ONLY_NO_REFERRAL_RECOMMENDED", "No referral recommended"),
    ("ADVICE_FOLLOWED_BY_REFERRAL_IF_REQUIRED", "Refer after this if required"),
    ("REFERRAL_RECOMMENDED", "Referral recommended"),
    ("OTHER", "Other"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0001_initial"),
        ("referrals", "0004_priorities_changed"),
    ]

    operations = [
        Changeable("Step"),
        Changeable("AdviceMessage"),
        migrations.AddField("referral", "limits", models.TextField(blank=True)),
        migrations.AddField(
            "referral", "supplied_moment", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "referral", "reminder_days", models.PositiveIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            "step",
            "wanted_slot",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="directory.slot",
            ),
        ),
        migrations.AddField(
            "appointment", "ended_in_pas", models.BooleanField(blank=True, null=True)
        ),
        migrations.AddField("document", "meant_for", models.CharField(blank=True, max_length=20)),
        migrations.AlterField("document", "description", models.TextField(blank=True)),
        migrations.AddField(
            "advicemessage",
            "recommendation",
            models.CharField(blank=True, choices=_RECOMMENDATIONS, max_length=60),
        ),
        AppendOnly("Step"),
        AppendOnly("AdviceMessage"),
    ]
