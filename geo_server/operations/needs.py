"""What a plan asks for: so many units of a service, of a fitting kind, that can do and carry what is needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from layers.values import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many units of a service; one fits whose kind is among `kinds` (empty: any) and who has all the `skills`.

    A skill is what a crew can do, or what its unit carries: `extrication` as well as `hydraulic_tools`.
    """

    service: Service
    kinds: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    count: int = 1

    def fits(self, service: Service, kind: str, skills: Iterable[str] = ()) -> bool:
        """Say whether a unit of that service and kind, with those skills, answers this need."""
        return self.fits_but_for_skills(service, kind) and self.skills <= frozenset(skills)

    def fits_but_for_skills(self, service: Service, kind: str) -> bool:
        """Say whether a unit of that service and kind would answer this need, could it do all that is asked."""
        return service is self.service and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A unit that is bound to the incident already, as far as needs ask about it."""

    service: Service
    kind: str
    skills: frozenset[str] = frozenset()


def merged(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Add up the needs that ask for the same, in the order in which they were first named."""
    found: dict[tuple[Service, frozenset[str], frozenset[str]], Need] = {}
    for need in needs:
        key = (need.service, need.kinds, need.skills)
        before = found.get(key)
        found[key] = need if before is None else replace(before, count=before.count + need.count)
    return tuple(found.values())


def left(needs: Sequence[Need], bound: Iterable[Bound]) -> tuple[Need, ...]:
    """Return what is still to be sent: each bound unit answers the narrowest need that it fits, and that one alone."""
    open_ = {index: need.count for index, need in enumerate(needs)}
    for unit in sorted(bound, key=lambda one: _choices(needs, one)):
        fitting = [i for i, n in enumerate(needs) if open_[i] and n.fits(unit.service, unit.kind, unit.skills)]
        if fitting:
            open_[min(fitting, key=lambda i: _width(needs[i]))] -= 1
    return tuple(replace(need, count=open_[index]) for index, need in enumerate(needs) if open_[index])


def covers(more: Iterable[Need], less: Iterable[Need]) -> bool:
    """Say whether one list asks for all that another asks for, or for more."""
    asked = {(need.service, need.kinds, need.skills): need.count for need in merged(more)}
    return all(asked.get((n.service, n.kinds, n.skills), 0) >= n.count for n in merged(less))


def _choices(needs: Sequence[Need], unit: Bound) -> int:
    return sum(need.fits(unit.service, unit.kind, unit.skills) for need in needs)


def _width(need: Need) -> tuple[int, int]:
    """Skills narrow most, then few kinds; a need for any kind is the widest."""
    return (-len(need.skills), len(need.kinds) or 1_000)
