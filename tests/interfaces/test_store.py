"""``clockstop database`` and ``clockstop audit``, on a store of the test's own and on the test's."""

import json
import shutil
import sqlite3
from datetime import date

import pytest
from django.db import connection
from tests.service.audit.tampering import unlock, written
from tests.service.people import a_pathway, an_event
from tests.service.referrals.test_mending import deferred_as_before
from tests.service.stores import clockstop as in_its_own_process
from tests.service.stores import environment

from clockstop.interfaces.cli import audit
from clockstop.service.audit.models import Entry
from clockstop.service.audit.verifying import ends
from clockstop.service.pathways.models import PathwayEvent


@pytest.fixture
def run(tmp_path):
    """Run the command on the file in a home that is not there yet."""
    env = environment("", tmp_path / "new home")
    return lambda *arguments: in_its_own_process(*arguments, env=env)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "new home" / "service.sqlite3"


@pytest.fixture
def migrated(file, empty_store):
    """The file of a store that has every table."""
    file.parent.mkdir()
    shutil.copy(empty_store, file)
    return file


class TestDatabase:
    def test_a_store_that_is_made_and_then_left_alone(self, run, file):
        first, second = run("database", "migrate"), run("database", "migrate")
        assert first.returncode == second.returncode == 0
        assert "applied audit 0001_initial\n" in first.stdout
        assert second.stdout == f"the store at {file} is ready\n"
        with sqlite3.connect(file) as store:
            assert store.execute("SELECT count(*) FROM audit_entry").fetchone() == (0,)

    def test_one_that_is_not_there(self, run, file):
        assert run("database", "status").stdout == (
            f"store: {file}\nit is not there; run: clockstop database migrate\n"
        )
        assert run("database", "status", "--json").returncode == 1
        assert not file.exists()

    def test_what_it_is_like(self, run, migrated):
        status = run("database", "status", "--json")
        assert status.returncode == 0
        assert json.loads(status.stdout) == {
            "store": str(migrated),
            "exists": True,
            "unapplied": [],
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": "on",
        }

    @pytest.mark.django_db
    def test_a_store_that_lacks_nothing(self, clockstop):
        assert "every migration is applied" in clockstop("database", "status").stdout

    def test_a_store_that_lacks_something(self, run, migrated):
        with sqlite3.connect(migrated) as store:
            store.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        status = run("database", "status")
        assert status.returncode == 1
        assert "lacks: sessions 0001_initial\nrun: clockstop database migrate\n" in status.stdout

    @pytest.mark.django_db
    def test_clocks_that_an_earlier_version_began_too_late(self, clockstop):
        deferred_as_before(date(2026, 1, 5))
        assert clockstop("database", "mend-starts").stdout == "mended: 1\n"
        assert json.loads(clockstop("database", "mend-starts", "--json").stdout) == {"mended": 0}

    def test_a_postgresql_that_is_not_there(self, tmp_path):
        env = environment("postgresql://who:secret@127.0.0.1:9/none", tmp_path)
        for command in (("database", "migrate"), ("database", "status"), ("audit", "verify")):
            done = in_its_own_process(*command, env=env)
            assert done.returncode == 1
            assert done.stderr.startswith(
                "Error: the store at postgresql://127.0.0.1:9/none cannot"
            )
            assert done.stderr.count("\n") == 1
            assert "secret" not in done.stderr


@pytest.mark.parametrize("command", [("audit", "verify"), ("audit", "ends")])
class TestNotReady:
    def test_no_store(self, run, file, command):
        done = run(*command)
        said = f"Error: there is no store at {file}; run: clockstop database migrate\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", said)
        assert not file.parent.exists()

    def test_a_file_that_is_no_store(self, run, file, command):
        file.parent.mkdir()
        file.write_text("Not a database at all, but long enough to be looked at.\n" * 40)
        done = run(*command)
        assert done.returncode == 1
        said = f"Error: the store at {file} cannot be used: file is not a database\n"
        assert done.stderr == said

    def test_a_store_that_was_not_migrated(self, run, file, command):
        file.parent.mkdir()
        file.touch()
        done = run(*command)
        assert done.returncode == 1
        assert done.stderr.endswith("migrations; run: clockstop database migrate\n")


