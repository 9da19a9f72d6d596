"""The shapes of clocks and of the figures drawn from them."""

from typing import Annotated

from pydantic import Field

from geo_server.api.models.base import Area, Moment, Seconds, Sent, Title
from geo_server.operations.clocks import State
from geo_server.operations.content import Clock as Name
from layers.values import Service


class Clock(Sent):
    """A clock of an incident: of one service, or of the whole; it warns and breaches so long after `began_at`."""

    name: Name
    service: Service | None
    title: Title
    began_at: Moment
    target_s: Seconds
    warn_s: Seconds
    ended_at: Moment | None
    state: State = Field(description="As of this answer: a running one goes on to `warned` and `breached` by itself.")


class ClockFigure(Sent):
    """How one clock was kept: how many ended or ran over, half and nine in ten of those that ended took up to so long.

    One of `area`, `service` and `category` says what the row is about; `target_s` is the target most of them had.
    """

    area: Area | None
    service: Service | None
    category: str | None
    clock: Name
    count: int
    p50_s: Seconds | None
    p90_s: Seconds | None
    target_s: Seconds
    share_met: Annotated[float, Field(ge=0, le=1)]


class ClockFigures(Sent):
    """Figures of the incidents that were opened in a span of time; an area's row holds all that lies below it."""

    rows: list[ClockFigure]
