"""After this, a step that makes one of the three tables anew on SQLite ends with its ``Stamped``.

There Django makes a table anew to change a column, and its triggers go with the old one.
"""

from typing import Any
from uuid import uuid4

from django.db import migrations, models

from clockstop.service.audit.stamps import Stamped

_SERVICES, _MARKS, _SUBJECT = "directory_healthcareservice", "directory_servicestamp", "subject"
_OF_SERVICE = "{row}.treatment_function || {row}.diagnostic_test"
_OF_CLINICIAN = (
    "(SELECT treatment_function || diagnostic_test FROM directory_healthcareservice "
    "WHERE id = {row}.service_id)"
)
_OF_ALL = "''"  # a provider's name stands at its services of every function


def _mark(apps: Any, _schema_editor: Any) -> None:
    """Marks for the services that are there."""
    services = apps.get_model("directory", "HealthcareService").objects.order_by()
    held = services.values_list("treatment_function", "diagnostic_test").distinct()
    apps.get_model("directory", "ServiceStamp").objects.bulk_create(
        [
            apps.get_model("directory", "ServiceStamp")(subject=function + test, mark=uuid4().hex)
            for function, test in held
        ]
    )


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_held_until"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceStamp",
            fields=[
                (
                    "subject",
                    models.CharField(max_length=46, primary_key=True, serialize=False),
                ),
                ("mark", models.CharField(max_length=32)),
            ],
        ),
        migrations.RunPython(_mark, migrations.RunPython.noop),
        Stamped(_SERVICES, _MARKS, _SUBJECT, _OF_SERVICE),
        Stamped("directory_namedclinician", _MARKS, _SUBJECT, _OF_CLINICIAN),
        Stamped("registry_organisation", _MARKS, _SUBJECT, _OF_ALL),
    ]
