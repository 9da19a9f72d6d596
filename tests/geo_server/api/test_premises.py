"""What is known of premises is told to whoever is sent there, and stays in their history."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    elsewhere: Any

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def write(town: Town, as_: As, who: str = "dispatcher", **more: Any) -> httpx.Response:
    body = {"kind": "hazard", "text": "газ баллондары", "place": town.at(20, 0), **more}
    return await as_(who).post("/api/premises", json=body)


async def opened(town: Town, as_: As, **more: Any) -> int:
    body = {"category": "fire", "place": town.at(0, 0), **more}
    return int((await as_("dispatcher").post("/api/incidents", json=body)).json()["id"])


async def known(as_: As, incident_id: int, who: str = "dispatcher", **more: Any) -> list[dict[str, Any]]:
    answer = await as_(who).get(f"/api/incidents/{incident_id}/premises", params=more)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["notes"]
    return found


async def test_a_note_is_known_at_its_place_and_at_its_address(town: Town, as_: As) -> None:
    near = (await write(town, as_)).json()
    far = (await write(town, as_, place=town.at(2000, 0), address="Абай, 10")).json()
    await write(town, as_, place=town.at(2000, 0))
    incident = await opened(town, as_, address="абай 10")
    found = await known(as_, incident)
    assert [note["id"] for note in found] == [far["id"], near["id"]]
    assert found[1]["distance_m"] == pytest.approx(20, rel=0.02) and found[1]["standing"]
    assert [note["id"] for note in await known(as_, await opened(town, as_))] == [near["id"]]


async def test_what_was_ended_stays_in_the_history_for_as_long_as_it_is_asked(town: Town, as_: As) -> None:
    first, second = [(await write(town, as_, text=text)).json()["id"] for text in ("бір", "екі")]
    incident = await opened(town, as_)
    for _ in range(2):
        ended = await as_("dispatcher").delete(f"/api/premises/{second}")
        assert ended.status_code == 200 and not ended.json()["standing"]
    found = await known(as_, incident)
    assert [(note["id"], note["standing"]) for note in found] == [(first, True), (second, False)]
    await town.sql("UPDATE premises_note SET ended_at = now() - interval '9 days' WHERE id = :id", id=second)
    assert [note["id"] for note in await known(as_, incident, days=5)] == [first]


async def test_keys_and_contacts_are_for_the_desk_and_never_on_the_map(town: Town, as_: As) -> None:
    await write(town, as_, kind="key", text="код 4711")
    await write(town, as_, kind="hazard")
    incident = await opened(town, as_)
    assert {note["text"] for note in await known(as_, incident)} == {"код 4711", "газ баллондары"}
    seen = {note["kind"]: (note["text"], note["masked"]) for note in await known(as_, incident, "planner")}
    assert seen == {"key": (None, True), "hazard": ("газ баллондары", False)}
    shown = (await as_("dispatcher").get("/api/collections/premises/items")).json()["features"]
    assert [feature["properties"]["kind"] for feature in shown] == ["hazard"]


async def test_only_those_who_answer_for_a_place_write_and_end(town: Town, as_: As) -> None:
    note = (await write(town, as_)).json()["id"]
    away = {"lon": town.elsewhere.lon, "lat": town.elsewhere.lat}
    assert (await write(town, as_, place=away)).json()["code"] == "outside_your_area"
    assert (await write(town, as_, "planner")).status_code == 403
    gone = await as_("stranger").delete(f"/api/premises/{note}")
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_note")
    assert (await as_("stranger").get(f"/api/incidents/{await opened(town, as_)}/premises")).status_code == 404


async def test_what_is_no_note_is_refused(town: Town, as_: As) -> None:
    wrong: dict[str, tuple[Any, ...]] = {
        "text": (" ", "x" * 2001, "a\x00"),
        "kind": ("rumour",),
        "until": ("2026-01-01",),
        "x": (1,),
    }
    for name, values in wrong.items():
        for value in values:
            assert (await write(town, as_, **{name: value})).status_code == 400, name


async def test_a_note_has_an_end_ahead_of_it_and_says_what_it_was_told(town: Town, as_: As) -> None:
    past = str(datetime.now(UTC) - timedelta(minutes=1))
    assert (await write(town, as_, until=past)).json()["code"] == "note_over"
    ahead = str(datetime.now(UTC) + timedelta(days=1))
    note = (await write(town, as_, text="<script>alert(1)</script>", until=ahead)).json()
    assert note["text"] == "<script>alert(1)</script>" and note["standing"]
    rung = await town.sql("SELECT feature_id FROM change WHERE layer = 'premises'")
    assert [row[0] for row in rung] == [note["id"]]
