"""Every route of the people's door, asked by each role for what fits its definition and what does not: never a fault.

The machines' door has the same in `tests/ingest/test_openapi.py`. `QYRAN_PROFILE=nightly` asks ten times as often.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from layers.values import Role
from tests.access.model import Looker
from tests.access.world import ROLES, Builder, Given, Person, Plan, lookers, read
from tests.scene import served

NIGHTLY = os.environ.get("QYRAN_PROFILE") == "nightly"
EXAMPLES = 30 if NIGHTLY else 3
CHECKS = [response_schema_conformance, status_code_conformance]
KIND_OF = {
    "events": "event", "incidents": "incident", "dispatches": "dispatch", "grants": "grant", "accounts": "account",
    "sessions": "session", "sources": "source", "calls": "call", "cameras": "camera",
}  # fmt: skip
PLAN = Plan(
    tree=((0, True), (1, True), (0, True)),
    people=tuple(Person(role, own, entered) for own, entered in ((0, 0), (1, 2)) for role in (*ROLES, "planner")),
    grants=(Given("area", 3, 1, "runs"), Given("incident", 3, 1, "runs")),
    rows=dict.fromkeys(("camera", "incident", "event", "unit", "dispatch"), 12),
    seed=1,
)


@pytest.fixture
def owner(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """The store with a small world beside the real tree, as its owner comes to it."""
    with psycopg.connect(database_url, autocommit=True) as owner:
        with owner.transaction():
            builder = Builder(owner, PLAN)
            builder.build()
            crew = {"account": builder.people[-1][0], "unit": next(iter(builder.units))}
            owner.execute("UPDATE account SET role = 'crew', unit_id = %(unit)s WHERE id = %(account)s", crew)
        yield owner


@pytest.fixture
def url(owner: psycopg.Connection[Any], database_url: str, tmp_path: Path) -> Iterator[str]:
    with served(database_url, tmp_path) as url:
        yield url


@pytest.mark.timeout(3600 if NIGHTLY else 600)
@pytest.mark.parametrize("role", list(Role))
def test_no_role_meets_a_fault_or_an_answer_that_is_not_told(
    role: Role, url: str, owner: psycopg.Connection[Any]
) -> None:
    world = read(owner)
    who = next(looker for looker in lookers(world) if looker.role == role)
    ids = {kind: list(rows) for kind, rows in world.rows.items()}
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    everything = [operation.ok() for operation in schema.get_all_operations()]
    assert len(everything) > 60
    asked, bad = [0], list[tuple[Any, ...]]()
    for operation in everything:
        _revive(owner, who)
        _fuzz(operation, who, ids, asked, bad)
    assert not bad, bad[:5]
    assert asked[0] >= len(everything) * EXAMPLES


def _fuzz(operation: Any, who: Looker, ids: dict[str, list[int]], asked: list[int], bad: list[tuple[Any, ...]]) -> None:
    cases = st.one_of(
        operation.as_strategy(), operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)
    )
    of = next((kind for part, kind in KIND_OF.items() if f"/{part}/{{id}}" in operation.path), None)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, n=st.integers(0, 2**32))
    def once(case: Any, n: int) -> None:
        rng = random.Random(n)
        if of is not None and rng.random() < 0.7:  # one that is there: else every answer is that it is not
            case.path_parameters = {**(case.path_parameters or {}), "id": rng.choice(ids[of])}
        answer = case.call(cookies={"qyran_session": who.token})
        asked[0] += 1
        if answer.status_code >= 500:
            bad.append((operation.label, answer.status_code, answer.text[:300], case.as_curl_command()))
        case.validate_response(answer, checks=CHECKS)

    once()


def _revive(owner: psycopg.Connection[Any], who: Looker) -> None:
    """Undo what the operation before did to the one who asks."""
    owner.execute(
        "UPDATE account SET role = %s, area_id = %s, enabled = true, must_change = false, totp_secret = NULL"
        " WHERE id = %s",
        (who.role, who.own, who.account_id),
    )
    owner.execute("DELETE FROM webauthn_credential WHERE account_id = %s", (who.account_id,))
    owner.execute(
        "UPDATE account_session SET ended_at = NULL, stepped_up_at = now(), area_id = %s, second_factor = true"
        " WHERE id = %s",
        (who.entered, who.session_id),
    )
