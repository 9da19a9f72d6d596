"""AML: where a handset says that its emergency call comes from, as its data SMS carries it (ETSI TS 103 625, 5.2)."""

import re
from datetime import UTC, datetime

from layers.calls.places import Located, PlacedBy
from layers.values import LonLat

LONGEST = 400  # a data SMS of several parts; one part holds 140 octets
_FIELD = re.compile(r"([a-z]{2,3})=([^;]*)")
_HEAD = 'A"ML='


def read(message: str) -> Located:
    """Return the place that `A"ML=1;lt=…;lg=…;rd=…;top=…;lc=…;pm=…` tells; raises ValueError where it tells none.

    `lt` and `lg` are degrees WGS 84, `rd` the radius in metres, `lc` the level of confidence in percent, `top` the UTC
    time of positioning. Who the handset is (`si`, `ei`) is not read: the call has its number.
    """
    if not message.startswith(_HEAD) or len(message) > LONGEST:
        raise ValueError("not a message of AML")
    fields = dict(_FIELD.findall(message))
    if fields.get("pm") == "N" or not {"lt", "lg", "top"} <= fields.keys():
        raise ValueError("the handset could not tell where it is")
    return Located(
        place=LonLat(lon=float(fields["lg"]), lat=float(fields["lt"])),
        by=PlacedBy.AML,
        at=datetime.strptime(fields["top"], "%Y%m%d%H%M%S").replace(tzinfo=UTC),
        radius_m=_number(fields.get("rd")),
        confidence_pct=_number(fields.get("lc")),
    )


def _number(told: str | None) -> float | None:
    return float(told) if told and re.fullmatch(r"\d{1,7}(\.\d+)?", told) else None
