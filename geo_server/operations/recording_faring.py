"""Whether a camera that is to be recorded is, by what its recorder told last; pure."""

from datetime import datetime, timedelta

from layers.recordings.queries import Fares

UNTOLD = timedelta(seconds=60)  # a recorder tells every few seconds
RECORDED = ("recording", "ring")  # to files; into memory, of which events keep what is around them


def recording(of: Fares, now: datetime) -> tuple[str, str | None]:
    """Return the state of a recording, and what hinders it; a recorder that is silent says neither good nor bad."""
    if of.state is None or of.at is None or now - of.at > UNTOLD:
        return "unknown", "unheard"
    return of.state, None if of.state in RECORDED else of.reason or "unheard"
