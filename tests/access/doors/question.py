"""One question at one door: the request, what the reference says, the same asked of the tables, the answer.

`Question.model` is computed from what somebody sees by the reference; `sql` asks the tables themselves, with the
question's own conditions and none about who asks; `read` takes the same value out of what HTTP answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Between:
    """A set that is only known by what it must hold and what it may."""

    must: frozenset[Any]
    may: frozenset[Any]

    def __eq__(self, other: object) -> bool:
        """Say whether a set lies between."""
        return isinstance(other, (set, frozenset)) and self.must <= other <= self.may

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question at one door; `named` are the ids that the request itself names."""

    door: str
    path: str
    model: tuple[int, Any]
    method: str = "GET"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    sql: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    told: Callable[[Rows], Any] = lambda rows: tuple(row["id"] for row in rows)
    read: Callable[[httpx.Response], Any] = lambda _: None
    named: frozenset[int] = frozenset()
    unmasked: bool = False

    @property
    def key(self) -> str:
        """Return the door with how the reference answers: all refusals of one key are alike."""
        return f"{self.method} {self.door} {self.model[0]}"
