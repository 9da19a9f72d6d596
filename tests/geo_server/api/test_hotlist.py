"""Who may look for plates, on what grounds; lists are brought in row by row; hits are shown where they may be seen."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx
import pytest

pytestmark = pytest.mark.anyio
WHY = {"x-qyran-purpose": "reason:Search%20of%20stolen%20cars"}
SOON = (datetime.now(UTC) + timedelta(days=5)).isoformat()


class As(Protocol):
    def __call__(self, name: str) -> httpx.AsyncClient: ...


class Town(Protocol):
    def at(self, east_m: float, north_m: float) -> dict[str, float]: ...

    async def event(self, kind: str = ..., *, place: dict[str, float] | None = None, **more: Any) -> int: ...

    async def sql(self, asked: str, **values: Any) -> list[Any]: ...


async def area(town: Town, code: str) -> int:
    return int((await town.sql("SELECT id FROM area WHERE code = :code", code=code))[0][0])


async def new(town: Town, code: str = "KZ-75-MED", **changed: Any) -> dict[str, Any]:
    given = {"plate": "123 авс 02", "kind": "stolen", "legal_basis": "ERDR 247512031000123", "owner": "Medeu police"}
    return {**given, "area_id": await area(town, code), "ends_at": SOON, **changed}


async def made(town: Town, as_: As, who: str = "commander", **changed: Any) -> dict[str, Any]:
    answer = await as_(who).post("/api/hotlist", json=await new(town, **changed), headers=WHY)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_plate_is_looked_for_until_it_is_ended_and_each_act_is_told_with_its_purpose(
    town: Town, as_: As
) -> None:
    entry = await made(town, as_)
    assert (entry["plate"], entry["standing"], entry["hits"]) == ("123ABC02", "live", 0)
    listed = (await as_("dispatcher").get("/api/hotlist")).json()
    assert listed == {"entries": [entry], "next": None}
    for _ in range(2):
        ended = await as_("commander").post(f"/api/hotlist/{entry['id']}/end", headers=WHY)
        assert (ended.status_code, ended.json()["standing"], ended.json()["ended_by"]) == (200, "ended", "commander")
    told = await town.sql(
        "SELECT operation, purpose ->> 'reason', details::text, object_id FROM audit"
        " WHERE operation LIKE 'hotlist.write' ORDER BY id"
    )
    assert [(row[0], row[1], row[3]) for row in told] == [("hotlist.write", "Search of stolen cars", entry["id"])] * 3
    assert not any("123ABC02" in row[2] for row in told)
    kept = await town.sql("SELECT field, value FROM audit_personal WHERE value = '123ABC02'")
    assert [row[0] for row in kept] == ["plate"] * 3


async def test_who_may_not_or_gives_no_purpose_or_no_proof_is_refused(town: Town, as_: As) -> None:
    body = await new(town)
    for who, code in (("dispatcher", "not_your_role"), ("planner", "not_your_role")):
        assert (await as_(who).post("/api/hotlist", json=body, headers=WHY)).json()["code"] == code
    assert (await as_("commander").post("/api/hotlist", json=body)).json()["code"] == "purpose_needed"
    for who in ("planner", "crew"):
        assert (await as_(who).get("/api/hotlist")).status_code == 403
    assert await town.sql("SELECT 1 FROM hotlist_entry") == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"legal_basis": "  "}, "bad_request"),
        ({"owner": ""}, "bad_request"),
        ({"plate": "ЖД 12"}, "bad_request"),
        ({"plate": "??"}, "bad_request"),
        ({"kind": "because"}, "bad_request"),
        ({"ends_at": "2020-01-01T00:00:00Z"}, "hotlist_times"),
        ({"ends_at": "2099-01-01T00:00:00Z"}, "hotlist_times"),
        ({"ends_at": SOON, "begins_at": SOON}, "hotlist_times"),
        ({"area_id": 10**9}, "outside_your_area"),
    ],
)
async def test_an_entry_without_grounds_or_end_is_refused_in_words(
    town: Town, as_: As, changed: dict[str, Any], told: str
) -> None:
    refused = await as_("commander").post("/api/hotlist", json=await new(town, **changed), headers=WHY)
    assert 400 <= refused.status_code < 500 and refused.json()["code"] == told, refused.text
    assert await town.sql("SELECT 1 FROM hotlist_entry") == []


async def test_the_same_plate_on_the_same_grounds_is_listed_once(town: Town, as_: As) -> None:
    await made(town, as_)
    again = await as_("commander").post("/api/hotlist", json=await new(town), headers=WHY)
    assert (again.status_code, again.json()["code"]) == (409, "listed_already")


async def test_a_district_sees_ends_and_adds_no_entry_of_another(town: Town, as_: As) -> None:
    theirs = await made(town, as_)
    assert (await as_("stranger").get("/api/hotlist")).json()["entries"] == []
    assert (await as_("stranger").get(f"/api/hotlist/{theirs['id']}/hits")).json()["code"] == "no_such_entry"
    above = await made(town, as_, code="KZ")
    own = as_("local commander")
    assert [one["id"] for one in (await own.get("/api/hotlist")).json()["entries"]] == [theirs["id"]]
    ended = await own.post(f"/api/hotlist/{above['id']}/end", headers=WHY)
    assert (ended.status_code, ended.json()["code"]) == (404, "no_such_entry")
    beyond = await own.post("/api/hotlist", json=await new(town, "KZ", plate="777AAA02"), headers=WHY)
    assert beyond.json()["code"] == "outside_your_area"


async def test_a_page_goes_on_where_the_one_before_ended_and_a_part_of_a_plate_finds_it(town: Town, as_: As) -> None:
    ids = [(await made(town, as_, plate=f"12{n}ABC02"))["id"] for n in range(3)]
    client = as_("dispatcher")
    first = (await client.get("/api/hotlist", params={"limit": 2})).json()
    rest = (await client.get("/api/hotlist", params={"limit": 2, "after": first["next"]})).json()
    assert [one["id"] for one in (*first["entries"], *rest["entries"])] == ids[::-1] and rest["next"] is None
    found = (await client.get("/api/hotlist", params={"plate": "1 авс"})).json()["entries"]
    assert [one["plate"] for one in found] == ["121ABC02"]
    assert (await client.get("/api/hotlist", params={"plate": "%"})).status_code == 200


async def hit(town: Town, entry: dict[str, Any], place: dict[str, float] | None = None, **more: Any) -> int:
    details = f'{{"entry": {entry["id"]}, "plate": "{entry["plate"]}", "merged": 2}}'
    return await town.event("plate_hit", place=place, details=details, **more)


async def test_the_last_hits_of_an_entry_are_told_newest_first_to_whoever_sees_where_they_were(
    town: Town, as_: As
) -> None:
    entry = await made(town, as_, code="KZ")
    older, newer = await hit(town, entry, ago_s=900.0), await hit(town, entry, town.at(300, 0), ago_s=30.0)
    told = (await as_("commander").get(f"/api/hotlist/{entry['id']}/hits")).json()
    assert [one["event_id"] for one in told["hits"]] == [newer, older]
    assert told["entry"]["hits"] == 2 and told["hits"][0]["merged"] == 2 and told["hits"][0]["state"] == "new"
    desk = (await as_("dispatcher").get(f"/api/hotlist/{entry['id']}/hits")).json()
    assert desk["entry"] is None and desk["hits"] == told["hits"]  # seen in the district, administered above it
    assert (await as_("stranger").get(f"/api/hotlist/{entry['id']}/hits")).status_code == 404


async def test_a_planner_sees_that_there_was_a_hit_and_not_of_which_plate(town: Town, as_: As) -> None:
    event_id = await hit(town, await made(town, as_))
    told = {who: (await as_(who).get(f"/api/events/{event_id}")).json() for who in ("planner", "dispatcher")}
    assert told["planner"]["kind"] == "plate_hit" and told["planner"]["details"] == {"merged": 2}
    assert told["dispatcher"]["details"]["plate"] == "123ABC02"
    listed = (await as_("planner").get("/api/events")).json()["events"]
    assert [one["details"] for one in listed] == [{"merged": 2}]


TABLE = """\ufeffPlate;Kind;legal_basis;owner;area;ends_at;note
123 ABC 02;stolen;ERDR 1;Medeu;KZ-75-MED;{day};
А 123 ВСD;wanted;ERDR 2;Medeu;;{day};white van
123ABC02;stolen;ERDR 1;Medeu;KZ-75-MED;{day};
ЖДЖ12;stolen;ERDR 3;Medeu;;{day};
777AAA05;stolen;;Medeu;;{day};
778AAA05;stolen;ERDR 4;Medeu;KZ-71;{day};
779AAA05;stolen;ERDR 5;Medeu;;2020-01-01;
780AAA05;stolen;ERDR 6;Medeu;;soon;
"""


async def test_a_list_is_brought_in_and_its_bad_rows_are_told_and_keep_no_other_out(town: Town, as_: As) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    body = {"csv": TABLE.format(day=day)}
    told = (await as_("local commander").post("/api/hotlist/import", json=body, headers=WHY)).json()
    assert (told["added"], told["refused"]) == (2, 6)
    assert [(row["line"], row["column"], row["why"]) for row in told["rows"]] == [
        (4, "plate", "listed_already"),
        (5, "plate", "bad_value"),
        (6, "legal_basis", "missing"),
        (7, "area", "outside_your_area"),
        (8, "ends_at", "hotlist_times"),
        (9, "ends_at", "bad_value"),
    ]
    entries = (await as_("dispatcher").get("/api/hotlist")).json()["entries"]
    assert [(one["plate"], one["kind"], one["note"]) for one in entries] == [
        ("A123BCD", "wanted", "white van"),
        ("123ABC02", "stolen", ""),
    ]
    end = datetime.fromisoformat(entries[0]["ends_at"]).astimezone(UTC)
    assert (end.hour, end.minute, end.date().isoformat()) == (19, 0, day)  # the end of that day at UTC+5
    again = (await as_("local commander").post("/api/hotlist/import", json=body, headers=WHY)).json()
    assert again["added"] == 0


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("plate,kind\n1,2", "bad_table"),
        ("plate,kind,legal_basis,owner,ends_at,ends_at\n", "bad_table"),
        ("nonsense", "bad_table"),
        ('plate,kind,legal_basis,owner,ends_at\n"never closed' + "x" * 200_000, "bad_table"),
        ("plate,kind,legal_basis,owner,ends_at\n" + "1,2,3,4,5\n" * 2001, "table_too_long"),
        ("", "bad_request"),
        ("a\x00", "bad_request"),
    ],
    ids=["columns lack", "a column twice", "no table", "a quote never closed", "too many rows", "empty", "NUL"],
)
async def test_what_is_no_table_is_refused_in_a_sentence(as_: As, table: str, code: str) -> None:
    refused = await as_("commander").post("/api/hotlist/import", json={"csv": table}, headers=WHY)
    assert 400 <= refused.status_code < 500 and refused.json()["code"] == code


async def test_a_report_names_a_hundred_refused_rows_at_most(as_: As) -> None:
    table = "plate,kind,legal_basis,owner,ends_at\n" + "1,2,3,4,5\n" * 1000
    told = (await as_("commander").post("/api/hotlist/import", json={"csv": table}, headers=WHY)).json()
    assert (told["refused"], len(told["rows"])) == (1000, 100)
