"""What both databases must do alike: keep what was answered, and know every model."""

import json

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from tests.service.people import a_pathway
from tests.service.stores import clockstop, django

from clockstop.interfaces.config.settings.database import database
from clockstop.service.pathways.models import Pathway

pytestmark = pytest.mark.django_db


def test_no_model_was_changed_without_a_migration(capsys):
    call_command("makemigrations", "--check", "--dry-run", "--no-input")
    assert capsys.readouterr().out == "No changes detected\n"


def test_a_write_that_was_answered_is_on_the_disk(store):
    status = json.loads(clockstop("database", "status", "--json", env=store).stdout)
    kept = {name: status.get(name) for name in DURABLE[connection.vendor]}
    assert kept == DURABLE[connection.vendor]


DURABLE = {
    "sqlite": {"journal_mode": "wal", "synchronous": "full", "foreign_keys": "on"},
    "postgresql": {"fsync": "on", "synchronous_commit": "on"},
}


def test_migrations_can_be_undone_and_done_again(store):
    """Triggers too: an append-only table is made anew, and refuses as before."""
    done = django("migrate", "audit", "zero", env=store)
    assert done.returncode == 0, done.stderr
    again = clockstop("database", "migrate", env=store)
    assert "applied audit 0001_initial" in again.stdout


def test_a_key_to_nothing_is_refused():
    pathway = a_pathway()
    Pathway.objects.filter(pk=pathway.pk).update(patient=pathway.pk)
    with pytest.raises(DatabaseError):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_a_home_whose_name_is_no_plain_address(tmp_path):
    home = tmp_path / "100% of #1? home"
    assert database("", home)["NAME"] == str(home / "service.sqlite3")
