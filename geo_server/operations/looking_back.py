"""What is looked back at from an incident, and how far: data/history.json says it (MIA 897, §6.5)."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from geo_server.errors import Refusal
from geo_server.operations.catalogue import DATA
from layers.database import Session
from layers.incidents import past_queries as past
from layers.incidents.past_schema import Found
from layers.incidents.schema import Incident
from layers.values import Service
from layers.viewer import Viewer

What = Literal["place", "address", "road", "visits"]


class Reach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far is looked, metres: around a place, along a street, beside it; whose visits count, what an accident is.

    `days` are how far back, of each kind its own.
    """

    radius_m: dict[str, float]
    days: dict[str, float]
    accidents: tuple[str, ...]
    beside_m: float
    visits: tuple[Service, ...]
    premises_m: float


@cache
def reach(folder: Path = DATA) -> Reach:
    """Read it once; raises msgspec.ValidationError where the file is wrong."""
    return msgspec.json.decode((folder / "history.json").read_bytes(), type=Reach)


def around_place(radius_m: float | None) -> float:
    """Return how far around a place is looked, metres."""
    return radius_m or reach().radius_m["place"]


def radius_of(what: What, radius_m: float | None) -> float | None:
    """Return how far is looked, metres; None where distance says nothing, as of the same address."""
    return None if what == "address" else radius_m or reach().radius_m[what]


def days_of(what: What | Literal["phone", "premises"], days: float | None) -> float:
    """Return how far back is looked, days."""
    return days or reach().days[what]


async def look_back(
    session: Session, viewer: Viewer, incident: Incident, what: What, *, radius_m: float | None, days: float
) -> Found:
    """Return what happened before at an incident's place, address or street, or who came there; itself left out.

    Rejected events around a place count as false alarms.
    """
    here, far = (session, viewer, incident.id, incident.place), radius_of(what, radius_m)
    if far is None:
        return await past.at_address(*here, days=days)
    match what:
        case "road":
            of = reach()
            return await past.along_road(*here, radius_m=far, beside_m=of.beside_m, categories=of.accidents, days=days)
        case "visits":
            return await past.visits(*here, radius_m=far, services=reach().visits, days=days)
        case _:
            found = await past.near(*here, radius_m=far, days=days)
            rejected = await past.rejected_near(session, viewer, incident.place, radius_m=far, days=days)
            return replace(found, false_alarms=found.false_alarms + rejected)


async def look_back_by_phone(session: Session, viewer: Viewer, incident: Incident, *, days: float) -> Found:
    """Return what an incident's caller reported or called about before; raises Refusal no_caller."""
    if incident.caller is None or not incident.caller.phone:
        raise Refusal("no_caller", id=incident.id)
    return await past.by_phone(session, viewer, incident.id, incident.place, phone=incident.caller.phone, days=days)
