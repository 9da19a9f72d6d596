"""What the session's routes are asked and answer."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from geo_server.access.schema import AreaAnswer, Factor, Needs, OpenSession, SecurityKey, area_answer
from geo_server.api.models.base import Asked, Document, Moment, Sent, SomeId, storable
from geo_server.api.models.grants import AreaNode
from layers.areas.schema import Area
from layers.values import Role

Password = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(storable)]
NewPassword = Annotated[str, StringConstraints(min_length=8, max_length=256), AfterValidator(storable)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), AfterValidator(storable)]
# As a browser makes it: PublicKeyCredential.toJSON() (W3C Web Authentication, level 3, 5.1); verified whole later.
KeyAnswer = Annotated[Document, Field(max_length=16)]


class SignIn(Asked):
    """What a person types to come in."""

    user: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class CodeGiven(Asked):
    """Six digits of an authenticator app."""

    code: Code


class Proof(Asked):
    """One proof of who it is: a code, a key's answer, or the password where there is no second factor."""

    code: Code | None = None
    password: Password | None = None
    webauthn: KeyAnswer | None = None

    @model_validator(mode="after")
    def _one(self) -> "Proof":
        if sum(given is not None for given in (self.code, self.password, self.webauthn)) != 1:
            raise ValueError("give one of code, password, webauthn")
        return self


class AreaAsked(Asked):
    """The area to enter."""

    area_id: SomeId


class PasswordChange(Asked):
    """The password so far, and the one from now on."""

    old: Password
    new: NewPassword


class KeyMade(Asked):
    """A new security key: what its person calls it, and what it answered."""

    name: Name
    credential: KeyAnswer


class SignedIn(Sent):
    """Who is signed in."""

    id: int
    name: str
    role: Role
    demo: bool
    area: AreaAnswer
    second_factors: list[Factor]
    unit_id: int | None


class Shift(Sent):
    """From when until when a session lasts."""

    started_at: Moment
    ends_at: Moment


class SessionTold(Sent):
    """The session of the person who asks; `operations` is what the role does, by the names of the policy."""

    account: SignedIn
    entered: AreaAnswer
    areas: list[AreaNode]
    shift: Shift
    stepped_up_until: Moment | None
    needs: Needs | None
    means: Literal["password", "oidc", "basic"]
    operations: list[str]


class CodesBegun(Sent):
    """What an authenticator app reads: the secret in base32, and the same within its URI."""

    secret: str
    uri: str


class KeyTold(Sent):
    """A security key."""

    id: int
    name: str
    created_at: Moment
    last_used_at: Moment | None


class FactorsTold(Sent):
    """The second factors of an account."""

    totp: bool
    webauthn: list[KeyTold]


def session_told(opened: OpenSession, areas: list[Area], operations: list[str]) -> SessionTold:
    """Return a session as the API tells it."""
    who = opened.account
    account = SignedIn(
        id=who.id,
        name=who.name,
        role=who.role,
        demo=who.demo,
        area=area_answer(who.area),
        second_factors=list(who.second_factors),
        unit_id=who.unit_id,
    )
    return SessionTold(
        account=account,
        entered=area_answer(opened.entered),
        areas=[AreaNode.model_validate(area) for area in areas],
        shift=Shift(started_at=opened.started_at, ends_at=opened.ends_at),
        stepped_up_until=opened.stepped_up_until,
        needs=opened.needs,
        means=opened.means,
        operations=operations,
    )


def factors_told(opened: OpenSession, keys: list[SecurityKey]) -> FactorsTold:
    """Return an account's second factors as the API tells them."""
    return FactorsTold(
        totp="totp" in opened.account.second_factors, webauthn=[KeyTold.model_validate(key) for key in keys]
    )
