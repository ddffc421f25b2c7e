"""Names for organisations that do not exist: rivers and trees, always marked as fictional."""

from collections.abc import Iterator
from itertools import product

import numpy as np

SUFFIX = "(fictional)"

_TREES_AND_BIRDS = (
    *("Alder", "Aspen", "Birch", "Bramble", "Clover", "Curlew", "Dunlin", "Elder", "Fern", "Gorse"),
    *("Hazel", "Heather", "Heron", "Juniper", "Kestrel", "Larch", "Linden", "Maple", "Osprey"),
    *("Otter", "Plover", "Rowan", "Rush", "Sedge", "Sorrel", "Swallow", "Teasel", "Thistle"),
    *("Thrush", "Willow", "Wren", "Yarrow"),
)
_WATERS = (
    *("beck", "bourne", "brook", "combe", "dale", "fen", "ford", "garth", "holt", "hythe", "lea"),
    *("marsh", "mead", "mere", "moor", "ness", "rigg", "stead", "tarn", "thwaite", "weir", "wold"),
    "wyke",
)


def fictional_names(rng: np.random.Generator) -> Iterator[str]:
    """An order of several hundred different names such as ``Alderbrook``."""
    names = [tree + water for tree, water in product(_TREES_AND_BIRDS, _WATERS)]
    return iter(rng.permutation(names).tolist())


def mark(name: str) -> str:
    """The name with the mark that tells a fictional organisation from a real one."""
    return f"{name} {SUFFIX}"
