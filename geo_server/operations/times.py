"""Whether a moment falls into a time that plans react to: hours, days and months by the wall clock of Kazakhstan."""

from datetime import datetime

from geo_server.operations.content import Moment
from layers.values import KAZAKHSTAN


def holds(moment: Moment, at: datetime) -> bool:
    """Say whether a time (with a zone) falls into it: into one of its spans of hours, on its days, in its months."""
    wall = at.astimezone(KAZAKHSTAN)
    hour = f"{wall:%H:%M}"
    in_hours = not moment.hours or any(_within(hour, begins, ends) for begins, ends in moment.hours)
    on_day = not moment.days or wall.isoweekday() in moment.days
    return in_hours and on_day and (not moment.months or wall.month in moment.months)


def _within(hour: str, begins: str, ends: str) -> bool:
    """A span that ends before it begins runs over midnight."""
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends
