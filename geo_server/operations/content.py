"""What a version of the plans holds, as msgspec reads it: each list by name, every name and text within its bounds."""

from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec

from geo_server.operations.needs import Need
from layers.values import Service, Title

HIGHEST_ALARM = 5  # ranks of a fire run from 1 to 5; no plan has more levels

Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,47}\Z")]
# What PostgreSQL and JSON can keep: no control character, no half of a character.
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\ud800-\udfff]+\Z")]
Priority = Annotated[int, msgspec.Meta(ge=1, le=4)]
Count = Annotated[int, msgspec.Meta(ge=1, le=50)]
Metres = Annotated[float, msgspec.Meta(ge=0, le=20_000)]
Hour = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d\Z")]
AreaCode = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[A-Z0-9]+(-[A-Z0-9]+)*\Z")]
Clock = Literal["answer", "process", "turnout", "travel", "on_scene"]
Urgency = Literal["I", "II", "III", "IV"]  # of an ambulance's call (health ministry order ДСМ-225/2020)
Answer = Literal["yes_no", "number", "text", "choice"]


class Regime(StrEnum):
    """The three regimes a territory works in, the mildest first."""

    EVERYDAY = "everyday"
    RAISED = "raised"
    EMERGENCY = "emergency"


class Near(StrEnum):
    """What around a place a plan reacts to."""

    SCHOOL = "school"
    HOSPITAL = "hospital"
    HAZARD_SITE = "hazard_site"
    TUNNEL = "tunnel"
    WATER = "water"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all entries share: a slip of the pen is refused, never passed over."""


class Said(Entry, frozen=True, kw_only=True):
    """A name or a sentence in the three languages."""

    kk: Words
    ru: Words
    en: Words

    def title(self) -> Title:
        """Return it as every room hands it on."""
        return Title(kk=self.kk, ru=self.ru, en=self.en)


class Titled(Entry, frozen=True, kw_only=True):
    """Something that is only named: a group of categories, a person to be told."""

    title: Said


class UnitKind(Titled, frozen=True, kw_only=True):
    """A kind of unit, and the service that has it."""

    service: Service


class Choice(Titled, frozen=True, kw_only=True):
    """One answer of several."""

    name: Name


class Question(Titled, frozen=True, kw_only=True):
    """What is asked of the caller; `choices` are for an answer that is one of several."""

    answer: Answer
    choices: tuple[Choice, ...] = ()


class Category(Titled, frozen=True, kw_only=True):
    """A category of incident: whose it is, how urgent, what is asked. `urgency` is the ambulance's."""

    group: Name
    priority: Priority
    asks: tuple[Name, ...]
    urgency: Urgency | None = None


class Step(Titled, frozen=True, kw_only=True):
    """One line of a checklist."""

    name: Name


class Checklist(Titled, frozen=True, kw_only=True):
    """What is to be done, in order."""

    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=40)]


class Target(Entry, frozen=True, kw_only=True):
    """How long one clock may run, seconds; it warns when that share of it has passed. `source` names the norm.

    With an `area` it counts in that and below it: a nearer one before a farther one, and before one without.
    """

    clock: Clock
    seconds: Annotated[int, msgspec.Meta(ge=1, le=86_400)]
    source: Words
    service: Service | None = None
    warn_share: Annotated[float, msgspec.Meta(gt=0, lt=1)] = 0.75
    area: AreaCode | None = None


class Clocks(Entry, frozen=True, kw_only=True):
    """Targets by name of their set, and the ambulance's time to the scene by urgency, seconds."""

    sets: dict[Name, tuple[Target, ...]]
    urgency: dict[Urgency, Annotated[int, msgspec.Meta(ge=1, le=86_400)]]
    urgency_source: Words


class Moment(Titled, frozen=True, kw_only=True):
    """A time that plans react to: hours `HH:MM` from–to, days 1 (Monday) – 7, months, all by the wall clock."""

    hours: tuple[tuple[Hour, Hour], ...] = ()
    days: tuple[Annotated[int, msgspec.Meta(ge=1, le=7)], ...] = ()
    months: tuple[Annotated[int, msgspec.Meta(ge=1, le=12)], ...] = ()


class NeedEntry(Entry, frozen=True, kw_only=True):
    """So many units of a service, of any of the kinds (none named: of any kind), with all of the skills.

    A skill is what a crew can do or what its unit carries (data/skills.json).
    """

    service: Service
    count: Count
    kinds: tuple[Name, ...] = ()
    skills: tuple[Name, ...] = ()

    def need(self) -> Need:
        """Return it as recommendations reckon with it."""
        return Need(service=self.service, kinds=frozenset(self.kinds), skills=frozenset(self.skills), count=self.count)


class Part(Entry, frozen=True, kw_only=True):
    """What is added to a plan: units, people to be told, checklists, questions. Nothing is ever taken away."""

    needs: tuple[NeedEntry, ...] = ()
    told: tuple[Name, ...] = ()
    checklists: tuple[Name, ...] = ()
    asks: tuple[Name, ...] = ()


class Reaction(Part, frozen=True, kw_only=True):
    """What place and time add, where all of the conditions hold; `priority` is what it becomes at least."""

    because: Said
    near: Near | None = None
    during: Name | None = None
    alarm_up: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0
    priority: Priority | None = None


class Strain(Part, frozen=True, kw_only=True):
    """What a regime adds for categories of these groups (none named: of all) up to a priority."""

    groups: tuple[Name, ...] = ()
    up_to_priority: Priority = 4
    alarm_up: Annotated[int, msgspec.Meta(ge=0, le=2)] = 0


class RegimeEntry(Titled, frozen=True, kw_only=True):
    """A regime; a stricter one adds to what the milder ones add."""

    about: Said
    strains: tuple[Strain, ...] = ()


class Plan(Entry, frozen=True, kw_only=True):
    """How a category is answered: by alarm level, each adding to the one before, and what place and time add.

    `around_m` is how far surroundings are looked at, `cameras_radius_m` how far cameras are chosen, metres.
    """

    levels: Annotated[tuple[Part, ...], msgspec.Meta(min_length=1, max_length=HIGHEST_ALARM)]
    clocks: tuple[Name, ...]
    cameras_radius_m: Metres
    around_m: Metres = 150
    reacts: tuple[Name, ...] = ()


class Content(Entry, frozen=True, kw_only=True):
    """One version of all plans."""

    groups: dict[Name, Titled]
    categories: dict[Name, Category]
    questions: dict[Name, Question]
    checklists: dict[Name, Checklist]
    recipients: dict[Name, Titled]
    times: dict[Name, Moment]
    clocks: Clocks
    reactions: dict[Name, Reaction]
    regimes: dict[Regime, RegimeEntry]
    plans: dict[Name, Plan]


def plain(content: Content) -> dict[str, Any]:
    """Return a version as plain values, for JSON."""
    told: dict[str, Any] = msgspec.to_builtins(content)
    return told
