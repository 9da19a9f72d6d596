"""What a listener may see. The hub reads the whole store, so the store's own rule (decision 10) is said here again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from layers.areas.queries import stands_in_sight
from layers.features import Feature
from layers.layer import Layer

Areas = frozenset[int]
Units = frozenset[int]
NO_UNITS: Units = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a listener may see: areas (None: all of them), incidents granted, the layers of its role. Many share one."""

    area_id: int
    areas: Areas | None
    layers: frozenset[str]
    incidents: frozenset[int] = frozenset()

    def sees(self, layer: Layer, feature: Feature, bound: Units) -> bool:
        """Say whether a row is theirs: by its areas, of an incident granted, or one of the units `bound` to those."""
        if self.reaches(layer, Stands.of(layer, feature)):
            return True
        return layer.of_unit is not None and _said(feature, layer.of_unit) in bound

    def reaches(self, layer: Layer, at: "Stands") -> bool:
        """Say the same of a row by its areas and its incident alone."""
        if stands_in_sight(layer, self.areas, at.area_id) or at.incident_id in self.incidents:
            return True
        return self.areas is not None and not at.also_areas.isdisjoint(self.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where a row stands: its area and those that read it beside, and the incident it belongs to."""

    area_id: int
    also_areas: Areas
    incident_id: int | None

    @classmethod
    def of(cls, layer: Layer, feature: Feature) -> Self:
        """Return where a feature stands."""
        incident_id = None if layer.of_incident is None else _said(feature, layer.of_incident)
        return cls(area_id=feature.area_id, also_areas=feature.also_areas, incident_id=incident_id)


@dataclass(frozen=True, slots=True)
class Bound:
    """Which units are bound to which granted incident, as one look at the store found them."""

    by_incident: Mapping[int, Units] = field(default_factory=dict)  # every incident that was asked about
    _kept: dict[frozenset[int], Units] = field(default_factory=dict)  # listeners with the same grants share one set

    def of(self, scope: Scope, before: Units) -> Units:
        """Return the units that a scope sees wherever they are: none where it sees everything by its areas.

        `before` is what it saw; it stands for whoever came while the store was asked, and was not asked about.
        """
        if scope.areas is None or not scope.incidents:
            return NO_UNITS
        if not scope.incidents <= self.by_incident.keys():
            return before
        if scope.incidents not in self._kept:
            self._kept[scope.incidents] = NO_UNITS.union(*map(self.by_incident.__getitem__, scope.incidents))
        return self._kept[scope.incidents]


def _said(feature: Feature, column: str) -> int | None:
    said: int | None = feature.id if column == "id" else feature.properties[column]
    return said
