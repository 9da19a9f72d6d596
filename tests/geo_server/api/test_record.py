"""The record over HTTP: one log, a card that prints, files for others, and an incident that comes from others."""

import csv
import io
import json
import re
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import geopandas
import httpx
import jsonschema_rs
import pyarrow.parquet
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from geo_server.record.eido_reading import NOTES

pytestmark = pytest.mark.anyio
As = Callable[[str], httpx.AsyncClient]
SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parents[3] / "data" / "eido.schema.json").read_text()), validate_formats=True
)
PHONE, NAME = "+7 701 555 01 23", "Айгүл Әбенқызы"
HOSTILE = '=HYPERLINK("x") <script>alert(1)</script>'


class Town(Protocol):
    engine: AsyncEngine
    app: Any
    elsewhere: Any
    units: dict[str, int]

    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...
    async def event(self, kind: str = ..., *, place: dict[str, float] | None = ..., **more: Any) -> int: ...
    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def opened(as_: As, town: Town, **more: Any) -> dict[str, Any]:
    new = {
        "category": "fire",
        "place": town.at(10, 10),
        "description": "Қазақша: өрт, түтін көрінеді",
        "address": "Абай даңғылы, 10",
        "caller": {"name": NAME, "phone": PHONE},
        **more,
    }
    answer = await as_("dispatcher").post("/api/incidents", json=new)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def worked_on(as_: As, town: Town) -> dict[str, Any]:
    """An incident with a unit on its way, a note with hostile text, and a step that came with a device's clock."""
    incident = await opened(as_, town)
    id, dispatcher = incident["id"], as_("dispatcher")
    answer = await dispatcher.post(f"/api/incidents/{id}/dispatches", json={"units": [town.units["102-0"]]})
    assert answer.status_code == 201, answer.text
    dispatch = answer.json()["dispatches"][0]["id"]
    body = {"status": "acknowledged", "means": "radio", "at": "2026-01-02T03:04:05Z"}
    assert (await dispatcher.post(f"/api/dispatches/{dispatch}/status", json=body)).status_code == 200
    assert (await dispatcher.post(f"/api/incidents/{id}/notes", json={"text": HOSTILE})).status_code == 201
    return incident


async def taken(as_: As, id: int, how: str, who: str = "dispatcher", **more: Any) -> httpx.Response:
    return await as_(who).get(f"/api/incidents/{id}/record", params={"format": how, "lang": "kk", **more})


