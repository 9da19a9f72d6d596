"""What runs beside the answering lasts, whatever it meets, and tells when it last ran."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import structlog

from layers import faults

log = structlog.get_logger()

LATE, TOO_LATE = 3.0, 10.0  # passes missed: stale, down
LATE_S, TOO_LATE_S = 15.0, 60.0  # seconds at least: a store that was started anew is no trouble yet


@dataclass(slots=True)
class Beat:
    """How one part runs that looks at least every `every_s` seconds; it is kept for as long as the server lives."""

    name: str
    every_s: float
    _begun: float = field(default_factory=time.monotonic)
    _ran: float | None = None
    _fault: str = ""

    async def take(self, look: Callable[[], Awaitable[object]]) -> bool:
        """Take one pass; what it meets is logged and told, and the next one goes on. False where it met something."""
        try:
            await look()
        except Exception as error:  # noqa: BLE001 - a part that died of the unforeseen would never look again
            self._fault = faults.told(error)
            log.error("part_fault", part=self.name, error=self._fault)
            return False
        self._ran, self._fault = time.monotonic(), ""
        return True

    def state(self) -> tuple[Literal["ok", "stale", "down"], str]:
        """Say in one word and one sentence how it is."""
        age_s = time.monotonic() - (self._ran or self._begun)
        told = "has not run yet" if self._ran is None else f"last ran {age_s:.0f} s ago"
        if age_s >= max(TOO_LATE_S, TOO_LATE * self.every_s):
            return "down", _with(told, self._fault)
        late = age_s >= max(LATE_S, LATE * self.every_s)
        return "stale" if late else "ok", _with(told, self._fault)


def _with(told: str, fault: str) -> str:
    return f"{told} ({fault})" if fault else told
