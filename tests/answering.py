"""The server for tests that ask it in their own process: each on a store of its own, all with the routes of one."""

from functools import cache
from pathlib import Path

from fastapi import FastAPI

from geo_server.app import create_app
from geo_server.settings import Settings


def app_on(settings: Settings) -> FastAPI:
    """Build the server on a store; nobody stands in for a dependency of it yet.

    FastAPI makes an app's routes ready at its first request, which costs more than all else most tests do.
    """
    app, first = create_app(settings), _first()
    app.router.routes[:] = first.router.routes
    app.dependency_overrides = first.dependency_overrides  # where the routes look for them
    app.dependency_overrides.clear()
    return app


@cache
def _first() -> FastAPI:
    return create_app(Settings(home=Path("nowhere"), database_url="postgresql:///nowhere"))
