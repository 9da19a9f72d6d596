"""The shapes of sources and of their keys."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from geo_server.api.models.base import Asked, Moment, Sent, SentMoment, SomeId, storable
from geo_server.api.models.grants import AreaNode

SourceName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(storable)
]
Requests = Annotated[float, Field(ge=0.1, le=1e6, description="Requests a second that one key may make.")]
Rows = Annotated[float, Field(ge=0.1, le=1e7, description="Positions or events a second that one key may bring.")]
Kind = Literal["positions", "events", "exchange", "pictures"]


class Key(Sent):
    """A key without its text, which was told once; `last_used_at` is true to the minute."""

    id: int
    state: Literal["good", "expired", "revoked"]
    created_at: Moment
    created_by: str
    expires_at: Moment | None
    revoked_at: Moment | None
    last_used_at: Moment | None


class Source(Sent):
    """A machine that may send: what, for which area, whether it may now, and how much; its keys, the newest first."""

    id: int
    name: str
    kind: Kind
    area: AreaNode
    enabled: bool
    rate_per_s: float
    rows_per_s: float
    created_at: Moment
    keys: list[Key]


class Sources(Sent):
    """The sources of the area entered and of all below it, by name."""

    sources: list[Source]


class NewSource(Asked):
    """A new source; it has no key yet."""

    name: SourceName = Field(examples=["trackers of the fire service"])
    kind: Kind
    area_id: SomeId
    rate_per_s: Requests | None = None
    rows_per_s: Rows | None = None


class ChangedSource(Asked):
    """What changes of a source; what is left out stays."""

    enabled: bool | None = None
    rate_per_s: Requests | None = None
    rows_per_s: Rows | None = None


class NewKey(Asked):
    """Until when a new key is good; for good where nothing is said."""

    expires_at: SentMoment | None = None


class MadeKey(Key):
    """A key just made. The key itself is told this once: the store keeps a digest of it alone."""

    key: str = Field(examples=["qk_bdd0…"])
