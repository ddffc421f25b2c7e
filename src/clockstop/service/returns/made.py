"""What a return is before it is kept: its files, its findings and its totals."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clockstop.service.returns.policies import Check


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A version as it was made, or as it was sent; ``is_usable`` where it can count at all."""

    kind: str
    period: date
    source: str
    files: Mapping[str, bytes]
    checks: tuple[Check, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    is_usable: bool = True

    @property
    def has_errors(self) -> bool:
        return any(check.is_error for check in self.checks)

    @property
    def holds(self) -> str:
        """The hash of all its files, by name."""
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(name.encode() + hashlib.sha256(self.files[name]).digest())
        return digest.hexdigest()


class CannotMakeError(ValueError):
    """A return that cannot be made; ``words`` are for who asked for it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words
