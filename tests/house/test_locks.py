"""Each advisory lock of the store is taken for one thing, and its number stands in one place."""

import re
from pathlib import Path

from layers.locks import AdvisoryLock

ROOT = Path(__file__).parents[2]
ROOMS = ("layers", "geo_server", "ingest")
NUMBER = re.compile(r"\b7_?126_?\d{3}\b")


def _numbers(ending: str) -> dict[str, set[int]]:
    files = (path for room in ROOMS for path in (ROOT / room).rglob(f"*.{ending}"))
    found = {str(path.relative_to(ROOT)): {_number(n) for n in NUMBER.findall(path.read_text())} for path in files}
    return {path: numbers for path, numbers in found.items() if numbers}


def _number(written: str) -> int:
    return int(written.replace("_", ""))


def test_no_two_advisory_locks_share_a_number() -> None:
    assert len({lock.value for lock in AdvisoryLock}) == len(AdvisoryLock.__members__)


def test_the_number_of_an_advisory_lock_stands_in_one_module() -> None:
    assert set(_numbers("py")) == {"layers/locks.py"}


def test_every_advisory_lock_that_sql_takes_has_a_name() -> None:
    taken = set[int]().union(*_numbers("sql").values())
    assert taken and taken <= set(AdvisoryLock)
