"""Is what was reported a thing that an open incident stands for already? Proposed with the reason, never done alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geo_server.errors import Refusal
from geo_server.operations.catalogue import Catalogue
from geo_server.operations.kinship import alike, reach_of, widest
from geo_server.plans import versions
from layers.database import Session
from layers.incidents import queries as incidents
from layers.incidents.schema import OpenNearby
from layers.values import LonLat, Title
from layers.viewer import Viewer

MOST = 10  # more are no help: the nearest in place and time come first
MOST_OFF_M = 2000.0  # a circle beyond this says no more than the town it is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is held against the open incidents: its category where one is known, when it came (UTC).

    `radius_m` is how far off its place may be, in metres: an AML position is a circle (ETSI TS 103 625).
    """

    category: str | None
    at: datetime
    radius_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """An open incident that may be the same thing: metres and minutes apart, and that said in a sentence."""

    incident: OpenNearby
    distance_m: float
    minutes: float
    because: Title


async def of_place(
    session: Session,
    viewer: Viewer,
    place: LonLat,
    *,
    radius_m: float = 0.0,
    category: str | None = None,
    at: datetime,
    but: int | None = None,
) -> list[Likeness]:
    """Return the open incidents that a report from a place may be about, the likeliest first, at most ten.

    `radius_m` is how far off the place may be; the incident `but` is left out. Only what the viewer sees is spoken of.
    """
    known = await versions.current(session)
    off_m = min(max(radius_m, 0.0), MOST_OFF_M)
    near = await incidents.open_near(session, viewer, [(place, widest().radius_m + off_m)])
    report = Report(category=category, at=at, radius_m=off_m)
    return likenesses(known, report, [found for found in near if found.id != but])


async def of_incident(session: Session, viewer: Viewer, incident_id: int) -> list[Likeness]:
    """Return the other open incidents that one may be the same as; raises Refusal `no_such_incident`."""
    incident = await incidents.find(session, viewer, incident_id)
    if incident is None:
        raise Refusal("no_such_incident", id=incident_id)
    at, category = incident.opened_at, incident.category
    return await of_place(session, viewer, incident.place, category=category, at=at, but=incident_id)


def likenesses(known: Catalogue, report: Report, nearby: Iterable[OpenNearby]) -> list[Likeness]:
    """Return those that fit by place, time and category, the likeliest first, at most ten."""
    fitting = [found for found in nearby if _strangeness(known, report, found) is not None]
    fitting.sort(key=lambda found: (_strangeness(known, report, found), found.id))
    return [_likeness(known, report, found) for found in fitting[:MOST]]


def _strangeness(known: Catalogue, report: Report, found: OpenNearby) -> float | None:
    """0 for here and now in the same category; each of place, time and category adds up to 1. None: not the same."""
    category = report.category
    if category is not None and not alike(known, category, found.category):
        return None
    reaches = [reach_of(known, name) for name in {found.category, category or found.category}]
    radius_m = max(reach.radius_m for reach in reaches) + report.radius_m
    seconds = max(reach.seconds for reach in reaches)
    apart_s = _apart_s(report, found)
    if found.distance_m > radius_m or apart_s > seconds:
        return None
    return found.distance_m / radius_m + apart_s / seconds + (category not in (None, found.category))


def _apart_s(report: Report, found: OpenNearby) -> float:
    """Return how long before or after anything the incident tells of the report came; 0 while it goes on."""
    return max((found.opened_at - report.at).total_seconds(), (report.at - found.last_at).total_seconds(), 0.0)


def _likeness(known: Catalogue, report: Report, found: OpenNearby) -> Likeness:
    minutes = round(_apart_s(report, found) / 60, 1)
    return Likeness(
        incident=found,
        distance_m=round(found.distance_m, 1),
        minutes=minutes,
        because=_because(known, report, found, minutes),
    )


def _because(known: Catalogue, report: Report, found: OpenNearby, minutes: float) -> Title:
    metres, apart, title = round(found.distance_m), round(minutes), known.category(found.category).title
    off = round(report.radius_m)
    about = Title(kk=f" (дәлдігі ±{off} м)", ru=f" (точность ±{off} м)", en=f" (±{off} m)") if off else _NOTHING
    fits = _UNSAID if report.category is None else _SAME if report.category == found.category else _KINDRED
    return Title(
        kk=f"{found.number} ({title.kk}): {metres} м{about.kk}, {apart} мин айырма; {fits.kk}.",
        ru=f"{found.number} ({title.ru}): {metres} м{about.ru}, разница {apart} мин; {fits.ru}.",
        en=f"{found.number} ({title.en}): {metres} m{about.en}, {apart} min apart; {fits.en}.",
    )


_NOTHING = Title(kk="", ru="", en="")
_SAME = Title(kk="санаты бірдей", ru="та же категория", en="the same category")
_UNSAID = Title(kk="санаты әлі айтылмаған", ru="категория ещё не названа", en="no category was said yet")
_KINDRED = Title(kk="санаты жақын", ru="близкая категория", en="a kindred category")
