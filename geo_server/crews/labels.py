"""Local words of crews and what each means: data/labels.json as frozen values, checked as they are read."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from layers.dispatches.rules import OF_CREW, Status, is_open
from layers.units.rules import Duty
from layers.values import Service, Title

FILE = Path(__file__).parents[2] / "data" / "labels.json"
_KNOWN = {"title", "means", "services"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A word that crews use, what it means (a duty or a status), and the services that say it (none: all)."""

    code: str
    title: Title
    means: Duty | Status
    services: frozenset[Service]

    def said_by(self, service: Service) -> bool:
        """Say whether crews of that service use the word."""
        return not self.services or service in self.services


@cache
def labels() -> Mapping[str, Label]:
    """Return every word, by its code, in the order of the file."""
    return read(orjson.loads(FILE.read_bytes()))


def spoken(status: Status | None, service: Service, code: str | None) -> Title | None:
    """Return the local word for what a unit does: its service's for the status of its dispatch, else that of its duty.

    `code` is the word by which its duty was said; None where the service says it as everybody does.
    """
    if status is not None and is_open(status):
        return next((one.title for one in labels().values() if one.means is status and one.said_by(service)), None)
    word = labels().get(code or "")
    return None if word is None else word.title


def read(rows: Mapping[str, Any]) -> Mapping[str, Label]:
    """Read the words; raises ValueError with a sentence where one means nothing that the house knows.

    Of the reasons of a duty or a refusal there may be many; any other status a service says by one word.
    """
    found = {code: _label(code, row) for code, row in rows.items()}
    said = set[tuple[Status, Service]]()
    for label in found.values():
        said |= _once(label, said)
    return found


def _once(label: Label, said: Set[tuple[Status, Service]]) -> set[tuple[Status, Service]]:
    if not isinstance(label.means, Status) or label.means is Status.REFUSED:
        return set()
    own: set[tuple[Status, Service]] = {(label.means, service) for service in label.services or Service}
    if own & said:
        raise ValueError(f"data/labels.json: {label.code}: another word means {label.means.value} there already")
    return own


def _label(code: str, row: Any) -> Label:
    try:
        if not set(row) <= _KNOWN:
            raise ValueError(f"knows no {sorted(set(row) - _KNOWN)}")
        title = Title(**row["title"])
        services = frozenset(Service(word) for word in row.get("services", ()))
        return Label(code=code, title=title, means=_meaning(row["means"]), services=services)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"data/labels.json: {code}: {error}") from error


def _meaning(means: Mapping[str, str]) -> Duty | Status:
    match dict(means):
        case {"duty": str(word), **rest} if not rest:
            return Duty(word)
        case {"status": str(word), **rest} if not rest and Status(word) in OF_CREW:
            return Status(word)
    raise ValueError(f"means {dict(means)}: one duty, or one status that a crew says")
