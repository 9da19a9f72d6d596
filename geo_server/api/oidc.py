"""Coming in by the organisation's provider: out to it, and back."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request, status
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from geo_server.access import cookie
from geo_server.access.accounts import SHIFT
from geo_server.access.current import CurrentGate
from geo_server.access.oidc import PENDING_S, ProviderFault, Relying
from geo_server.access.provided import Entrance
from geo_server.access.visiting import named
from geo_server.api.session import asker_of
from geo_server.errors import Refusal

BINDER = "qyran_provider"
PATH = "/api/session/oidc/callback"
router = APIRouter(prefix="/session", tags=["session"])
_OPEN = [named("session.open")]
_AWAY: dict[str, Any] = {
    "status_code": 303,
    "response_class": RedirectResponse,
    "responses": {303: {"description": "To the provider, or back to the first page"}},
}


class Providers(BaseModel):
    """What one may come in by, beside a password."""

    oidc: bool


async def relying_of(request: Request) -> Relying:
    """Return our side of the provider's protocol; raises Refusal `not_found` where no provider is set."""
    relying = cast(Relying | None, request.app.state.relying)
    if relying is None:
        raise Refusal("not_found")
    return relying


CurrentRelying = Annotated[Relying, Depends(relying_of)]


@router.get("/providers", dependencies=[named("session.providers")])
async def providers(request: Request) -> Providers:
    """Say whether people may come in by a provider; whether it is well, nobody is told who has not come in."""
    return Providers(oidc=request.app.state.relying is not None)


@router.get("/oidc", dependencies=_OPEN, **_AWAY)
async def leave_for_provider(request: Request, gate: CurrentGate, relying: CurrentRelying) -> Response:
    """Send the browser to the provider, bound to come back as itself within ten minutes."""
    entrance = Entrance(gate=gate, provider=relying.provider, asker=asker_of(request))
    redirect = relying.provider.redirect or f"{request.url.scheme}://{request.headers.get('host', '')}{PATH}"
    try:
        address, binder = await relying.begin(redirect)
    except ProviderFault as fault:
        return _home(request, await entrance.refusal(fault))
    answer = RedirectResponse(address, status.HTTP_303_SEE_OTHER)
    answer.set_cookie(
        cookie.name_for(request, BINDER),
        binder,
        max_age=int(PENDING_S),
        path="/",
        httponly=True,
        samesite="lax",  # the way back begins at the provider: a strict one would not come along
        secure=cookie.is_secure(request),
    )
    return answer


@router.get("/oidc/callback", dependencies=_OPEN, **_AWAY)
async def return_from_provider(request: Request, gate: CurrentGate, relying: CurrentRelying) -> Response:
    """Open a session for whom the provider vouches; otherwise back to the first page, with the refusal's code."""
    entrance = Entrance(gate=gate, provider=relying.provider, asker=asker_of(request))
    binder = request.cookies.get(cookie.name_for(request, BINDER), "")
    try:
        identity = await relying.finish(request.query_params, binder)
        _, token = await entrance.come_in(identity)
    except ProviderFault as fault:
        return _home(request, await entrance.refusal(fault))
    except Refusal as refused:
        return _home(request, refused)
    answer = _home(request)
    cookie.give(answer, request, token, SHIFT)
    return answer


def _home(request: Request, refused: Refusal | None = None) -> Response:
    answer = RedirectResponse("/" if refused is None else f"/?refused={refused.code}", status.HTTP_303_SEE_OTHER)
    answer.delete_cookie(
        cookie.name_for(request, BINDER), path="/", httponly=True, samesite="lax", secure=cookie.is_secure(request)
    )
    return answer
