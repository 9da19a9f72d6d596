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
    """How one clock of a service was kept: half and nine in ten of `count` took up to so long.

    `answer` is of every call that an exchange brought, the others of incidents. `area` or `category` says what the row
    is about, where it was asked by one of them; `service` is none for a clock of the whole incident.
    """

    area: Area | None
    service: Service | None
    category: str | None
    clock: Name
    count: int
    running: int = Field(description="Of these, over their target and not ended; they count as long as they have run.")
    abandoned: int = Field(description="Calls beside these: who rang hung up before an answer.")
    p50_s: Seconds | None
    p90_s: Seconds | None
    target_s: Seconds | None = Field(description="None where they had unlike targets: `share_met` heeds each one's.")
    share_met: Annotated[float, Field(ge=0, le=1)] | None


class ClockFigures(Sent):
    """Figures of the incidents that were opened in a span of time; an area's row holds all that lies below it."""

    rows: list[ClockFigure]
