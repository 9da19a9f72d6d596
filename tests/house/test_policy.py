"""Every door names its operation, and the policy's table names nothing that no door does."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute

from geo_server.access.policy import POLICY, Rule
from geo_server.app import create_app
from geo_server.settings import Settings
from layers.values import Role

# Beside the API: the windows' files, and what Prometheus reads.
BESIDE = {"/metrics"}


@pytest.fixture(scope="module")
def routes() -> list[APIRoute | APIWebSocketRoute]:
    app = create_app(Settings(home=Path("nowhere"), database_url="postgresql:///nowhere"))
    found = [route for route in _flat(app.routes) if isinstance(route, APIRoute | APIWebSocketRoute)]
    assert len(found) > 40
    return [route for route in found if route.path not in BESIDE]


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        included = getattr(route, "original_router", None)  # how FastAPI keeps a router that was included
        yield from [route] if included is None else _flat(included.routes)


def _operations(dependant: Dependant) -> set[str]:
    own: str | None = getattr(dependant.call, "operation", None)
    return {own} if own else {name for below in dependant.dependencies for name in _operations(below)}


def test_every_route_names_an_operation_of_the_table(routes: list[APIRoute | APIWebSocketRoute]) -> None:
    unnamed = [route.path for route in routes if not _operations(route.dependant)]
    assert unnamed == []


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for below in dependant.dependencies:
        yield from _calls(below)


def test_no_route_goes_through_a_thread_to_be_answered(routes: list[APIRoute | APIWebSocketRoute]) -> None:
    """FastAPI runs what is not `async` in a thread of its pool, each time: that takes longer than what it does."""
    called = {call for route in routes for call in _calls(route.dependant)}
    assert len(called) > 100
    assert [call for call in called if not inspect.iscoroutinefunction(call)] == []


def test_every_operation_is_done_by_some_route(routes: list[APIRoute | APIWebSocketRoute]) -> None:
    used = set().union(*(_operations(route.dependant) for route in routes)) | {"ground.read"}  # of_layer turns to it
    assert set(POLICY) - used == set() and used - set(POLICY) == set()


def test_who_only_looks_acts_on_nothing() -> None:
    for name in ("events.decide", "incidents.open", "incidents.dispatch", "incidents.caller", "grants.write"):
        assert Role.PLANNER not in POLICY[name].roles
    for name, rule in POLICY.items():
        assert rule.roles, name
        if name.startswith(("accounts.w", "sources.w", "audit.e")):
            assert rule.step_up, name


def test_what_shows_a_field_whole_asks_for_a_purpose_and_is_told_each_time() -> None:
    whole = {name: rule for name, rule in POLICY.items() if rule.unmasked or rule.purpose}
    assert whole and all(rule.purpose and rule.audit == "each" for rule in whole.values())


def test_whoever_lets_people_watch_video_asks_for_a_second_proof_and_a_purpose() -> None:
    assert _unguarded(POLICY) == []
    assert _unguarded({"video.watch": Rule(purpose=True), "recordings.read": Rule(step_up=True)}) == [
        "video.watch",
        "recordings.read",
    ]


def _unguarded(policy: Mapping[str, Rule]) -> list[str]:
    """Return the operations on live or stored video that ask for less (Almaty 213, art. 7)."""
    video = {name: rule for name, rule in policy.items() if name.startswith(("video.", "recordings."))}
    return [name for name, rule in video.items() if not (rule.step_up and rule.purpose)]
