"""The shapes of an EIDO: what the written schema requires is what reading requires."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_server.record.eido_keeping import MOST_VALUES, WrongEido, kept
from geo_server.record.eido_reading import read
from geo_server.record.pidf import written
from layers.values import LonLat

SCHEMA = jsonschema_rs.validator_for(
    json.loads((Path(__file__).parents[3] / "data" / "eido.schema.json").read_text()), validate_formats=True
)
HERE = LonLat(lon=76.9453217, lat=43.2381234)
PIDF_LO = written(HERE, "Абай, 10", entity="x")


def part(id: str, **told: Any) -> dict[str, Any]:
    head = {"lastUpdateTimeStamp": "2026-01-02T03:04:05.000Z", "updatedByAgencyReference": {"$ref": "agency"}}
    return {"$id": id, **head, **told}


def document() -> dict[str, Any]:
    """A document with one of everything that is read."""
    back, caller, place = ({"$ref": name} for name in ("back", "caller", "place"))
    return part(
        "urn:emergency:uid:incidentid:1:other.example",
        eidoVersion="1.0",
        issuingElementIdentification="other.example",
        agencyComponent=[part("agency", agencyRoleDescriptionRegistryText=["Dispatching"], agencyType=["psap"])],
        agentComponent=[part("agent", agentRoleRegistryText=["Dispatching"], agencyReference={"$ref": "agency"})],
        incidentComponent=part(
            "incident",
            incidentTypeCommonRegistryText="FIRE",
            incidentTypeInternalCode="fire",
            incidentCommonPriorityNumber=2,
            locationReference=[place],
            personReference=[caller],
        ),
        locationComponent=[
            part("place", locationTypeDescriptionRegistryText="Incident", locationByValue=PIDF_LO)
        ],
        personComponent=[part("caller", personIncidentRoleRegistryText=["Caller"], callBackReference=back)],
        callbackComponent=[part("back", callBackInformationUri=["sip:x@y", "tel:+77015550123"])],
        callComponent=[
            part("call", callStateRegistryText="callEnd", standardPrimaryCallType="emergency", direction="incoming",
                 callStartTimestamp="2026-01-02T03:04:05Z")
        ],
        dispatchComponent=[part("dispatch", emergencyResourceReference=[{"$ref": "unit"}])],
        emergencyResourceComponent=[
            part("unit", agentReference=[{"$ref": "agent"}], emergencyResourceTypeCommonRegistryText="Other",
                 primaryUnitStatusRegistryText="NotAvailable", resourceAttributeRegistryText=[],
                 secondaryUnitStatusRegistryText=["EnRoute"])
        ],
        notesComponent=[part("note", notesActionComments="<p>smoke &amp; fire</p>", agentReference={"$ref": "agent"})],
        linkComponent=[part("link", incidentTrackingIdentifier="urn:2", linkDirectionCode="PARENT")],
        mergeComponent=[part("merge", incidentTrackingIdentifier="urn:3", incidentMergeDirectionCode="SPLIT")],
    )  # fmt: skip


def test_what_a_document_tells_is_read() -> None:
    assert [error.message for error in SCHEMA.iter_errors(document())] == []
    taken = read(document())
    assert (taken.uid, taken.sender, taken.code) == (document()["$id"], "other.example", "fire")
    assert (taken.place, taken.address, taken.phone, taken.priority) == (HERE, "Абай, 10", "+77015550123", 2)
    assert [(note.who, note.text) for note in taken.notes] == [("agent", "smoke & fire")]


def _members(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [(*path, key) for key in value] + [
            p for key, item in value.items() for p in _members(item, (*path, key))
        ]
    if isinstance(value, list):
        return [p for n, item in enumerate(value) for p in _members(item, (*path, n))]
    return []


@settings(max_examples=120, deadline=None, database=None)
@given(path=st.sampled_from(_members(document())), wrong=st.sampled_from((None, 5, "text", ["a"], {"b": 1})))
def test_what_the_schema_refuses_is_refused_and_nothing_fails_otherwise(path: tuple[Any, ...], wrong: Any) -> None:
    spoilt = copy.deepcopy(document())
    at = spoilt
    for step in path[:-1]:
        at = at[step]
    if wrong is None:
        del at[path[-1]]
    else:
        at[path[-1]] = wrong
    try:
        read(spoilt)
    except WrongEido:
        return
    # Formats of times beside the point: a moment that cannot be read is passed over, not refused.
    assert [error.message for error in SCHEMA.iter_errors(spoilt) if "date-time" not in error.message] == []


@pytest.mark.parametrize("told", ["no xml", "<a", "<!DOCTYPE a []><a/>", "<a>" * 70_000, "<p><pos>1 2 NaN</pos>"])
def test_a_place_that_cannot_be_read_is_refused(told: str) -> None:
    spoilt = document()
    spoilt["locationComponent"][0]["locationByValue"] = told
    with pytest.raises(WrongEido, match="locationByValue"):
        read(spoilt)


def nested(deep: int) -> Any:
    told: Any = {}
    for n in range(deep):
        told = [told] if n % 2 else {"a": told}
    return told


@pytest.mark.parametrize("told", [
    nested(300), nested(100_000), 10**30, -(10**30), float("nan"), float("-inf"), [0] * MOST_VALUES,
    [{"a": [[], 10**30]}],
])  # fmt: skip
def test_what_the_store_could_not_hold_is_refused_wherever_it_stands(told: Any) -> None:
    with pytest.raises(WrongEido):
        kept(document() | {"unknown": told})


def test_what_no_text_of_the_store_holds_is_left_out_of_what_is_kept() -> None:
    told = kept(document() | {"a\x00": ["x\ud800", {"b\udfff": "\x00y"}, 2**64 - 1, 1.5]})
    assert told["a"] == ["x", {"b": "y"}, 2**64 - 1, 1.5]
    assert {name: told[name] for name in document()} == document()
    with pytest.raises(WrongEido, match="eidoVersion"):
        read(kept(document() | {"eidoVersion": "9\ud800"}))


@pytest.mark.parametrize("told", ["", "u" * 201])
def test_a_name_that_could_be_taken_for_another_is_refused(told: str) -> None:
    with pytest.raises(WrongEido, match=r"\$id"):
        read(document() | {"$id": told})
