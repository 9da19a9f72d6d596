"""Tickets for the live feed: good once, for half a minute, for the one session that asked.

They are kept in the memory of this process and in no store: after a restart, and at another server, a window asks anew.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

LASTS_S = 30.0
KEPT = 10_000  # of all sessions together; beyond that the oldest goes


@dataclass(slots=True)
class Tickets:
    """What was handed out and not yet used; `clock` counts seconds and never goes back."""

    clock: Callable[[], float] = time.monotonic
    _kept: dict[str, tuple[float, bytes]] = field(default_factory=dict)

    def issue(self, token_sha256: bytes) -> str:
        """Return a new ticket for the session of that token."""
        self._clear_away()
        ticket = secrets.token_urlsafe(32)
        self._kept[ticket] = (self.clock() + LASTS_S, token_sha256)
        return ticket

    def redeem(self, ticket: str, token_sha256: bytes) -> bool:
        """Say whether the ticket is good for this session; whatever the answer, it is never good again."""
        until, bound_to = self._kept.pop(ticket, (0.0, b""))
        return self.clock() < until and secrets.compare_digest(bound_to, token_sha256)

    def _clear_away(self) -> None:
        while self._kept:  # the first was handed out first and ends first
            oldest = next(iter(self._kept))
            if len(self._kept) < KEPT and self._kept[oldest][0] > self.clock():
                return
            del self._kept[oldest]
