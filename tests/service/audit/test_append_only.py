"""The database itself refuses to change or remove what was written once."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from tests.service.append_only import tables
from tests.service.audit.tampering import written
from tests.service.people import a_pathway, an_event

from clockstop.service.audit.models import Entry
from clockstop.service.audit.recording import SYSTEM, NotInTransactionError, record
from clockstop.service.pathways.models import PathwayEvent

WRITTEN_ONCE = (Entry, PathwayEvent)


def refused(write):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        write()


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def rows():
    written(("QAA",))
    an_event(a_pathway(), "referral_received", date(2025, 1, 6))


@pytest.mark.django_db
def test_the_tables_that_are_written_once():
    assert set(tables()) >= {"audit_entry", "pathways_pathwayevent", "pathways_merge"}


@pytest.mark.django_db
@pytest.mark.parametrize("model", WRITTEN_ONCE)
class TestRefused:
    def test_one_row_through_its_model(self, rows, model):
        row = model.objects.first()
        refused(row.save)
        refused(row.delete)

    def test_many_rows_at_once(self, rows, model):
        some = list(model.objects.all())
        refused(lambda: model.objects.update(number=7))
        refused(lambda: model.objects.all().delete())
        refused(lambda: model.objects.bulk_update(some, ["number"]))

    def test_plain_sql(self, rows, model):
        table = model._meta.db_table
        refused(lambda: run(f"UPDATE {table} SET number = number"))
        refused(lambda: run(f"DELETE FROM {table}"))

    def test_writing_over_a_row(self, rows, model):
        row = model.objects.first()
        refused(
            lambda: model.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["id"], update_fields=["number"]
            )
        )

    def test_emptying_the_table(self, rows, model):
        table = model._meta.db_table
        by = "DELETE FROM" if connection.vendor == "sqlite" else "TRUNCATE"
        connection.check_constraints()  # those that wait for the end would be in the way
        refused(lambda: run(f"{by} {table}"))

    def test_replacing_a_row(self, rows, model):
        """SQLite's REPLACE removes a row without a word, unless triggers are told to see it."""
        table = model._meta.db_table
        if connection.vendor == "sqlite":
            refused(lambda: run(f"REPLACE INTO {table} SELECT * FROM {table}"))
        else:
            again = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (id) DO UPDATE"
            refused(lambda: run(f"{again} SET number = 7"))


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(NotInTransactionError):
        record("did something", SYSTEM)
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_is_committed_is_refused_too_and_cleared_away_between_tests(time):
    assert not Entry.objects.exists()
    with transaction.atomic():
        written(("QAA",))
    refused(lambda: Entry.objects.update(number=7))
    assert Entry.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_the_write_that_it_tells_of():
    with transaction.atomic():
        written(("QAA",))
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
