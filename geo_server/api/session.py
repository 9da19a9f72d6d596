"""Coming in, being asked who one is, going out."""

from fastapi import APIRouter, Request, Response, status

from geo_server.access.accounts import SHIFT
from geo_server.access.current import COOKIE, CurrentAccount, CurrentGate
from geo_server.access.schema import SessionAnswer, SignIn, session_answer

router = APIRouter(prefix="/session", tags=["session"])


@router.post("")
async def sign_in(typed: SignIn, request: Request, response: Response, gate: CurrentGate) -> SessionAnswer:
    """Open a session of one shift in a cookie; five wrong tries in a quarter of an hour lock the name."""
    account, token = await gate.sign_in(typed.user, typed.password)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SHIFT.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return session_answer(account)


@router.get("")
async def who(account: CurrentAccount) -> SessionAnswer:
    """Say who is signed in."""
    return session_answer(account)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT)
async def sign_out(request: Request, response: Response, gate: CurrentGate) -> None:
    """End the session; doing it again changes nothing."""
    token = request.cookies.get(COOKIE)
    if token:
        await gate.sign_out(token)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
