"""What the administration of accounts is asked and answers."""

from typing import Literal

from pydantic import Field, model_validator

from geo_server.access.schema import AccountRow, AreaAnswer, Factor, SessionRow, area_answer
from geo_server.api.models.base import Asked, Moment, Sent, SomeId
from geo_server.api.models.session import Name, NewPassword
from layers.values import Role


class AccountTold(Sent):
    """An account; `created_by` is null where the command line or a provider made it, or somebody out of sight."""

    id: int
    name: str
    role: Role
    area: AreaAnswer
    demo: bool
    enabled: bool
    locked: bool
    second_factors: list[Factor]
    provider: str | None
    created_at: Moment
    created_by: str | None
    unit_id: int | None


class AccountsTold(Sent):
    """A page of accounts; `next` is the `after` of the one that follows."""

    accounts: list[AccountTold]
    next: int | None


class NewAccount(Asked):
    """A new account; its person chooses a password of their own at the first sign-in."""

    name: Name
    password: NewPassword
    role: Role
    area_id: SomeId
    unit_id: SomeId | None = Field(default=None, description="Of a crew, and of nobody else.")


class ChangedAccount(Asked):
    """What changes of an account; what is left out stays."""

    role: Role | None = None
    area_id: SomeId | None = None
    enabled: bool | None = None
    unit_id: SomeId | None = None

    @model_validator(mode="after")
    def _something(self) -> "ChangedAccount":
        if all(value is None for value in (self.role, self.area_id, self.enabled, self.unit_id)):
            raise ValueError("give at least one of role, area_id, enabled, unit_id")
        return self


class SessionListed(Sent):
    """An open session; `current` is the one that asks."""

    id: int
    area: AreaAnswer
    means: Literal["password", "oidc", "basic"]
    second_factor: bool
    started_at: Moment
    ends_at: Moment
    seen_at: Moment | None
    origin: str | None
    agent: str | None
    current: bool


class SessionsListed(Sent):
    """An account's open sessions, the newest first."""

    sessions: list[SessionListed]


def account_told(row: AccountRow) -> AccountTold:
    """Return an account as administration tells it."""
    who = row.account
    return AccountTold(
        id=who.id,
        name=who.name,
        role=who.role,
        area=area_answer(who.area),
        demo=who.demo,
        enabled=row.enabled,
        locked=row.locked,
        second_factors=list(who.second_factors),
        provider=who.provider,
        created_at=row.created_at,
        created_by=row.created_by,
        unit_id=who.unit_id,
    )


def session_listed(row: SessionRow, *, current: bool) -> SessionListed:
    """Return an open session as administration tells it."""
    return SessionListed(
        id=row.id,
        area=area_answer(row.area),
        means=row.means,
        second_factor=row.second_factor,
        started_at=row.started_at,
        ends_at=row.ends_at,
        seen_at=row.seen_at,
        origin=row.origin,
        agent=row.agent,
        current=current,
    )
