"""A message as the delivering hands it to a channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

from geo_server.notify.channel import Message


def message(**other: Any) -> Message:
    """Return one to a fire at Abai 1, changed where it is said."""
    now = datetime.now(UTC)
    told = {
        "notice_id": 7,
        "to_id": 3,
        "kind": "incident",
        "address": "+77011234567",
        "secret_round": 1,
        "language": "ru",
        "subject": "Происшествие № 26-000001: Пожар",
        "body": "Зарегистрировано происшествие № 26-000001.",
        "short": "№ 26-000001: Пожар, Абая 1.",
        "priority": 1,
        "number": "26-000001",
        "category": "fire",
        "queued_at": now,
        "expires_at": now + timedelta(hours=1),
    }
    return Message(**{**told, **other})
