"""Does a new event belong to an open incident, or does it open one? A proposal: a person confirms it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from geo_server.operations.catalogue import Catalogue, EventKind
from geo_server.operations.kinship import alike
from layers.values import Title


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What triage asks of an event: its kind, the category it speaks of, when it happened (UTC)."""

    kind: EventKind
    category: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """An open incident near the event; `last_at` is when it opened or its latest event happened (UTC)."""

    incident_id: int
    number: str
    category: str
    distance_m: float
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """The event belongs to this incident."""

    incident_id: int
    distance_m: float
    age_s: float
    reason: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """The event opens an incident of this category."""

    category: str
    reason: Title


def triage(known: Catalogue, event: NewEvent, nearby: Iterable[Nearby]) -> Join | Open:
    """Return what to propose: of the incidents that fit by place, time and category, the closest in both."""
    fitting = [incident for incident in nearby if _fits(known, event, incident)]
    if not fitting:
        return Open(category=event.category, reason=_nothing_near(event.kind))
    best = min(fitting, key=lambda incident: (_strangeness(event, incident), incident.incident_id))
    age_s = _apart_s(event, best)
    reason = _same_place(best, age_s)
    return Join(incident_id=best.incident_id, distance_m=best.distance_m, age_s=age_s, reason=reason)


def _fits(known: Catalogue, event: NewEvent, incident: Nearby) -> bool:
    near = incident.distance_m <= event.kind.join_radius_m and _apart_s(event, incident) <= event.kind.join_s
    return near and alike(known, event.category, incident.category)


def _apart_s(event: NewEvent, incident: Nearby) -> float:
    return abs((event.at - incident.last_at).total_seconds())


def _strangeness(event: NewEvent, incident: Nearby) -> float:
    """0 for here and now in the same category; each of place, time and category adds up to 1."""
    other = 0.0 if event.category == incident.category else 1.0
    return incident.distance_m / event.kind.join_radius_m + _apart_s(event, incident) / event.kind.join_s + other


def _same_place(incident: Nearby, age_s: float) -> Title:
    metres, minutes, number = round(incident.distance_m), round(age_s / 60), incident.number
    return Title(
        kk=f"{number} оқыс оқиғасы {metres} м жерде, {minutes} мин айырма; санаты сәйкес.",
        ru=f"Происшествие {number} в {metres} м, разница {minutes} мин; категория подходит.",
        en=f"Incident {number} is {metres} m away and {minutes} min apart; its category fits.",
    )


def _nothing_near(kind: EventKind) -> Title:
    metres, minutes = round(kind.join_radius_m), round(kind.join_s / 60)
    return Title(
        kk=f"{metres} м және {minutes} мин ішінде сәйкес ашық оқыс оқиға жоқ.",
        ru=f"В пределах {metres} м и {minutes} мин нет подходящего открытого происшествия.",
        en=f"No fitting open incident within {metres} m and {minutes} min.",
    )
