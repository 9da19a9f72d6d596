"""What a camera's answers say, word by word: bounded, and refused where it cannot be."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element

from ingest.onvif.errors import OnvifError
from ingest.onvif.soap import TEV, TT, WSNT, name
from ingest.onvif.values import Notice, Position, Range

LONGEST = 200  # of a word that a camera tells
LARGEST = 1e6  # of a number: no angle and no share is near it


def text_of(found: Element | None) -> str:
    """Return an element's text; "" where there is none."""
    return "" if found is None else (found.text or "").strip()[:LONGEST]


def number(told: str | None) -> float:
    """Return a finite number; OnvifError where it is none."""
    try:
        read = float((told or "").strip()[:30])
    except ValueError:
        read = math.nan
    if not abs(read) < LARGEST:
        raise OnvifError("garbled", "The camera tells a number that is none.")
    return read


def moment(utc: Element) -> datetime | None:
    """Return a camera's own time; None where it tells none that can be."""
    words = ("Year", "Month", "Day", "Hour", "Minute", "Second")
    try:
        year, month, day, hour, minute, second = (int(text_of(utc.find(f".//{name(TT, word)}"))) for word in words)
        told = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return told if abs(told - datetime.now(UTC)) < timedelta(days=36_525) else None


def position(told: Element | None) -> Position | None:
    """Return a position; None where it has no pan and tilt."""
    turned = None if told is None else told.find(name(TT, "PanTilt"))
    if told is None or turned is None:
        return None
    zoom = told.find(name(TT, "Zoom"))
    pan, tilt = number(turned.get("x")), number(turned.get("y"))
    return Position(pan=pan, tilt=tilt, zoom=0.0 if zoom is None else number(zoom.get("x")))


def span(told: Element, axis: str) -> Range:
    """Return from where to where an axis of a space goes."""
    ends = [text_of(told.find(f"{name(TT, axis)}/{name(TT, end)}")) for end in ("Min", "Max")]
    low, high = map(number, ends)
    if not low < high:
        raise OnvifError("garbled", "The camera tells an axis that goes nowhere.")
    return Range(low=low, high=high)


def notices(told: Element) -> Iterator[Notice]:
    """Return the messages of an answer to a pull."""
    for one in told.iter(name(WSNT, "NotificationMessage")):
        message = one.find(f".//{name(TT, 'Message')}")
        topic = _topic(text_of(one.find(name(WSNT, "Topic"))))
        if message is None or not topic:
            continue
        items = {item.get("Name", ""): item.get("Value", "")[:LONGEST] for item in message.iter(name(TT, "SimpleItem"))}
        at, operation = message.get("UtcTime"), message.get("PropertyOperation")
        yield Notice(topic=topic, at=at, items=dict(list(items.items())[:50]), operation=operation)


def lasts_s(told: Element) -> float | None:
    """Return how many seconds a pull point lasts from now by its own word; None where it does not say."""
    said = [text_of(told.find(name(TEV, word))) for word in ("CurrentTime", "TerminationTime")]
    try:
        now, end = (datetime.fromisoformat(one) for one in said)
        return (end - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None


def _topic(told: str) -> str:
    """Return the topic in one spelling: whatever prefix the camera chose for ONVIF's namespace, it is `tns1` here."""
    plain = "/".join(step.partition(":")[2] or step for step in told.split("/"))
    return f"tns1:{plain}" if plain else ""
