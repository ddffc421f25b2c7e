"""What no check can see when a file is ingested for the first time, and why.

Each entry was found by the thousand spoilt files. None of them passes in silence when the lake
holds an earlier revision of the file: then the changed rows are counted in a warning.
"""

from dataclasses import dataclass

from tests.analytics.published.mutations import Mutation

PLACES = {"directory", "trust_points", "hospital_points"}
SHORTENED = {"lines dropped", "truncated at a line", "truncated at a byte"}
ALTERED = {"cell nudged", "bytes flipped", "cells swapped", "column permuted", "cell made text"}
MOVED = {"columns swapped", "columns shuffled", "columns rotated"}


@dataclass(frozen=True)
class Undetectable:
    targets: set[str]
    kinds: set[str]
    reason: str


UNDETECTABLE = [
    Undetectable(
        {"rtt"},
        {"columns swapped", "columns shuffled"},
        "Week bands of like size changed places, in every row alike: all sums still hold and "
        "England's counts still run smoothly. If one of them lies within 18, 52, 65, 78 or 104 "
        "weeks and the other beyond, the published series tells. Neighbouring bands differ by a "
        "few pathways in a hundred, as much as one month does from the next.",
    ),
    Undetectable(
        {"overview"},
        ALTERED,
        "The figures that no other adds up to: medians and percentiles between the limits, and "
        "completed pathways within 18 and over 52 weeks.",
    ),
    Undetectable(
        PLACES | {"successors", "provider_sectors", "sector_centroids"},
        SHORTENED,
        "A shorter list is a valid list: nobody publishes how many hospitals or successions there "
        "are, and of sectors only a whole missing district is known. What is lost is a provider's "
        "distance, shown as not known, or who took it over; no count changes.",
    ),
    Undetectable(
        {"trusts", "provider_icbs"},
        SHORTENED,
        "Up to one in fifty of the codes that our own list knows may be absent, as editions differ "
        "by that much.",
    ),
    Undetectable(
        {"practices"},
        SHORTENED,
        "Practices open and close every month: only an ICB without any is known to be wrong.",
    ),
    Undetectable(
        PLACES,
        ALTERED | {"cell made huge"},
        "A letter of a name or code, another code, or a position that is wrong by less than 15 miles, or that "
        "belongs to another hospital where the file gives no postcode: the file has nothing that "
        "would contradict it.",
    ),
    Undetectable(
        PLACES,
        {"lines doubled"} | MOVED,
        "The official lists repeat hospitals; columns that are not kept are not read; latitudes "
        "dealt out anew among near neighbours are as good as the positions they replace.",
    ),
    Undetectable(
        {"sector_centroids", "district_centroids"},
        ALTERED,
        "A centroid moved by less than half a mile, a sector renamed within its district, or the "
        "number of postcodes, which nothing uses.",
    ),
    Undetectable(
        {"trusts", "practices", "provider_icbs", "provider_sectors"},
        ALTERED | MOVED | {"cell made huge", "cell made negative", "cell blanked"},
        "A letter of a name, code or address, or words in place of other words: any text is a name.",
    ),
    Undetectable(
        {"successors"},
        ALTERED | MOVED,
        "Another code or day of the right form, or old and new the wrong way round: no other list "
        "tells of successions. It changes who is named as a successor, and no count.",
    ),
]


def reason_of(case: Mutation) -> str | None:
    """Why this mutation may pass without a word, None if it must not."""
    return next(
        (
            each.reason
            for each in UNDETECTABLE
            if case.target in each.targets and case.kind in each.kinds
        ),
        None,
    )
