"""The findings of a week by plain loops over rows, one question after another: slow and obvious."""

from collections import defaultdict


def key(row):
    return (row["issuer"], row["identifier"]) if row["identifier"] and row["issuer"] else None


def who(row):
    return (row["person"], row["function"]) if row["person"] and row["function"] else None


def findings(now, before, began, ended, sent=()):
    """(case, key, who, providers) of each finding. ``sent``: (provider, key, receiver)."""
    known = {row["provider"] for rows in (now, began, ended) for row in rows}
    yield from _doubles(now)
    for row in _once(before):
        if row["provider"] in known and key(row):
            yield from _of_row(row, now, before, began, ended, sent, known)


def _doubles(now):
    by_key, by_who = defaultdict(list), defaultdict(set)
    for row in _once(now):
        by_key[key(row)].append(row)
    by_key.pop(None, None)
    shared = {each for each, held in by_key.items() if len(held) > 1}
    for each in shared:
        at = tuple(sorted(row["provider"] for row in by_key[each]))
        yield "same_pathway", each, None, at
        if len({row["start"] for row in by_key[each]} - {None}) > 1:
            yield "on_both", each, None, at
    for row in _once(now):
        if who(row) and key(row) not in shared:
            by_who[who(row)].add(row["provider"])
    for each, at in by_who.items():
        if len(at) > 1:
            yield "same_specialty", None, each, tuple(sorted(at))


def _of_row(row, now, before, began, ended, sent, known):
    sender, mine = row["provider"], key(row)
    if any(each["provider"] == sender and key(each) == mine for each in [*now, *ended]):
        return
    told = {each[2] for each in sent if each[:2] == (sender, mine)} | {row["sent_to"]}
    told -= {None, sender}
    receivers = {each["provider"] for each in [*now, *began, *ended] if key(each) == mine} - {
        sender
    }
    for receiver in receivers:
        if any(each["provider"] == receiver and key(each) == mine for each in before):
            continue
        theirs = [e for e in [*now, *began, *ended] if (e["provider"], key(e)) == (receiver, mine)]
        starts = [each["start"] for each in theirs if each["start"]]
        if row["start"] and starts and min(starts) > row["start"]:
            yield "later_at_receiver", mine, None, (sender, receiver)
        if any(e["provider"] == receiver and key(e) == mine for e in now) and receiver not in told:
            yield "received", mine, None, (sender, receiver)
    if any(key(each) == mine for each in [*now, *ended]) or _is_renamed(row, now, before, ended):
        return
    if told:
        to = min(told)
        if to in known:
            yield "sent", mine, None, (sender, to)
    else:
        yield "asked" if row["asked"] else "gone", mine, None, (sender,)


def _is_renamed(row, now, before, ended):
    old = {key(each) for each in before} - {None}
    return who(row) is not None and any(
        who(each) == who(row) and each["provider"] != row["provider"] and key(each) not in old
        for each in [*_once(now), *_once(ended)]
    )


def _once(rows):
    """A provider that lists a pathway twice has it once, from its first start."""
    held = {}
    for row in rows:
        name = (row["provider"], key(row)) if key(row) else object()
        if name in held:
            starts = [each for each in (held[name]["start"], row["start"]) if each]
            filled = {n: held[name][n] or row[n] for n in row}
            held[name] = filled | {"start": min(starts, default=None)}
        else:
            held[name] = dict(row)
    return list(held.values())
