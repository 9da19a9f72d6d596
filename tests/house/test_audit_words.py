"""Whoever reads the audit reads what was done in words: each operation that is written there has its own."""

import json
import re
from pathlib import Path

import pytest

from geo_server.access.policy import POLICY

HOUSE = Path(__file__).parents[2]
# How the sources name what no door of the table does: a console's acts, and those of the session itself.
NAMING = r"operation=|OPERATION = |(?:_tell|_told|_deed|_audit|trail\.\w+)\((?:session, )?"
WRITTEN = re.compile(rf'(?:{NAMING})"([a-z_]+\.[a-z_]+)"')


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_operation_that_the_audit_tells_of_has_words(language: str) -> None:
    words = json.loads((HOUSE / "data" / "words" / f"{language}.json").read_bytes())
    told = {name for name, rule in POLICY.items() if rule.audit != "never"} | _written()
    assert sorted(name for name in told if not words.get(f"operation.{name}")) == []


def test_the_sources_name_what_they_write_beside_the_table() -> None:
    assert {"areas.close", "session.lock", "audit.erase", "recordings.forget", "door.refuse"} <= _written()


def _written() -> set[str]:
    sources = (HOUSE / "geo_server").rglob("*.py")
    found = {name for one in sources if "bench" not in one.parts for name in WRITTEN.findall(one.read_text())}
    return found - {name for name, rule in POLICY.items() if rule.audit == "never"}
