"""Contacts: kept by an area's administrators, checked before they are needed, tested by a message."""

from typing import Any, Protocol

import httpx
import pytest
from fastapi import FastAPI

pytestmark = pytest.mark.anyio


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    app: FastAPI
    units: dict[str, int]

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def area(town: Town, code: str) -> int:
    return int((await town.sql("SELECT id FROM area WHERE code = :code", code=code))[0].id)


async def new(town: Town, **other: Any) -> dict[str, Any]:
    told = {"area_id": await area(town, "KZ-75-MED"), "name": "Асель", "role": "akimat_duty"}
    return {**told, "phone": "8 (701) 123-45-67", "channels": ["sms_smpp"], **other}


async def made(town: Town, as_: As, **other: Any) -> dict[str, Any]:
    answer = await as_("administrator").post("/api/contacts", json=await new(town, **other))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_contact_is_made_changed_listed_and_taken_out(town: Town, as_: As) -> None:
    one = await made(town, as_)
    assert (one["phone"], one["language"], one["enabled"]) == ("+77011234567", "ru", True)
    path = f"/api/contacts/{one['id']}"
    changed = await as_("administrator").patch(path, json={"email": "a@example.kz", "channels": ["mail", "sms_smpp"]})
    assert changed.json()["channels"] == ["mail", "sms_smpp"] and changed.json()["phone"] == one["phone"]
    listed = (await as_("administrator").get("/api/contacts?role=akimat_duty")).json()["contacts"]
    assert [each["id"] for each in listed] == [one["id"]]
    assert (await as_("administrator").delete(path)).status_code == 204
    assert (await as_("administrator").delete(path)).json()["code"] == "no_such_contact"


async def test_only_an_areas_own_administrators_write_and_nobody_reaches_beyond(town: Town, as_: As) -> None:
    above = await made(town, as_, area_id=await area(town, "KZ"))
    for who in ("dispatcher", "planner", "commander"):
        assert (await as_(who).post("/api/contacts", json=await new(town))).json()["code"] == "not_your_role"
    local = as_("local administrator")
    beyond = await local.post("/api/contacts", json=await new(town, area_id=await area(town, "KZ")))
    assert beyond.json()["code"] == "outside_your_area"
    assert (await local.get("/api/contacts")).json()["contacts"] == []
    for answer in (
        await local.patch(f"/api/contacts/{above['id']}", json={"name": "x"}),
        await local.delete(f"/api/contacts/{above['id']}"),
        await local.post(f"/api/contacts/{above['id']}/test", json={}),
        await local.get(f"/api/contacts/{above['id']}/tests"),
        await local.post(f"/api/contacts/{above['id']}/secret"),
        await local.post("/api/contacts", json=await new(town, escalates_to_id=above["id"])),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_contact")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"phone": "not a number"}, "bad_address"),
    ({"email": "a@b\r\nBcc: c@d.kz"}, "bad_address"),
    ({"url": "file:///etc/passwd"}, "bad_address"),
    ({"topic": "a/#"}, "bad_address"),
    ({"channels": ["mail"]}, "no_address_for"),
    ({"channels": ["crew_page"]}, "bad_request"),
    ({"role": "Акимат"}, "bad_request"),
    ({"name": "x" * 100_000}, "bad_request"),
    ({"unit_id": 2**62}, "no_such_unit"),
    ({"escalates_to_id": 2**62}, "no_such_contact"),
]


async def test_what_is_no_address_is_refused_before_it_is_needed(town: Town, as_: As) -> None:
    for other, code in BAD:
        answer = await as_("administrator").post("/api/contacts", json=await new(town, **other))
        assert answer.status_code < 500 and answer.json()["code"] == code, answer.text


async def test_people_do_not_escalate_in_a_ring(town: Town, as_: As) -> None:
    last = await made(town, as_)
    middle = await made(town, as_, escalates_to_id=last["id"])
    first = await made(town, as_, escalates_to_id=middle["id"])
    for above in (first["id"], last["id"]):
        ring = await as_("administrator").patch(f"/api/contacts/{last['id']}", json={"escalates_to_id": above})
        assert ring.json()["code"] == "escalates_in_a_ring"


async def test_what_a_contact_needs_cannot_be_taken_away(town: Town, as_: As) -> None:
    path = f"/api/contacts/{(await made(town, as_))['id']}"
    assert (await as_("administrator").patch(path, json={"name": None})).status_code == 400
    assert (await as_("administrator").patch(path, json={"phone": None})).json()["code"] == "no_address_for"
    assert (await as_("administrator").patch(path, json={})).status_code == 200


async def test_a_test_message_says_what_became_of_it(town: Town, as_: As) -> None:
    one = await made(town, as_)
    path = f"/api/contacts/{one['id']}"
    told = await as_("administrator").post(f"{path}/test", json={})
    assert told.status_code == 202 and told.json()["kind"] == "test"
    assert (await as_("administrator").post(f"{path}/test", json={"channel": "mail"})).json()[
        "code"
    ] == "no_address_for"
    delivery = town.app.state.delivery
    for _ in range(2):
        await delivery.look()
        for channel in delivery.channels.values():
            for each in await delivery.deliver(channel, 50):
                await each
    (test,) = (await as_("administrator").get(f"{path}/tests")).json()["tests"]
    assert (test["state"], test["notices"][0]["code"]) == ("expired", "not_configured")


async def test_a_webhooks_secret_is_told_once_and_turns(town: Town, as_: As) -> None:
    one = await made(town, as_, url="https://hooks.example.kz/qyran", channels=["webhook"])
    first, second = [await as_("administrator").post(f"/api/contacts/{one['id']}/secret") for _ in range(2)]
    assert first.headers["cache-control"] == "no-store" and len(first.json()["secret"]) == 64
    assert first.json()["secret"] != second.json()["secret"]
    kept = str(await town.sql("SELECT * FROM contact")) + str(await town.sql("SELECT details FROM audit"))
    assert first.json()["secret"] not in kept and second.json()["secret"] not in kept


async def test_addresses_of_people_stand_in_the_audit_as_commitments_alone(town: Town, as_: As) -> None:
    one = await made(town, as_)
    await as_("administrator").patch(f"/api/contacts/{one['id']}", json={"phone": "+77019998877"})
    entries = await town.sql("SELECT details, commitments FROM audit WHERE operation = 'contacts.write'")
    assert len(entries) == 2 and all("phone" in entry.commitments for entry in entries)
    assert not any(phone in str(entry.details) for entry in entries for phone in ("7011234567", "7019998877"))
