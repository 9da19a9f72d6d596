"""How an incident is answered: its category's plan by alarm level, regime, place and time. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from geo_server.operations import content as written
from geo_server.operations import times, why
from geo_server.operations.catalogue import Catalogue, Question
from geo_server.operations.content import Clock, Regime, Urgency
from geo_server.operations.needs import Need, merged
from geo_server.operations.surroundings import Surroundings
from layers.values import Service, Title

__all__ = ["Plan", "Regime", "Step", "Target", "Told", "plan_for", "strictest"]
REGIMES = tuple(Regime)  # the mildest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long one clock may run, seconds, of a service or of the whole; it warns at that share of it."""

    clock: Clock
    service: Service | None
    seconds: float
    warn_share: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a checklist; `item` is `checklist.step`, what a tick names."""

    item: str
    checklist: Title
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who is to be told, by the role that contacts bear."""

    role: str
    title: Title


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done about an incident, and why.

    `alarm` is the level as it was called, `highest_alarm` the plan's last one; `version` is the version of the plans
    that it comes from (0: the files, before the store has them). `urgency` is the ambulance's. `urgent_because` says
    what of place and time makes `priority` more urgent than the category's own.
    """

    category: str
    alarm: int
    highest_alarm: int
    regime: Regime
    version: int
    priority: int
    urgency: Urgency | None
    needs: tuple[Need, ...]
    questions: tuple[Question, ...]
    checklist: tuple[Step, ...]
    told: tuple[Told, ...]
    clocks: tuple[Target, ...]
    cameras_radius_m: float
    because: tuple[Title, ...]
    urgent_because: tuple[Title, ...] = ()


def plan_for(
    catalogue: Catalogue,
    category: str,
    *,
    alarm: int,
    regime: Regime,
    surroundings: Surroundings,
    at: datetime,
    urgency: Urgency | None = None,
    areas: Sequence[str] = (),
) -> Plan:
    """Return the plan; `at` (UTC) is when, `urgency` what was said of this incident instead of its category's.

    `areas` are the codes of where it is, the smallest area first.

    A category that this version does not know is answered as `other`. Level, regime, place and time only ever add.
    """
    known, book = catalogue.category(category), catalogue.content
    plan = book.plans[known.name]
    reactions = [reaction for reaction in _reactions(book, plan) if _holds(book, reaction, surroundings, at)]
    priority = min([known.priority, *(reaction.priority or 4 for reaction in reactions)])
    strains = [strain for strain in _strains(book, regime) if _concerns(strain, known.group, priority)]
    up = sum(reaction.alarm_up for reaction in reactions) + sum(strain.alarm_up for strain in strains)
    level = min(alarm + up, len(plan.levels))
    parts: list[written.Part] = [*plan.levels[:level], *reactions, *strains]
    needs = merged(entry.need() for part in parts for entry in part.needs)
    asked = _once([*(question.name for question in known.questions), *(name for part in parts for name in part.asks)])
    urgent = urgency or known.urgency
    return Plan(
        category=known.name,
        alarm=alarm,
        highest_alarm=len(plan.levels),
        regime=regime,
        version=catalogue.version,
        priority=priority,
        urgency=urgent,
        needs=needs,
        questions=tuple(catalogue.questions[name] for name in asked),
        checklist=_steps(book, _once(name for part in parts for name in part.checklists)),
        told=_told(book, _once(name for part in parts for name in part.told)),
        clocks=_targets(book, plan, needs, urgent, areas),
        cameras_radius_m=plan.cameras_radius_m,
        because=(
            why.of_level(known.title, alarm, level),
            *why.of_regime(book, regime),
            *(why.of_reaction(reaction, surroundings) for reaction in reactions),
        ),
        urgent_because=tuple(
            why.of_reaction(reaction, surroundings)
            for reaction in reactions
            if reaction.priority == priority < known.priority
        ),
    )


def answer_target(book: written.Content) -> Target | None:
    """Return within how long a call is to be answered, whatever it will be about; None where no set says so."""
    asked = (target for targets in book.clocks.sets.values() for target in targets)
    return next((_target(target) for target in asked if target.clock == "answer" and target.area is None), None)


def strictest(regimes: Iterable[Regime]) -> Regime:
    """Return the strictest of the regimes set for an area and for those above it; none set is the everyday one."""
    return max(regimes, key=REGIMES.index, default=Regime.EVERYDAY)


def _reactions(book: written.Content, plan: written.Plan) -> list[written.Reaction]:
    return [book.reactions[name] for name in plan.reacts]


def _holds(book: written.Content, reaction: written.Reaction, surroundings: Surroundings, at: datetime) -> bool:
    there = reaction.near is None or reaction.near in surroundings.near
    return there and (reaction.during is None or times.holds(book.times[reaction.during], at))


def _strains(book: written.Content, regime: Regime) -> list[written.Strain]:
    """Return what the regime and the milder ones below it add."""
    upto = REGIMES[: REGIMES.index(regime) + 1]
    return [strain for name in upto for strain in book.regimes[name].strains]


def _concerns(strain: written.Strain, group: str, priority: int) -> bool:
    return priority <= strain.up_to_priority and (not strain.groups or group in strain.groups)


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _steps(book: written.Content, names: Sequence[str]) -> tuple[Step, ...]:
    lists = [(name, book.checklists[name]) for name in names]
    return tuple(
        Step(item=f"{name}.{step.name}", checklist=one.title.title(), title=step.title.title())
        for name, one in lists
        for step in one.steps
    )


def _told(book: written.Content, names: Sequence[str]) -> tuple[Told, ...]:
    return tuple(Told(role=name, title=book.recipients[name].title.title()) for name in names)


def _targets(
    book: written.Content,
    plan: written.Plan,
    needs: Sequence[Need],
    urgency: Urgency | None,
    areas: Sequence[str],
) -> tuple[Target, ...]:
    """Return the targets of the services that are sent; the ambulance's time to the scene follows its urgency."""
    sent = {need.service for need in needs}
    named = _of_areas([target for name in plan.clocks for target in book.clocks.sets[name]], areas)
    by_urgency = Service.AMBULANCE in sent and urgency is not None
    kept = [
        _target(t)
        for t in named
        if (t.service is None or t.service in sent)
        and not (by_urgency and (t.clock, t.service) == ("on_scene", Service.AMBULANCE))
    ]
    if by_urgency and urgency is not None:
        kept.append(_urgent(book.clocks, urgency))
    return tuple({(target.clock, target.service): target for target in kept}.values())


def _of_areas(targets: Sequence[written.Target], areas: Sequence[str]) -> list[written.Target]:
    """Return those that count there, what counts more after what counts less: the nearest area's last."""
    near = {code: len(areas) - index for index, code in enumerate(areas)}
    there = [target for target in targets if target.area is None or target.area in near]
    return sorted(there, key=lambda target: 0 if target.area is None else near[target.area])


def names_areas(book: written.Content) -> bool:
    """Say whether any target counts in one area alone."""
    return any(target.area is not None for targets in book.clocks.sets.values() for target in targets)


def _target(t: written.Target) -> Target:
    return Target(clock=t.clock, service=t.service, seconds=t.seconds, warn_share=t.warn_share, source=t.source)


def _urgent(clocks: written.Clocks, urgency: Urgency) -> Target:
    return Target(
        clock="on_scene",
        service=Service.AMBULANCE,
        seconds=clocks.urgency[urgency],
        warn_share=0.75,
        source=clocks.urgency_source,
    )
