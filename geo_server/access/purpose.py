"""Why somebody looks at what is protected: an incident, or a reason in words."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from geo_server.errors import Refusal

HEADER = "x-qyran-purpose"
SHORTEST, LONGEST = 5, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """A stated purpose; exactly one of the two is there."""

    incident_id: int | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as the audit keeps it."""
        return {"incident": self.incident_id} if self.reason is None else {"reason": self.reason}


def purpose_of(header: str | None) -> Purpose | None:
    """Read `incident:123` or `reason:` and URL-encoded words, None where none is said; raises Refusal `bad_purpose`."""
    if header is None:
        return None
    kind, _, said = header.strip().partition(":")
    if kind == "incident" and said.isascii() and said.isdecimal() and 0 < int(said) < 2**63:
        return Purpose(incident_id=int(said))
    reason = " ".join(unquote(said).split())
    if kind == "reason" and SHORTEST <= len(reason) <= LONGEST and reason.isprintable():
        return Purpose(reason=reason)
    raise Refusal("bad_purpose", shortest=SHORTEST, longest=LONGEST)
