"""The commands of mutual aid: what time does, and files from the command line."""

from tests.service.stores import clockstop

from clockstop.service.transfers import bulk

CAPACITY = ",".join(bulk.columns(bulk.CAPACITY))


def test_an_unknown_provider_is_refused_and_time_does_nothing_where_there_is_nothing(
    store, tmp_path
):
    file = tmp_path / "capacity.csv"
    file.write_text(f"{CAPACITY}\ntreatment,C_999{',' * (CAPACITY.count(',') - 1)}\n")
    refused = clockstop(
        *("mutual-aid", "import", "capacity", str(file), "--provider", "RAA"), env=store
    )
    assert refused.returncode == 2
    assert "found no organisation" in refused.stderr
    done = clockstop("mutual-aid", "tick", "--json", env=store)
    assert done.returncode == 0, done.stderr
    assert '"holds ran out": 0' in done.stdout
