"""The cookie of a session: its name, its flags, and how a connection shows it.

By https its name begins with `__Host-`: browsers then take it only from this very host, whole and by TLS (RFC 6265bis,
4.1.3.2), so that neither a neighbour's name nor plain http can plant another.
"""

from datetime import timedelta

from starlette.requests import HTTPConnection
from starlette.responses import Response

NAME = "qyran_session"


def is_secure(connection: HTTPConnection) -> bool:
    """Say whether the connection came by TLS."""
    return connection.scope["scheme"] in ("https", "wss")


def name_for(connection: HTTPConnection, name: str = NAME) -> str:
    """Return what a cookie is called on this connection."""
    return f"__Host-{name}" if is_secure(connection) else name


def token_of(connection: HTTPConnection) -> str | None:
    """Return the session's token, nothing where none is shown; by https only the name that nobody can plant counts."""
    return connection.cookies.get(name_for(connection)) or None


def give(response: Response, connection: HTTPConnection, token: str, lasts: timedelta) -> None:
    """Hand the token to the browser alone: no script reads it, no other site sends it."""
    response.set_cookie(
        name_for(connection),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=is_secure(connection),
    )


def take(response: Response, connection: HTTPConnection) -> None:
    """Take the token away from the browser."""
    response.delete_cookie(
        name_for(connection), path="/", httponly=True, samesite="strict", secure=is_secure(connection)
    )
