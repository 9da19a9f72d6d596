"""The files of the plans, data/*.json and data/plans/*.json, as one content; what is wrong is said with where."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from geo_server.operations.checking import Around, Fault, checked
from geo_server.operations.content import Content

ALONE = ("groups", "categories", "questions", "checklists", "recipients", "times", "clocks", "reactions", "regimes")


class WrongPlans(ValueError):
    """Files of plans that do not hold together: every fault in one sentence, with where."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults."""
        self.faults = faults
        super().__init__("; ".join(f"{fault.where}: {fault.problem.en}" for fault in faults))


def read_files(folder: Path, around: Around) -> Content:
    """Return the content of the files. Raises WrongPlans, and OSError or ValueError where a file is no JSON."""
    found = checked(raw(folder), around)
    if not isinstance(found, Content):
        raise WrongPlans(found)
    return found


def raw(folder: Path) -> dict[str, Any]:
    """Return the files as they are written, one list by name each; ValueError where two files plan one category."""
    content = {name: orjson.loads((folder / f"{name}.json").read_bytes()) for name in ALONE}
    return {**content, "plans": _plans(sorted((folder / "plans").glob("*.json")))}


def _plans(files: list[Path]) -> Mapping[str, Any]:
    plans: dict[str, Any] = {}
    for file in files:
        own = orjson.loads(file.read_bytes())
        if twice := sorted(plans.keys() & own.keys()):
            raise ValueError(f"{file.name} plans {', '.join(twice)} a second time")
        plans |= own
    return plans