async def test_the_log_tells_who_what_and_by_which_clock(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    answer = await as_("dispatcher").get(f"/api/incidents/{incident['id']}/log")
    lines = answer.json()["entries"]
    told = [(line["source"], line["kind"]) for line in lines]
    expected = [("incident", "opened"), ("dispatch", "dispatched"), ("dispatch", "acknowledged"), ("incident", "note")]
    assert [one for one in told if one in expected] == expected
    step = next(line for line in lines if line["kind"] == "acknowledged")
    assert step["device_at"] == "2026-01-02T03:04:05Z" < step["at"]
    assert (step["who"], step["subject"], step["details"]["means"]) == ("dispatcher", "102-0", "radio")
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


async def told_by_radio(town: Town, incident_id: int) -> None:
    """A notice of an incident that went out at once and was acknowledged."""
    await town.sql(
        """WITH n AS (
        INSERT INTO notice (chain_id, step, incident_id, priority, to_kind, to_id, to_name, channel, address, language,
            subject, body, short, expires_at, acknowledged_at, acknowledged_by)
        SELECT id, 0, incident_id, 1, 'unit', 1, '102-0', 'crew_page', '', 'kk', '', '', '', now(), now(), 'x'
          FROM notice_chain WHERE incident_id = :id LIMIT 1 RETURNING id)
        INSERT INTO notice_attempt (notice_id, ended_at, outcome) SELECT id, now(), 'sent' FROM n""",
        id=incident_id,
    )


async def merged(as_: As, id: int, into_id: int) -> None:
    body = {"into_id": into_id, "reason": "The same fire"}
    answer = await as_("dispatcher").post(f"/api/incidents/{id}/merge", json=body)
    assert answer.status_code == 200, answer.text


async def test_what_was_said_of_one_that_was_merged_twice_stands_in_every_form_of_the_last(town: Town, as_: As) -> None:
    first = await worked_on(as_, town)
    second, last = await opened(as_, town), await opened(as_, town)
    await told_by_radio(town, first["id"])
    before = (await as_("dispatcher").get(f"/api/incidents/{first['id']}/log")).json()["entries"]
    for one, into in ((first, second), (second, last)):
        await merged(as_, one["id"], into["id"])
    after = (await as_("dispatcher").get(f"/api/incidents/{last['id']}/log")).json()["entries"]
    assert [line for line in before if line not in after] == []
    assert {line["source"] for line in before} == {"incident", "dispatch", "notice"}
    for how in ("csv", "html", "eido"):
        assert "HYPERLINK" in (await taken(as_, last["id"], how)).text


async def test_a_line_of_a_call_tells_when_it_was_by_the_clock_of_the_exchange(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    ((call,),) = await town.sql("""INSERT INTO call (home_area_id, state, rang_at, outcome, incident_id)
        SELECT area_id, 'answered', now(), 'duplicate', id FROM incident RETURNING id""")
    told = """INSERT INTO call_entry (call_id, kind, who, details)
        VALUES (:call, :kind, 'exchange', CAST(:said AS jsonb))"""
    lines = {"rang": {"at": "2026-01-02T03:04:05+00:00"}, "answered": {"by_hand": True}, "noted": {"at": "infinity"}}
    for kind, said in lines.items():
        await town.sql(told, call=call, kind=kind, said=json.dumps(said))
    log = (await as_("dispatcher").get(f"/api/incidents/{incident['id']}/log")).json()["entries"]
    times = {line["kind"]: line["device_at"] for line in log if line["source"] == "call"}
    assert times == {"rang": "2026-01-02T03:04:05Z", "answered": None, "noted": None}


async def test_what_is_not_theirs_is_as_if_it_were_not_there(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    for path in ("log", "record"):
        answer = await as_("stranger").get(f"/api/incidents/{incident['id']}/{path}")
        assert answer.status_code == 404 and answer.json()["code"] == "no_such_incident"


@pytest.mark.parametrize("how", ["html", "csv", "geojson", "geoparquet", "eido"])
async def test_no_form_of_the_record_tells_who_called(town: Town, as_: As, how: str) -> None:
    incident = await worked_on(as_, town)
    answer = await taken(as_, incident["id"], how)
    assert answer.status_code == 200, answer.text
    digits = re.sub(r"\D", "", PHONE)
    for secret in (NAME, PHONE, digits, digits[1:]):
        assert secret.encode() not in answer.content


async def test_the_card_is_a_page_on_its_own_and_nothing_typed_is_markup(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    answer = await taken(as_, incident["id"], "html")
    page = answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page)
    for told in (
        incident["number"],
        "Қазақша: өрт, түтін көрінеді",
        "Абай даңғылы, 10",
        "102-0",
        "Журнал",
        "қабылдады",
    ):
        assert told in page
    assert "А•••" in page and "+7 7** *** ** 23" in page


async def reported(as_: As, town: Town) -> int:
    """Return an incident whose caller answered two questions, one of them while the crews were on their way."""
    dispatcher = as_("dispatcher")
    call = (await dispatcher.post("/api/calls", json={"said": "Өрт!", "answers": {"people_inside": "yes"}})).json()
    body = {"category": "fire", "place": town.at(10, 10)}
    incident = (await dispatcher.post(f"/api/calls/{call['id']}/incident", json=body)).json()
    more = {"answers": {"smoke_colour": "black"}, "said": "Түтін көп"}
    later = await dispatcher.patch(f"/api/calls/{call['id']}", json=more)
    assert later.status_code == 200, later.text
    return int(incident["id"])


async def test_what_a_caller_answered_stands_in_the_card_the_log_and_the_document_for_others(
    town: Town, as_: As
) -> None:
    id = await reported(as_, town)
    card = (await taken(as_, id, "html")).text
    assert "Ішінде адам бар ма? иә" in card and "Түтіннің түсі қандай? қара" in card
    assert card.count("Түтіннің түсі қандай? қара") == 2, "with the call, and in the log when it was answered"
    assert "Өрт!" in card.split("Түтін көп", 1)[1], "what was written over stands in the log"
    notes = [note["notesActionComments"] for note in (await eido_of(as_, id))["notesComponent"]]
    assert any("Түтін көп" in note and "иә" in note and "қара" in note for note in notes), notes
    answer = (await as_("dispatcher").get(f"/api/incidents/{id}")).json()
    assert answer["calls"][0]["answers"] == {"people_inside": "yes", "smoke_colour": "black"}
    assert answer["calls"][0]["said"] == "Түтін көп"


async def test_the_card_prints_with_every_letter_of_kazakh(town: Town, as_: As) -> None:
    every = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
    incident = await opened(as_, town, description=every)
    answer = await taken(as_, incident["id"], "pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    # The fonts in it map their glyphs back to letters: what no font had would be missing there.
    streams = re.findall(rb"stream\r?\n(.*?)endstream", answer.content, re.DOTALL)
    maps = b"".join(_inflated(stream) for stream in streams if b"beginbfchar" in _inflated(stream))
    mapped = set(re.findall(rb"<[0-9A-Fa-f]+> *<([0-9A-Fa-f]+)>", maps))
    assert {f"{ord(letter):04x}".encode() for letter in every} <= {code.lower() for code in mapped}


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


async def test_the_log_as_a_table_opens_without_running_anything(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    answer = await taken(as_, incident["id"], "csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert next(row for row in rows if row["kind"] == "note")["details"] == f"'{HOSTILE}"
    step = next(row for row in rows if row["kind"] == "acknowledged")
    assert step["device_time"] == "2026-01-02T03:04:05Z" and step["what"] == "қабылдады"


async def test_the_record_lies_on_the_map(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    found = json.loads((await taken(as_, incident["id"], "geojson")).content)
    kinds = {one["properties"]["what"]: one for one in found["features"]}
    place = incident["place"]
    assert kinds["incident"]["geometry"]["coordinates"] == [place["lon"], place["lat"]]
    assert kinds["dispatch"]["geometry"]["type"] == "LineString"
    frame = geopandas.read_parquet(io.BytesIO((await taken(as_, incident["id"], "geoparquet")).content))
    assert frame.crs == "OGC:CRS84" and list(frame["number"]) == [incident["number"]]
    assert (frame.geometry.x[0], frame.geometry.y[0]) == (place["lon"], place["lat"])


async def test_who_called_goes_out_for_a_purpose_and_a_second_proof_alone(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    path = f"/api/incidents/{incident['id']}/record/whole"
    bare = await as_("dispatcher").get(path)
    assert (bare.status_code, bare.json()["code"]) == (422, "purpose_needed")
    purpose = {"X-Qyran-Purpose": f"incident:{incident['id']}"}
    whole = await as_("dispatcher").get(path, params={"lang": "ru"}, headers=purpose)
    assert whole.status_code == 200 and NAME in whole.text and PHONE in whole.text
    assert (await as_("planner").get(path, headers=purpose)).status_code == 403
    told = await town.sql(
        "SELECT purpose, details FROM audit WHERE operation = 'incidents.record_whole' AND outcome = 'done'"
    )
    assert [row.details for row in told] == [{"format": "html"}] and told[0].purpose is not None


# ── many at once ──


async def exported(as_: As, how: str, who: str = "dispatcher", **to: str) -> httpx.Response:
    asked = {"from": (datetime.now(UTC) - timedelta(days=1)).isoformat(), "format": how, "lang": "kk", **to}
    answer = await as_(who).get("/api/incidents/export", params=asked)
    assert answer.status_code == 200, answer.text
    return answer


async def test_the_incidents_of_an_interval_are_taken_out_in_three_forms(town: Town, as_: As) -> None:
    one, other = await opened(as_, town, address="=1+1"), await opened(as_, town)
    numbers = [one["number"], other["number"]]
    rows = list(csv.DictReader(io.StringIO((await exported(as_, "csv")).content.decode("utf-8-sig"))))
    assert [row["number"] for row in rows] == numbers and rows[0]["address"] == "'=1+1"
    features = json.loads((await exported(as_, "geojson")).content)["features"]
    assert [one["properties"]["number"] for one in features] == numbers
    content = (await exported(as_, "geoparquet")).content
    frame = geopandas.read_parquet(io.BytesIO(content), bbox=(-180, -90, 180, 90))
    assert list(frame["number"]) == numbers and str(frame["opened_at"].dtype).endswith("UTC]")
    about = json.loads(pyarrow.parquet.read_schema(io.BytesIO(content)).metadata[b"geo"])
    assert about["version"] == "1.1.0" and about["columns"]["geometry"]["geometry_types"] == ["Point"]


async def test_the_definition_tells_whether_a_file_is_an_object(town: Town, as_: As) -> None:
    incident = await opened(as_, town)
    answers = (await as_("dispatcher").get("/api/openapi.json")).json()["paths"]["/api/incidents/{id}/record"]["get"]
    for how in ("geojson", "eido", "html", "csv"):
        answer = await taken(as_, incident["id"], how)
        told = answers["responses"]["200"]["content"][answer.headers["content-type"].partition(";")[0]]["schema"]
        assert (told["type"] == "object") == answer.text.startswith("{"), how


async def test_an_interval_without_an_end_holds_what_was_opened_last_and_one_with_it_does_not(
    town: Town, as_: As
) -> None:
    before = datetime.now(UTC).isoformat()
    number = (await opened(as_, town))["number"]
    assert number in (await exported(as_, "csv")).text
    assert number not in (await exported(as_, "csv", to=before)).text


async def test_another_area_exports_nothing_of_it(town: Town, as_: As) -> None:
    await opened(as_, town)
    assert json.loads((await exported(as_, "geojson", "stranger")).content)["features"] == []
    empty = geopandas.read_parquet(io.BytesIO((await exported(as_, "geoparquet", "stranger")).content))
    assert len(empty) == 0 and empty.crs == "OGC:CRS84"


# ── EIDO ──


async def eido_of(as_: As, id: int, **headers: str) -> dict[str, Any]:
    answer = await taken(as_, id, "eido")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_an_eido_keeps_to_the_standard_and_names_only_what_is_in_it(town: Town, as_: As) -> None:
    incident = await worked_on(as_, town)
    told = await eido_of(as_, incident["id"])
    assert [error.message for error in SCHEMA.iter_errors(told)] == []
    ids = set(re.findall(r'"\$id":"([^"]+)"', json.dumps(told, separators=(",", ":"))))
    named = set(re.findall(r'"\$ref":"([^"]+)"', json.dumps(told, separators=(",", ":"))))
    assert named <= ids
    assert told["incidentComponent"]["internalIncidentId"] == incident["number"]
    unit = told["emergencyResourceComponent"][0]
    assert unit["primaryUnitStatusRegistryText"] == "NotAvailable"
    assert unit["secondaryUnitStatusRegistryText"] == ["AcknowledgedTransmission"]
    notes = [note["notesActionComments"] for note in told["notesComponent"]]
    assert any("&lt;script&gt;" in note for note in notes) and not any("<script" in note for note in notes)


@pytest.mark.parametrize(
    ("duty", "told"), [("on", "Available"), ("out_of_service", "NotAvailable"), ("off", "NotAvailable")]
)
async def test_a_unit_that_was_released_is_as_free_as_it_is(town: Town, as_: As, duty: str, told: str) -> None:
    incident = await worked_on(as_, town)
    ((dispatch,),) = await town.sql("SELECT id FROM dispatch")
    for status in ("enroute", "onscene", "clear"):
        path = f"/api/dispatches/{dispatch}/status"
        assert (await as_("dispatcher").post(path, json={"status": status, "means": "radio"})).status_code == 200
    await town.sql("UPDATE unit SET duty = :duty, crew = 2 WHERE id = :id", duty=duty, id=town.units["102-0"])
    (unit,) = (await eido_of(as_, incident["id"]))["emergencyResourceComponent"]
    assert (unit["primaryUnitStatusRegistryText"], unit["secondaryUnitStatusRegistryText"]) == (told, ["Cleared"])
    other = await opened(as_, town)
    answer = await as_("dispatcher").post(
        f"/api/incidents/{other['id']}/dispatches", json={"units": [town.units["102-0"]]}
    )
    if answer.status_code == 201:  # bound elsewhere by now
        (unit,) = (await eido_of(as_, incident["id"]))["emergencyResourceComponent"]
        assert unit["primaryUnitStatusRegistryText"] != "Available"
    assert (answer.status_code == 201) is (duty == "on")


async def handed(as_: As, document: Any, who: str = "dispatcher") -> httpx.Response:
    return await as_(who).post("/api/incidents/import", json=document)


async def foreign(town: Town, as_: As) -> dict[str, Any]:
    """What another centre would send of an incident like ours."""
    told = await eido_of(as_, (await worked_on(as_, town))["id"])
    other: dict[str, Any] = json.loads(json.dumps(told).replace(told["issuingElementIdentification"], "other.example"))
    return other


async def test_an_incident_that_is_handed_over_is_opened_once(town: Town, as_: As) -> None:
    document = await foreign(town, as_)
    first = await handed(as_, document)
    assert first.status_code == 201, first.text
    again = await handed(as_, document)
    assert again.status_code == 200
    assert again.json() == first.json() | {"opened": False, "notes": 0}
    incident = (await as_("dispatcher").get(f"/api/incidents/{first.json()['incident_id']}")).json()
    assert incident["category"] == "fire" and incident["state"] == "pending"
    assert incident["address"] == "Абай даңғылы, 10"
    assert incident["place"] == pytest.approx(town.at(10, 10), abs=1e-6)
    log = (await as_("dispatcher").get(f"/api/incidents/{incident['id']}/log")).json()["entries"]
    assert {"opened", "imported", "note"} <= {line["kind"] for line in log}
    said = next(line for line in log if HOSTILE in str(line["details"].get("text")))
    assert said["device_at"] is not None and said["who"].startswith("agent-")


async def test_what_a_later_document_tells_anew_stands_in_the_log(town: Town, as_: As) -> None:
    document = await foreign(town, as_)
    first = (await handed(as_, document)).json()
    path = f"/api/incidents/{first['incident_id']}"
    before = (await as_("dispatcher").get(f"{path}/log")).json()["entries"]
    rewritten, new = document["notesComponent"][0], {**document["notesComponent"][-1], "$id": "note-new@other.example"}
    rewritten["notesActionComments"] = "Rewritten there"
    document["notesComponent"].append({**new, "notesActionComments": "The roof fell in."})
    document["incidentComponent"]["incidentStatusCommonRegistryText"] = ["Closed"]
    later = await handed(as_, document)
    assert (later.status_code, later.json()) == (200, first | {"opened": False, "notes": 2})
    assert (await handed(as_, document)).json() == first | {"opened": False, "notes": 0}
    after = (await as_("dispatcher").get(f"{path}/log")).json()["entries"]
    told = [(line["kind"], line["details"].get("text")) for line in after if line not in before]
    assert told == [("imported_again", "Closed · assigned"), ("note", "Rewritten there"), ("note", "The roof fell in.")]
    assert after[-1]["details"]["sender"] == "other.example"
    assert (await as_("dispatcher").get(path)).json()["state"] == "pending"  # a person closes it here
    kept = await town.sql("SELECT document FROM incident_import_later")
    assert [row.document for row in kept] == [document]
    assert (await handed(as_, document, "stranger")).json()["code"] in ("imported_elsewhere", "eido_closed")


async def test_what_is_new_in_a_long_later_document_is_told_and_what_is_beyond_the_limit_counted(
    town: Town, as_: As
) -> None:
    document = await foreign(town, as_)
    (*_, note) = document["notesComponent"]

    def more(n: int) -> None:
        known = len(document["notesComponent"])
        document["notesComponent"] += [{**note, "$id": f"note-{known + i}@other.example"} for i in range(n)]

    async def told() -> tuple[int, int]:
        answer = await handed(as_, document)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["notes"], answer.json()["left_out"]

    more(NOTES - len(document["notesComponent"]))
    assert await told() == (NOTES, 0)
    more(2)
    assert await told() == (2, 0), "what is known already takes no room"
    more(NOTES + 3)
    assert await told() == (NOTES, 3)
    lines = await town.sql("SELECT details FROM incident_entry WHERE kind = 'imported_again' ORDER BY id")
    assert [row.details.get("left_out") for row in lines] == [None, 3]
    more(1)
    assert await told() == (4, 0), "what had no room then is new now"


@pytest.mark.parametrize("status", ["Closed", "closed", "Cancelled"])
async def test_one_that_is_over_where_it_comes_from_is_refused_and_tells_nobody(
    town: Town, as_: As, status: str
) -> None:
    document = await foreign(town, as_)
    before = await town.sql("SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM notice_chain)")
    document["incidentComponent"]["incidentStatusCommonRegistryText"] = [status]
    answer = await handed(as_, document)
    assert (answer.status_code, answer.json()["code"]) == (409, "eido_closed")
    assert await town.sql("SELECT (SELECT count(*) FROM incident), (SELECT count(*) FROM notice_chain)") == before


async def test_what_another_area_answers_for_is_not_taken(town: Town, as_: As) -> None:
    document = await foreign(town, as_)
    answer = await handed(as_, document, "stranger")
    assert (answer.status_code, answer.json()["code"]) == (403, "outside_your_area")


async def test_a_document_taken_where_one_does_not_see_is_told_apart_from_a_new_one(town: Town, as_: As) -> None:
    document = await foreign(town, as_)
    assert (await handed(as_, document)).status_code == 201
    place = f"{town.elsewhere.lat:.7f} {town.elsewhere.lon:.7f}"
    value = document["locationComponent"][0]["locationByValue"]
    document["locationComponent"][0]["locationByValue"] = re.sub(r"(pos>)[^<]*", rf"\g<1>{place}", value)
    answer = await handed(as_, document, "stranger")
    assert (answer.status_code, answer.json()["code"]) == (409, "imported_elsewhere")


def _without_place(document: dict[str, Any]) -> None:
    document["locationComponent"] = []


def _with_entity(document: dict[str, Any]) -> None:
    evil = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><presence>&b;</presence>'
    document["locationComponent"][0]["locationByValue"] = evil


def _on_another_globe(document: dict[str, Any]) -> None:
    value = document["locationComponent"][0]["locationByValue"]
    document["locationComponent"][0]["locationByValue"] = re.sub(r"(pos>)[^<]*", r"\g<1>91 NaN", value)


def _without_incident(document: dict[str, Any]) -> None:
    del document["incidentComponent"]


def _of_another_version(document: dict[str, Any]) -> None:
    document["eidoVersion"] = "9"


def _with_a_note_that_is_none(document: dict[str, Any]) -> None:
    del document["notesComponent"][0]["notesActionComments"]


@pytest.mark.parametrize(
    "spoil",
    [
        _without_place,
        _with_entity,
        _on_another_globe,
        _without_incident,
        _of_another_version,
        _with_a_note_that_is_none,
    ],
)
async def test_a_document_that_cannot_be_taken_is_refused_with_where_it_is_wrong(
    town: Town, as_: As, spoil: Callable[[dict[str, Any]], None]
) -> None:
    document = await foreign(town, as_)
    before = await town.sql("SELECT count(*) FROM incident")
    spoil(document)
    answer = await handed(as_, document)
    assert answer.status_code == 400 and answer.json()["code"] in ("wrong_eido", "eido_without_place"), answer.text
    assert await town.sql("SELECT count(*) FROM incident") == before


UNHEARD_OF = (
    "[" * 300 + "]" * 300, "[" * 90_000 + "]" * 90_000, "[" + "0," * 120_000 + "0]", "1" + "0" * 30, "NaN", "-Infinity",
    "1e999", '"\\ud800"', '"\\u0000"',
)  # fmt: skip


@pytest.mark.parametrize("told", UNHEARD_OF, ids=range(len(UNHEARD_OF)))
async def test_no_value_in_a_document_fails_the_server(town: Town, as_: As, told: str) -> None:
    document = json.dumps(await foreign(town, as_))
    for spoilt in (document[:-1] + f', "unknown": {told}}}', document.replace('"1.0"', told)):
        headers = {"Content-Type": "application/json"}
        answer = await as_("dispatcher").post("/api/incidents/import", content=spoilt, headers=headers)
        assert answer.status_code in (201, 400), answer.text
        assert answer.status_code == 201 or answer.json()["code"] in ("wrong_eido", "unreadable_body")


async def test_long_and_hostile_texts_are_taken_as_text(town: Town, as_: As) -> None:
    document = await foreign(town, as_)
    document["incidentComponent"]["incidentTypeInternalText"] = "x\x00" * 100_000
    document["incidentComponent"]["incidentTypeInternalCode"] = "no such category"
    document["incidentComponent"]["incidentCommonPriorityNumber"] = 99
    answer = await handed(as_, document)
    assert answer.status_code == 201, answer.text
    incident = (await as_("dispatcher").get(f"/api/incidents/{answer.json()['incident_id']}")).json()
    assert incident["category"] == "other" and incident["priority"] == 4 and set(incident["description"]) == {"x"}
