"""Loitering: somebody stays about one place for long (ONVIF LoiteringDetector)."""

from dataclasses import dataclass

from ingest.detectors.dwelling import Dwelling, DwellRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Loitering(Dwelling):
    """Settings: a minute within three heights of a person, some five metres."""


class LoiteringRule(DwellRule):
    """The state machine."""

    kind = "loitering"
