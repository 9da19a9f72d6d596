"""Coming in and going out, proving who one is, entering an area, and what proves it: second factors, the password."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, params, status

from geo_server.access import cookie
from geo_server.access.accounts import SHIFT
from geo_server.access.current import AnySession, CurrentGate, origin_of
from geo_server.access.own import Own
from geo_server.access.policy import operations_of
from geo_server.access.schema import OpenSession
from geo_server.access.secrets import Box
from geo_server.access.trail import Asker
from geo_server.access.visiting import named
from geo_server.access.webauthn import Site
from geo_server.api.models.base import Id, storable_part
from geo_server.api.models.session import (
    AreaAsked,
    CodeGiven,
    CodesBegun,
    FactorsTold,
    KeyAnswer,
    KeyMade,
    PasswordChange,
    Proof,
    SessionTold,
    SignIn,
    factors_told,
    session_told,
)
from geo_server.errors import Refusal

router = APIRouter(prefix="/session", tags=["session"])
OPEN: Sequence[params.Depends] = [named("session.open")]
OWN: Sequence[params.Depends] = [named("session.own")]


def asker_of(request: Request) -> Asker:
    """Return from where a request comes, and by what program, as far as it says."""
    return Asker(origin=origin_of(request), agent=storable_part(request.headers.get("user-agent", ""), 200) or None)


async def indebted(request: Request, opened: AnySession, gate: CurrentGate) -> Own:
    """Return the session that asks, whatever it still owes; raises Refusal `session_needed` where it came by Basic."""
    if opened.means == "basic":
        raise Refusal("session_needed")
    return Own(gate=gate, box=Box.of(request.app.state.settings.home), opened=opened, asker=asker_of(request))


async def half_settled(own: Annotated[Own, Depends(indebted)]) -> Own:
    """Return the session that asks; raises Refusal `second_factor_needed` where it owes that."""
    if own.opened.needs == "second_factor":
        raise Refusal("second_factor_needed", means=list(own.account.second_factors))
    return own


async def settled(own: Annotated[Own, Depends(half_settled)]) -> Own:
    """Return the session that asks; raises Refusal where it owes anything."""
    if own.opened.needs == "new_password":
        raise Refusal("new_password_needed")
    return own


Indebted = Annotated[Own, Depends(indebted)]
HalfSettled = Annotated[Own, Depends(half_settled)]
Settled = Annotated[Own, Depends(settled)]


async def told(own: Own) -> SessionTold:
    """Return the session as it stands now."""
    opened = await own.again()
    return session_told(opened, await own.areas(), sorted(operations_of(opened.account.role)))


@router.post("", dependencies=OPEN)
async def sign_in(typed: SignIn, request: Request, response: Response, gate: CurrentGate) -> SessionTold:
    """Open a session of one shift in a cookie; five wrong tries in a quarter of an hour lock the name for half of one.

    Where `needs` says that a second factor or a new password is owed, the session serves for nothing else until then.
    """
    opened, token = await gate.sign_in(typed.user, typed.password, asker_of(request))
    cookie.give(response, request, token, SHIFT)
    return await _told(request, gate, opened)


@router.get("", dependencies=OWN)
async def who(request: Request, opened: AnySession, gate: CurrentGate) -> SessionTold:
    """Say who is signed in, where they are, and what the session still owes."""
    return await _told(request, gate, opened)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, dependencies=OPEN)
async def sign_out(request: Request, response: Response, gate: CurrentGate) -> None:
    """End the session; doing it again changes nothing."""
    token = cookie.token_of(request)
    if token:
        await gate.sign_out(token, asker_of(request))
    cookie.take(response, request)


@router.put("/area", dependencies=OWN)
async def enter(asked: AreaAsked, own: Settled) -> SessionTold:
    """Enter an area: the own one or one below it."""
    await own.enter(asked.area_id)
    return await told(own)


# ── proving who one is ──────────────────────────────────────────────────────────────────────────────────────


@router.post("/totp", dependencies=OWN)
async def give_code(given: CodeGiven, own: Indebted) -> SessionTold:
    """Give the second factor by a code; each is good once."""
    await own.give_code(given.code)
    return await told(own)


@router.post("/webauthn/options", dependencies=OWN)
async def challenge(request: Request, own: Indebted) -> dict[str, Any]:
    """Return what the browser asks a security key with, to sign in or to step up; good once, for five minutes."""
    return await own.challenge_to_use(Site.of(request))


@router.post("/webauthn/verify", dependencies=OWN)
async def give_key(given: KeyAnswer, request: Request, own: Indebted) -> SessionTold:
    """Give the second factor by a security key."""
    await own.give_key(given, Site.of(request))
    return await told(own)


@router.post("/step-up", dependencies=OWN)
async def step_up(given: Proof, request: Request, own: Settled) -> SessionTold:
    """Prove once more who it is; that lasts ten minutes. By the password only where there is no second factor."""
    if given.code is not None:
        await own.step_up_by_code(given.code)
    elif given.webauthn is not None:
        await own.step_up_by_key(given.webauthn, Site.of(request))
    else:
        await own.step_up_by_password(given.password or "")
    return await told(own)


@router.post("/password", status_code=status.HTTP_204_NO_CONTENT, dependencies=OWN)
async def change_password(asked: PasswordChange, own: HalfSettled) -> None:
    """Change the password; the account's other sessions end."""
    await own.change_password(asked.old, asked.new)


# ── second factors: to change them needs a step-up ──────────────────────────────────────────────────────────


@router.get("/second-factors", dependencies=OWN)
async def factors(own: Settled) -> FactorsTold:
    """List what proves who it is beside the password."""
    return factors_told(own.opened, await own.keys())


@router.post("/second-factors/totp", dependencies=OWN)
async def begin_codes(own: Settled) -> CodesBegun:
    """Make a secret for an authenticator app; it counts once a code confirms it."""
    secret, uri = await own.enrol_codes()
    return CodesBegun(secret=secret, uri=uri)


@router.post("/second-factors/totp/confirm", dependencies=OWN)
async def confirm_codes(given: CodeGiven, own: Settled) -> SessionTold:
    """Let the new secret count, by its first code; the account's other sessions then owe one too."""
    await own.confirm_codes(given.code)
    return await told(own)


@router.delete("/second-factors/totp", status_code=status.HTTP_204_NO_CONTENT, dependencies=OWN)
async def remove_codes(own: Settled) -> None:
    """Let codes count no more."""
    await own.remove_codes()


@router.post("/second-factors/webauthn/options", dependencies=OWN)
async def challenge_to_enrol(request: Request, own: Settled) -> dict[str, Any]:
    """Return what the browser makes a security key with; good once, for five minutes."""
    return await own.challenge_to_enrol(Site.of(request))


@router.post("/second-factors/webauthn", dependencies=OWN)
async def enrol_key(made: KeyMade, request: Request, own: Settled) -> SessionTold:
    """Enrol a security key; the account's other sessions then owe one too."""
    await own.enrol_key(made.name, made.credential, Site.of(request))
    return await told(own)


@router.delete("/second-factors/webauthn/{id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=OWN)
async def remove_key(id: Id, own: Settled) -> None:
    """Let a security key count no more."""
    await own.remove_key(id)


async def _told(request: Request, gate: CurrentGate, opened: OpenSession) -> SessionTold:
    own = Own(gate=gate, box=Box.of(request.app.state.settings.home), opened=opened, asker=asker_of(request))
    return session_told(opened, await own.areas(), sorted(operations_of(opened.account.role)))
