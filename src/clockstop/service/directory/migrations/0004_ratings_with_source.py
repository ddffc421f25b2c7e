"""When a rating was published, and where; until a service is described anew nobody has said so."""

from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from clockstop.service.audit.stamps import Stamped

_MARKS, _SUBJECT = "directory_servicestamp", "subject"
_OF_CLINICIAN = (
    "(SELECT treatment_function || diagnostic_test FROM directory_healthcareservice "
    "WHERE id = {row}.service_id)"
)
_TABLES = (
    (
        "directory_healthcareservice",
        _MARKS,
        _SUBJECT,
        "{row}.treatment_function || {row}.diagnostic_test",
    ),
    ("directory_namedclinician", _MARKS, _SUBJECT, _OF_CLINICIAN),
)


class _Unstamped(Stamped):
    """Takes the triggers off: SQLite makes the table anew, which takes its own with it.

    Those of another table that ask this one would not let it.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_stamps"),
    ]

    operations = [
        *(_Unstamped(*each) for each in _TABLES),
        migrations.AddField(
            model_name="healthcareservice",
            name="rated_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="healthcareservice",
            name="rating_source",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        *(Stamped(*each) for each in _TABLES),
    ]