@pytest.mark.django_db
class TestAudit:
    @pytest.fixture
    def kept(self, tmp_path, clockstop):
        """The ends of two chains, kept in a file."""
        written(("QAA", "QBB"))
        unlock()
        file = tmp_path / "ends.json"
        file.write_text(clockstop("audit", "ends").stdout)
        return file

    def test_all_as_written(self, clockstop):
        an_event(a_pathway(), "referral_received", date(2025, 1, 6))
        result = clockstop("audit", "verify")
        assert result.exit_code == 0
        said = "1 entry in 1 chain, the events of 1 pathway: all as written\n"
        assert result.stdout == said

    def test_an_altered_entry_is_named(self, kept, clockstop):
        Entry.objects.filter(icb_code="QBB", number=3).update(actor="somebody")
        result = clockstop("audit", "verify")
        assert result.exit_code == 1
        assert result.stdout == (
            "chain QBB, entry 3: was altered: its seal does not fit\n"
            "10 entries in 2 chains, the events of 0 pathways: 1 fault\n"
        )

    def test_an_altered_event_is_named(self, clockstop):
        event = an_event(a_pathway(), "referral_received", date(2025, 1, 6))
        unlock("pathways_pathwayevent")
        PathwayEvent.objects.update(day=date(2025, 1, 7))
        result = clockstop("audit", "verify", "--json")
        assert result.exit_code == 1
        assert json.loads(result.stdout)["faults"] == [
            {
                "icb_code": event.icb_code,
                "pathway": str(event.pathway_id),
                "number": 1,
                "problem": "was altered since it was entered",
            }
        ]

    def test_many_faults_are_counted_and_the_first_are_shown(self, kept, clockstop, monkeypatch):
        monkeypatch.setattr(audit, "SHOWN", 3)
        Entry.objects.update(actor="somebody")
        lines = clockstop("audit", "verify").stdout.splitlines()
        assert lines[3] == "and 7 more; --json prints them all"
        assert lines[4].endswith(": 10 faults")
        assert len(json.loads(clockstop("audit", "verify", "--json").stdout)["faults"]) == 10

    def test_ends_that_were_kept_find_a_chain_that_is_gone(self, kept, clockstop):
        assert clockstop("audit", "verify", "--noted", kept).exit_code == 0
        Entry.objects.filter(icb_code="QBB").delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_chain WHERE icb_code = 'QBB'")
        assert clockstop("audit", "verify").exit_code == 0
        result = clockstop("audit", "verify", "--noted", kept)
        assert result.exit_code == 1
        assert "chain QBB, entry 0: ends before entry 5, which was noted elsewhere\n" in (
            result.stdout
        )

    def test_what_verify_prints_can_be_kept_too(self, kept, clockstop):
        read = json.loads(clockstop("audit", "verify", "--json").stdout)
        assert read["ends"] == json.loads(kept.read_text())["ends"]
        assert set(read["ends"]) == set(ends())

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("ends", "is no JSON"),
            ("[]", "as clockstop audit ends prints it"),
            ('{"ends": 5}', "as clockstop audit ends prints it"),
            ('{"ends": {"QAA": 5}}', "for QAA"),
            ('{"ends": {"QAA": {"length": "5", "seal": ""}}}', "for QAA"),
            ('{"ends": {"QAA": {"length": true, "seal": ""}}}', "for QAA"),
            (
                '{"ends": {"QAA": {"length": -1, "seal": ""}, "QBB": {"length": 1, "seal": "x"}}}',
                "for QAA, QBB",
            ),
        ],
    )
    def test_a_file_of_something_else(self, clockstop, tmp_path, text, said):
        file = tmp_path / "ends.json"
        file.write_text(text)
        result = clockstop("audit", "verify", "--noted", file)
        assert (result.exit_code, result.stdout) == (2, "")
        assert str(file) in result.stderr
        assert result.stderr.endswith(f"{said}\n") or said in result.stderr

    def test_a_file_that_is_not_there(self, clockstop, tmp_path):
        assert clockstop("audit", "verify", "--noted", tmp_path / "none.json").exit_code == 2
