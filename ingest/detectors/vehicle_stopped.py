"""Vehicle stopped: one stands still in a zone where it must not."""

from dataclasses import dataclass

from ingest.detectors.dwelling import Dwelling, DwellRule, Within
from ingest.detectors.setting import VEHICLES, Dwell_s, Labels, Zone, check_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleStopped(Dwelling):
    """Settings: half a minute; its box may tremble by a third of its height. One that moves on may be told again."""

    zone: Zone
    labels: Labels = VEHICLES
    dwell_s: Dwell_s = 30.0
    within: Within = 0.35

    def __post_init__(self) -> None:
        """Refuse what cannot be. ValueError."""
        Dwelling.__post_init__(self)
        check_zone(self.zone)


class VehicleStoppedRule(DwellRule):
    """The state machine."""

    kind = "vehicle_stopped"
    sleeps = True
