"""An account and its session as they are handed on, and as they are told to their person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from layers.areas.schema import Area
from layers.values import Role
from layers.viewer import Viewer

STEP_UP_LASTS = timedelta(minutes=10)  # a proof of who it is, asked for before what is protected most
Factor = Literal["totp", "webauthn"]
Means = Literal["password", "oidc", "basic"]
Needs = Literal["second_factor", "new_password"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """When a name is locked: after so many failures within a window, for as long as it lasts since the last of them."""

    failures: int
    window: timedelta
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and the area it answers for; one with a provider signs in there and has no password here."""

    id: int
    name: str
    role: Role
    demo: bool
    area: Area
    second_factors: tuple[Factor, ...] = ()
    must_change: bool = False
    provider: str | None = None
    unit_id: int | None = None  # of a crew, and of nobody else

    @property
    def proofs(self) -> tuple[str, ...]:
        """Return by what its person proves once more who they are: a second factor, else the password, or nothing."""
        return self.second_factors or (() if self.provider else ("password",))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A session that holds now: whose, in which area, how proven, from when until when.

    `needs` is what its person owes before anything but the session's own routes serves. `stepped_up_at` is None once
    the proof is older than ten minutes by the store's clock. A program that comes by HTTP Basic has no session in the
    store: its id is minus its account's, it never steps up, and it stays in the account's own area.
    """

    id: int
    account: Account
    entered: Area
    means: Means
    second_factor: bool
    needs: Needs | None
    stepped_up_at: datetime | None
    started_at: datetime
    ends_at: datetime
    origin: str | None
    also_areas: tuple[int, ...] = ()
    also_incidents: tuple[int, ...] = ()

    @property
    def kept_id(self) -> int | None:
        """Return its id in the store, None for a program, which has no session there."""
        return self.id if self.id > 0 else None

    @property
    def stepped_up_until(self) -> datetime | None:
        """Return until when the proof of who it is lasts."""
        return None if self.stepped_up_at is None else self.stepped_up_at + STEP_UP_LASTS

    @property
    def viewer(self) -> Viewer:
        """Return who asks as the ground floor needs to know them: in the area entered, with what was granted."""
        own = self.entered.id == self.account.area.id and self.account.unit_id is None
        return Viewer(
            account_id=self.account.id,
            name=self.account.name,
            role=self.account.role,
            area_id=self.entered.id,
            own_area_id=self.account.area.id,
            also_areas=self.also_areas if own else (),
            also_incidents=self.also_incidents if own else (),
            unit_id=self.account.unit_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What an administrator changes of an account; None leaves it as it is."""

    role: Role | None = None
    area_id: int | None = None
    enabled: bool | None = None
    unit_id: int | None = None  # needed with the role of a crew


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as administration lists it; who made it is told only where the one who asks sees that account."""

    account: Account
    enabled: bool
    locked: bool
    created_at: datetime
    created_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """An open session as administration lists it."""

    id: int
    area: Area
    means: Means
    second_factor: bool
    started_at: datetime
    ends_at: datetime
    seen_at: datetime | None
    origin: str | None
    agent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A security key as it answered for the first time, for the host `rp_id` alone."""

    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    rp_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityKey(NewKey):
    """A security key of an account."""

    id: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a session's next answer of a key must sign, and for what."""

    purpose: Literal["enrol", "use"]
    value: bytes


class TitleAnswer(BaseModel):
    """A name in the three languages."""

    kk: str
    ru: str
    en: str


class AreaAnswer(BaseModel):
    """An area of the tree; level 1 is the Republic, 4 a district."""

    id: int
    code: str
    level: int = Field(ge=1, le=4)
    name: TitleAnswer


def area_answer(area: Area) -> AreaAnswer:
    """Return an area as the API tells it."""
    name = TitleAnswer(kk=area.name.kk, ru=area.name.ru, en=area.name.en)
    return AreaAnswer(id=area.id, code=area.code, level=int(area.level), name=name)
