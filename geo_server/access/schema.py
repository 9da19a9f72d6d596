"""An account as it is handed on, and as it is told to its person."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from layers.areas.schema import Area
from layers.values import Role
from layers.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account and the area it answers for."""

    id: int
    name: str
    role: Role
    demo: bool
    area: Area

    @property
    def viewer(self) -> Viewer:
        """Return the account as the ground floor needs to know it."""
        return Viewer(account_id=self.id, name=self.name, role=self.role, area_id=self.area.id)


class SignIn(BaseModel):
    """What a person types to come in."""

    model_config = ConfigDict(extra="forbid")
    user: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


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


class AccountAnswer(BaseModel):
    """Who is signed in."""

    name: str
    role: Role
    demo: bool
    area: AreaAnswer


class SessionAnswer(BaseModel):
    """The session of the person who asks."""

    account: AccountAnswer


def area_answer(area: Area) -> AreaAnswer:
    """Return an area as the API tells it."""
    name = TitleAnswer(kk=area.name.kk, ru=area.name.ru, en=area.name.en)
    return AreaAnswer(id=area.id, code=area.code, level=int(area.level), name=name)


def session_answer(account: Account) -> SessionAnswer:
    """Return an account as the API tells it."""
    told = AccountAnswer(name=account.name, role=account.role, demo=account.demo, area=area_answer(account.area))
    return SessionAnswer(account=told)
