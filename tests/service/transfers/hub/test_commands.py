"""Matching from the command line."""

import json

from tests.service.stores import clockstop


def test_a_run_of_an_icb_says_what_it_proposed(store):
    done = clockstop("mutual-aid", "match", "--icb", "qaa", "--json", env=store)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [{"icb": "QAA", "requests": 0, "proposed": 0}]
    plain = clockstop("mutual-aid", "match", env=store)
    assert (plain.returncode, plain.stdout) == (0, "")
