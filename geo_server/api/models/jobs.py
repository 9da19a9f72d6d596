"""The shapes of jobs: how far long work is that somebody asked for."""

from typing import Literal

from geo_server.api.models.base import Moment, Sent


class Job(Sent):
    """Long work that somebody asked for: `done` of `total` steps; no outcome while it runs."""

    id: int
    kind: str
    area_id: int
    asked_by: str
    asked_at: Moment
    begun_at: Moment | None
    ended_at: Moment | None
    cancelled_at: Moment | None
    done: int
    total: int | None
    outcome: Literal["done", "cancelled", "failed"] | None


class Jobs(Sent):
    """The newest jobs, those that run first."""

    jobs: list[Job]
